package dev.remit.conformance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.Batch;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A built server that has done a little work, and what it serves to those who verify it.
public record ServedLog(RemitProcess remit, FastUpstream upstream, Path folder)
    implements AutoCloseable {

  public static ServedLog start(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var upstream = FastUpstream.start();
    var remit = RemitProcess.start(folder.resolve("data"));
    var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    remit.admin().apply(BenchManifests.text(workload, upstream.url()));
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    var agent = new ModernAgent(remit.address(), "fast");
    for (int n = 0; n < 10; n++) {
      assertThat(agent.call(token.value(), "echo", "{\"n\":" + n + "}").statusCode())
          .isEqualTo(200);
    }
    return new ServedLog(remit, upstream, folder);
  }

  /// Every entry of an export under the export's checkpoint, and every receipt under its own.
  List<Claim> claims() {
    var entries = entries();
    // The log's own key comes first, those of the deployment's other logs after it.
    var key = NoteKey.parse(text(directory().resolve("keys")).lines().findFirst().orElseThrow());
    var claims = new ArrayList<>(fromTiles(directory(), entries, key));
    for (var entry : entries) {
      entry.id().ifPresent(id -> claims.add(Claim.of(receipt(id), bytes(entry), key)));
    }
    return claims;
  }

  /// Exports the log and returns its entries.
  public List<RecordedEntry> entries() {
    var cli = Cli.of(folder, remit.address(), remit.admin().token());
    var exported = cli.run("ledger", "export", directory().toString());
    assertThat(exported.status()).as(exported.output()).isZero();
    return new ExportedLedger(directory()).entries();
  }

  private Path directory() {
    return folder.resolve("export");
  }

  private static List<Claim> fromTiles(Path directory, List<RecordedEntry> entries, NoteKey key) {
    var note = SignedNote.parse(text(directory.resolve("checkpoint")));
    var tree = Batch.of(Frontier.EMPTY, leaves(directory, entries.size()));
    return entries.stream()
        .map(entry -> {
          long index = entry.index();
          var receipt = new Receipt(index, tree.leaf(index), tree.path(index), note);
          return Claim.of(receipt, bytes(entry), key);
        })
        .toList();
  }

  /// The leaf hashes as the server's only, partial tile has them.
  private static List<Hash> leaves(Path directory, int size) {
    try {
      var bytes = Files.readAllBytes(directory.resolve("tile/0/000.p/" + size));
      var leaves = new ArrayList<Hash>();
      for (int at = 0; at < bytes.length; at += Hash.LENGTH) {
        leaves.add(Hash.at(bytes, at));
      }
      return leaves;
    } catch (IOException e) {
      throw new UncheckedIOException("read the log's first tile", e);
    }
  }

  public Receipt receipt(String id) {
    var admin = remit.admin();
    var answer = admin.exchange(admin.request("/v1/receipts/" + id).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Receipt.ofText(answer.body());
  }

  private static byte[] bytes(RecordedEntry entry) {
    return CanonicalJson.bytes(entry.content());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    remit.close();
    upstream.close();
  }
}
