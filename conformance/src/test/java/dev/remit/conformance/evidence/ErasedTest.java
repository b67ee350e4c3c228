package dev.remit.conformance.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After `remit erase` of a task, what it sent is nowhere in the data directory, and its evidence
/// still verifies.
@Tag("R203")
@Tag("R206")
class ErasedTest {
  /// What no file may hold by chance, nor any key, name or digest.
  private static final String PROMPT = "The-Blue-Heron-Supplier-4711-8154-pays-in-Cash-only";

  @TempDir private Path folder;

  @Test
  void what_an_erased_task_sent_is_nowhere_and_its_bundle_verifies() throws IOException {
    folder.toFile().setExecutable(true, false);
    try (var upstream = FastUpstream.start();
        var remit = RemitProcess.start(folder.resolve("data"))) {
      var cli = Cli.of(folder, remit.address(), remit.admin().token());
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      remit.admin().apply(BenchManifests.text(workload, upstream.url()));
      var token = workload.start(remit.address(), "fast", "measure", List.of());
      var agent = new ModernAgent(remit.address(), "fast");
      var prompt = "{\"prompt\":\"" + PROMPT + "\"}";
      agent.call(token.value(), "echo", prompt);
      agent.call(token.value(), "unknown", prompt);
      said(cli, "evidence", "export", "--task", token.task(), "--open", "--file", "before.zip");
      assertThat(said(cli, "verify", "before.zip")).contains("opened bodies are what");

      assertThat(cli.run("erase", "--task", token.task(), "--reason", "a test", "--yes").output())
          .contains("still at work", "remit task complete " + token.task());
      said(cli, "task", "complete", token.task());
      assertThat(cli.run("erase", "--task", token.task(), "--reason", "a test").output())
          .contains("to be erased for good: 2 bodies", "add --yes");
      var hold =
          said(cli, "legal-hold", "place", "--task", token.task(), "--reason", "a case")
              .split(" ", 2)[0];
      assertThat(cli.run("erase", "--task", token.task(), "--reason", "a test", "--yes").output())
          .contains(hold, "remit legal-hold lift");
      said(cli, "legal-hold", "lift", hold, "--reason", "closed");
      assertThat(said(cli, "erase", "--task", token.task(), "--reason", "a test", "--yes"))
          .contains("erased 2 bodies under 1 key of");
      assertThat(said(cli, "erase", "--task", token.task(), "--reason", "a test", "--yes"))
          .contains("erased 0 bodies under 0 keys");

      said(cli, "evidence", "export", "--task", token.task(), "--open", "--file", "after.zip");
      assertThat(said(cli, "verify", "after.zip")).contains("the bundle holds", "erased");
      assertThat(said(cli, "verify")).doesNotContain("error");
      Files.delete(folder.resolve("before.zip"));
      assertThat(remit.stop()).isZero();
    }
    assertThat(found(folder)).isEmpty();
  }

  /// A test that finds nothing must be able to find something.
  @Test
  void the_search_finds_every_form_in_which_it_could_be_kept() throws IOException {
    var bytes = PROMPT.getBytes(StandardCharsets.UTF_8);
    Files.writeString(folder.resolve("plain"), "x" + PROMPT + "y");
    Files.writeString(folder.resolve("hex"), HexFormat.of().formatHex(bytes));
    for (int i = 0; i < 3; i++) {
      var shifted = ("abc".substring(0, i) + PROMPT).getBytes(StandardCharsets.UTF_8);
      Files.write(folder.resolve("base64-" + i), Base64.getEncoder().encode(shifted));
    }

    assertThat(found(folder)).containsOnlyKeys("plain", "hex", "base64-0", "base64-1", "base64-2");
  }

  private static String said(Cli cli, String... arguments) {
    var said = cli.run(arguments);
    assertThat(said.status()).as("%s: %s", List.of(arguments), said.output()).isZero();
    return said.output();
  }

  /// Files below `folder` with the form in which they hold the prompt.
  private static Map<String, String> found(Path folder) throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        // Each byte as one character, so that any bytes can be searched as text.
        var content = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (var form : forms()) {
          if (content.contains(form)) {
            found.put(folder.relativize(file).toString(), form);
          }
        }
      }
    }
    return found;
  }

  private static List<String> forms() {
    var bytes = PROMPT.getBytes(StandardCharsets.UTF_8);
    var forms = new ArrayList<String>();
    forms.add(PROMPT);
    forms.add(HexFormat.of().formatHex(bytes));
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    forms.add(new String(PROMPT.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
    for (int shift = 0; shift < 3; shift++) {
      // Whole groups of three bytes read the same whatever stands around them.
      var whole = PROMPT.substring(shift, shift + (PROMPT.length() - shift) / 3 * 3);
      forms.add(Base64.getEncoder().encodeToString(whole.getBytes(StandardCharsets.UTF_8)));
    }
    return forms;
  }
}
