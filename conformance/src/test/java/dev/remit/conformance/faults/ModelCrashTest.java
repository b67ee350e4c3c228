package dev.remit.conformance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.FastModel;
import dev.remit.conformance.bench.GovernedModel;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.kernel.evidence.Completeness;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server while models are answering.
class ModelCrashTest {
  private static final int STREAMS = 20;
  private static final int WHOLE = 10;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  @Tag("R200")
  void what_was_asked_and_never_ended_is_a_gap_that_evidence_shows(@TempDir Path folder)
      throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var model = FastModel.start();
        var remit = RemitProcess.start(folder.resolve("data"))) {
      var workload = GovernedModel.declared(remit, model.port());
      var token = workload.start(remit.address(), "fast", "measure", List.of()).value();
      for (int i = 0; i < WHOLE; i++) {
        try (var body = ask(remit, token, "")) {
          assertThat(new String(body.readAllBytes(), UTF_8)).contains("\"finish_reason\":\"stop\"");
        }
      }
      var streams = new ArrayList<InputStream>();
      for (int i = 0; i < STREAMS; i++) {
        var body = ask(remit, token, ",\"stream\":true," + FastModel.SLOWLY);
        assertThat(body.read()).isEqualTo('d');
        streams.add(body);
      }
      // What was answered may be on record a moment later.
      Thread.sleep(1_000);

      remit.kill();
      assertThat(streams).allSatisfy(ModelCrashTest::isNotWhole);
      remit.restart();
      var entries = exported(remit, folder);

      var decided = ids(entries, EntryType.CALL_DECIDED);
      var ended =
          entries.stream()
              .filter(entry -> entry.type() == EntryType.CALL_ENDED)
              .map(entry -> entry.of().orElseThrow())
              .collect(Collectors.toSet());
      assertThat(decided).hasSize(WHOLE + STREAMS).containsAll(model.decisions());
      assertThat(model.decisions()).hasSize(WHOLE + STREAMS);
      assertThat(ended).hasSize(WHOLE);
      decided.removeAll(ended);
      assertThat(gaps(entries))
          .extracting(Completeness.Gap::what)
          .containsExactlyInAnyOrderElementsOf(decided.stream().map(id -> "call " + id).toList());
      assertThat(gaps(entries))
          .allSatisfy(gap ->
              assertThat(gap.cause())
                  .isEqualTo("the recorder stopped before its outcome was known"));
      assertThat(remit.stop()).isZero();
    }
  }

  private InputStream ask(RemitProcess remit, String token, String more)
      throws IOException, InterruptedException {
    var body =
        "{\"model\":\"fast-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
            + "\"max_tokens\":1000"
            + more
            + "}";
    var answer =
        client.send(
            HttpRequest.newBuilder(remit.address().resolve("/llm/fast/v1/chat/completions"))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  /// No client takes it for the whole answer.
  private static void isNotWhole(InputStream stream) {
    try (stream) {
      assertThat(new String(stream.readAllBytes(), UTF_8)).doesNotContain("[DONE]");
    } catch (IOException e) {
      assertThat(e).as("the connection broke").isNotNull();
    }
  }

  private static List<RecordedEntry> exported(RemitProcess remit, Path folder) throws IOException {
    var auditor = Files.createDirectories(folder.resolve("auditor"));
    var cli = Cli.of(auditor, remit.address(), remit.admin().token());
    var export = auditor.resolve("export");
    var said = cli.run("ledger", "export", export.toString());
    assertThat(said.status()).as(said.output()).isZero();
    return new ExportedLedger(export).entries();
  }

  private static Set<String> ids(List<RecordedEntry> entries, EntryType type) {
    return entries.stream()
        .filter(entry -> entry.type() == type)
        .map(entry -> entry.id().orElseThrow())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Completeness.Gap> gaps(List<RecordedEntry> entries) {
    var completeness =
        new Completeness(
            new Scope(
                Scope.Kind.WORKFLOW,
                "bench",
                Instant.EPOCH,
                Instant.now().minusSeconds(60),
                new TreeSet<>()),
            false);
    entries.forEach(completeness::add);
    return completeness.gaps();
  }
}
