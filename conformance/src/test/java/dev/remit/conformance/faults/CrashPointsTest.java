package dev.remit.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.authzen.DecisionPoint;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The built server ends itself in the middle of each kind of write to its log, once while it is
/// not stored and once when it is and nobody heard, and is started again each time. What else can
/// be asked of each point, `CrashPointTest` of the server asks of the ledger alone.
class CrashPointsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int KILLED = 137;
  private static final int TRIES_MAX = 200;
  private static final String QUESTION =
      """
      {"subject":{"type":"user","id":"alice"},"action":{"name":"read"},
       "resource":{"type":"record","id":"record-1"}}
      """;

  /// What the server was heard to have done.
  private final List<String> asked = new ArrayList<>();

  private final List<String> stored = new ArrayList<>();
  private int keys = 1;
  private int boots = 1;
  private int seals;

  @Test
  @Tag("R208")
  void after_a_crash_at_each_point_nothing_acknowledged_is_missing_and_nothing_is_doubled(
      @TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var remit = RemitProcess.start(folder.resolve("data"))) {
      // Not an orderly end, or the first count of seals would depend on it.
      remit.kill();
      for (var half : List.of("before-commit", "after-commit")) {
        boolean isStored = half.equals("after-commit");
        diesAtBoot(remit, half, isStored);
        diesWhile(remit, "batch/" + half + "*3", () -> ask(remit));
        // A start makes a few changes itself.
        diesWhile(remit, "change/" + half + "*15", () -> store(remit));
        rotates(remit, half, isStored);
        diesAtSeal(remit, half, isStored);
      }
      assertThat(remit.restartWith()).as(remit.log()).isTrue();
      boots++;
      var entries = verified(remit, folder);

      assertThat(ids(entries, EntryType.DECISION_ASKED))
          .doesNotHaveDuplicates()
          .containsAll(asked)
          // One that was lost was never answered; one that was stored was not either.
          .hasSize(asked.size() + 1);
      assertThat(named(entries)).containsAll(stored).hasSize(stored.size() + 1);
      assertThat(count(entries, EntryType.BOOT)).isEqualTo(boots);
      assertThat(count(entries, EntryType.SEAL)).isEqualTo(seals);
      assertThat(logKeys(entries)).isEqualTo(keys);
    }
  }

  private void diesAtBoot(RemitProcess remit, String half, boolean isStored) {
    assertThat(remit.restartWith("-Dremit.test.crash=boot/" + half)).isFalse();
    assertThat(remit.process().exitValue()).isEqualTo(KILLED);
    boots += isStored ? 1 : 0;
  }

  private void diesWhile(RemitProcess remit, String point, Runnable work) {
    assertThat(remit.restartWith("-Dremit.test.crash=" + point)).as(remit.log()).isTrue();
    boots++;
    for (int i = 0; i < TRIES_MAX; i++) {
      try {
        work.run();
      } catch (UncheckedIOException e) {
        break; // the server has gone, without an answer
      }
    }
    assertThat(remit.awaitEnd()).isEqualTo(KILLED);
  }

  private void ask(RemitProcess remit) {
    var answer = DecisionPoint.asAdmin(remit).ask("/access/v1/evaluation", QUESTION);
    asked.add(answer.path("context").path("id").asString());
  }

  private void store(RemitProcess remit) {
    var name = "crash-" + stored.size();
    remit.admin().secret(name, "value");
    stored.add(name);
  }

  private void rotates(RemitProcess remit, String half, boolean isStored) {
    diesWhile(remit, "rotation/" + half, () -> rotate(remit.admin()));
    keys += isStored ? 1 : 0;
  }

  private static void rotate(Operator operator) {
    operator.post("/v1/ledger/keys", JSON.createObjectNode().put("reason", "a test"));
  }

  private void diesAtSeal(RemitProcess remit, String half, boolean isStored) {
    assertThat(remit.restartWith("-Dremit.test.crash=seal/" + half)).as(remit.log()).isTrue();
    boots++;
    assertThat(remit.stop()).isEqualTo(KILLED);
    seals += isStored ? 1 : 0;
  }

  private static List<RecordedEntry> verified(RemitProcess remit, Path folder) throws Exception {
    var auditor = Files.createDirectories(folder.resolve("auditor"));
    var cli = Cli.of(auditor, remit.address(), remit.admin().token());
    var export = auditor.resolve("export");
    var said = cli.run("ledger", "export", export.toString());
    assertThat(said.status()).as(said.output()).isZero();
    var firstKey = Files.readAllLines(export.resolve("keys")).getFirst().split(" ", 2)[0];

    var verified = cli.run("verify", export.toString(), "--key", firstKey);

    assertThat(verified.status()).as(verified.output()).isZero();
    return new ExportedLedger(export).entries();
  }

  private static List<String> ids(List<RecordedEntry> entries, EntryType type) {
    return entries.stream()
        .filter(entry -> entry.type() == type)
        .map(entry -> entry.id().orElseThrow())
        .toList();
  }

  private static List<String> named(List<RecordedEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.type() == EntryType.SECRET_STORED)
        .map(entry -> entry.text("secret").orElseThrow())
        .toList();
  }

  private static long count(List<RecordedEntry> entries, EntryType type) {
    return entries.stream().filter(entry -> entry.type() == type).count();
  }

  private static long logKeys(List<RecordedEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.type() == EntryType.KEY_CREATED)
        .filter(entry -> entry.text("purpose").orElse("").equals("ledger"))
        .count();
  }
}
