package dev.remit.conformance.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.ledger.ServedLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `remit-verify.jar`, alone in an empty directory, comes to the same verdicts as `remit verify`.
@Tag("R203")
@Tag("R207")
class VerifierJarTest {
  private static final Path BUILT = Home.directory().resolve("cli/target/remit-verify.jar");
  private static final long BYTES_MAX = 4_000_000;

  @TempDir private static Path folder;

  private static Path alone;
  private static Cli cli;

  @BeforeAll
  static void evidence_is_taken_from_a_server_that_is_gone() throws IOException {
    folder.toFile().setExecutable(true, false);
    alone = Files.createDirectories(folder.resolve("alone"));
    Files.copy(BUILT, alone.resolve("remit-verify.jar"));
    try (var served = ServedLog.start(folder.resolve("served"))) {
      cli = Cli.of(alone, served.remit().address(), served.remit().admin().token());
      done(served, "ledger", "export", "log");
      done(served, "evidence", "export", "--workflow", "bench", "--open", "--file", "bench.zip");
      var id = served.entries().stream().flatMap(entry -> entry.id().stream()).findFirst();
      Files.writeString(alone.resolve("one.receipt"), served.receipt(id.orElseThrow()).text());
    }
    Files.copy(alone.resolve("log/keys"), alone.resolve("keys"));
  }

  private static void done(ServedLog served, String... arguments) {
    var said = cli.run(arguments);
    assertThat(said.status()).as(said.output() + served.remit().log()).isZero();
  }

  @Test
  void a_bundle_an_export_and_a_receipt_hold_in_the_words_of_the_command() {
    for (var target : List.of("bench.zip", "log", "one.receipt")) {
      var said = jar(target, "--key", "keys");

      assertThat(said.status()).as(said.output()).isZero();
      assertThat(said.output()).isEqualTo(cli.run("verify", target, "--key", "keys").output());
    }
    System.out.println("remit-verify.jar: " + BUILT.toFile().length() + " bytes");
  }

  @Test
  void without_a_key_it_says_whose_word_was_taken() {
    assertThat(jar("bench.zip").output())
        .contains("the bundle holds", "that the key is the log's: it came from the bundle itself");
    assertThat(jar("one.receipt").output())
        .contains("a receipt brings no public key with it", "name the log's key with --key");
  }

  @Test
  void a_changed_entry_is_damage_and_what_is_no_evidence_says_what_is() throws IOException {
    changeOneEntry(alone.resolve("bench.zip"), alone.resolve("changed.zip"));
    Files.writeString(alone.resolve("letter.txt"), "dear auditor");

    var changed = jar("changed.zip", "--key", "keys");
    var letter = jar("letter.txt", "--key", "keys");

    assertThat(changed.status()).as(changed.output()).isEqualTo(1);
    assertThat(changed.output()).contains("DAMAGED", "the bundle does not hold");
    assertThat(letter.status()).isEqualTo(2);
    assertThat(letter.output()).contains("is not a receipt");
    assertThat(jar("nowhere").output()).contains("cannot read `nowhere`");
    assertThat(jar("--wrong").output()).contains("`--wrong` is not understood");
  }

  @Test
  void it_is_small_and_its_bytes_do_not_depend_on_when_it_was_built() throws IOException {
    assertThat(Files.size(BUILT)).isLessThan(BYTES_MAX);
    try (var zip = new ZipFile(BUILT.toFile())) {
      // What is ours has the time of the release, whenever it was built; the rest comes with its
      // own.
      assertThat(
              zip.stream()
                  .filter(entry -> entry.getName().startsWith("dev/remit/"))
                  .map(ZipEntry::getTimeLocal)
                  .distinct())
          .hasSize(1);
      assertThat(zip.stream().map(ZipEntry::getName))
          .noneMatch(name -> name.startsWith("picocli/") || name.contains("/policy/"));
    }
  }

  /// Runs it with the modules that every runtime has, and nothing of this build but the jar.
  private static Cli.Said jar(String... arguments) {
    var command = new ArrayList<>(List.of(Home.java(), "-XX:+UseSerialGC"));
    command.addAll(List.of("--limit-modules", "java.base", "-jar", "remit-verify.jar"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(alone.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("REMIT"));
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Cli.Said(process.waitFor(), output);
    } catch (IOException e) {
      throw new IllegalStateException("run remit-verify.jar", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while remit-verify.jar ran", e);
    }
  }

  private static void changeOneEntry(Path from, Path to) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipFile(from.toFile());
        var changed = new ZipOutputStream(out)) {
      for (var part : zip.stream().toList()) {
        var text = new String(zip.getInputStream(part).readAllBytes(), StandardCharsets.ISO_8859_1);
        changed.putNextEntry(new ZipEntry(part.getName()));
        changed.write(
            text.replace("\"decision\":\"allow\"", "\"decision\":\"deny\"")
                .getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    Files.write(to, out.toByteArray());
  }
}
