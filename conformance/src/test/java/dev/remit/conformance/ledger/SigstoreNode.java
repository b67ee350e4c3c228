package dev.remit.conformance.ledger;

import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The npm package `@sigstore/verify`, asked whether it believes claims.
///
/// @param folder for the claims on their way
record SigstoreNode(NodeTools.Ready node, Path folder) {

  /// Returns its answer to each claim, in their order.
  List<Boolean> accepts(List<Claim> claims) {
    var asked = folder.resolve("claims.ndjson");
    var log = folder.resolve("sigstore-node.log").toFile();
    try {
      Files.writeString(
          asked, claims.stream().map(claim -> claim.toJson() + "\n").collect(Collectors.joining()));
      var process =
          new ProcessBuilder(node.node().toString(), "sigstore-verify.mjs", asked.toString())
              .directory(node.modules().resolveSibling("").toFile())
              .redirectError(log)
              .start();
      var answers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 || answers.lines().count() != claims.size()) {
        throw new IllegalStateException(
            "@sigstore/verify did not answer all claims:\n" + Files.readString(log.toPath()));
      }
      return answers.lines().map(line -> line.equals("accepted")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("ask @sigstore/verify", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while @sigstore/verify answers", e);
    }
  }
}
