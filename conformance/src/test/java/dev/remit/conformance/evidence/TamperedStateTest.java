package dev.remit.conformance.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who trusts neither the database nor whoever may write to it compares it with the log:
/// `remit verify --state` against a real server whose tables were edited behind its back.
@Tag("R202")
@Tag("R203")
class TamperedStateTest {
  private static final String MORE =
      """
      ---
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: otto}
      spec: {displayName: Otto, email: otto@example.org, roles: [approver, break-glass]}
      ---
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: seven-is-held}
      spec:
        description: The number seven is for a person to agree to.
        cedar: |
          @hold("approver")
          forbid (principal, action in Action::"call", resource)
          when { context.arguments has n && context.arguments.n == 7 }
          unless { context.approved };
      """;

  private static final String AGREED = "{\"agree\":true,\"reason\":\"it is mine\"}";

  @TempDir private static Path folder;

  private static FastUpstream upstream;
  private static RemitProcess remit;
  private static Cli cli;

  @BeforeAll
  static void a_day_at_work() throws IOException {
    folder.toFile().setExecutable(true, false);
    upstream = FastUpstream.start();
    remit = RemitProcess.start(folder.resolve("data"));
    var admin = remit.admin();
    cli = Cli.of(folder, remit.address(), admin.token());
    var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    admin.apply(BenchManifests.text(workload, upstream.url()) + MORE);
    admin.secret("api-key", "a value that nobody sees");
    var otto = admin.person("otto");
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    agreed(token.value(), admin, otto);
    var wish =
        admin.post("/v1/enforcement", json("{\"for\":\"PT1H\",\"reason\":\"a broken policy\"}"));
    otto.post(
        "/v1/enforcement/" + wish.path("current").path("id").asString("") + "/answer",
        json(AGREED));
    assertThat(cli.run("enforcement", "enforce").output()).contains("enforced");
    assertThat(cli.run("suspend", "identity", "bench-agent", "--reason", "enough").status())
        .isZero();
  }

  /// A call that a person agreed to.
  private static void agreed(String token, Operator admin, Operator otto) {
    var agent = new ModernAgent(remit.address(), "fast");
    var call = CompletableFuture.supplyAsync(() -> agent.call(token, "echo", "{\"n\":7}"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !admin.get("/v1/approvals?state=pending").path("approvals").isEmpty());
    var held = admin.get("/v1/approvals?state=pending").path("approvals").get(0);
    otto.post("/v1/approvals/" + held.path("id").asString("") + "/answer", json(AGREED));
    assertThat(call.join().statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  @Test
  void what_was_not_touched_is_what_the_ledger_says() {
    var verified = cli.run("verify", "--state");

    assertThat(verified.status()).as(verified.output() + remit.log()).isZero();
    assertThat(verified.output())
        .contains("the ledger holds", "the state is what the ledger says")
        .contains("1 approval", "1 enforcement", "1 grant", "2 operator-token", "1 standing");
  }

  /// Each edit is undone by the next statement, so that it is found alone.
  @ParameterizedTest(name = "{0} is found")
  @CsvFileSource(resources = "/state/edits.csv", delimiter = '@', quoteCharacter = '~')
  void an_edit_behind_the_servers_back(
      String what, String kind, String column, String edit, String undo) throws Exception {
    sql(edit);

    var verified = cli.run("verify", "--state", "-o", "json");

    sql(undo);
    assertThat(verified.status()).as(what + ": " + verified.output()).isEqualTo(1);
    var said = json(verified.output());
    assertThat(said.path("ledger").path("holds").asBoolean(false)).isTrue();
    var disagreements = said.path("state").path("disagreements");
    // One row, which may disagree in more than one digest over what was edited.
    assertThat(disagreements).as(verified.output()).isNotEmpty();
    assertThat(disagreements.valueStream().map(one -> one.path("key").asString("")).distinct())
        .hasSize(1);
    assertThat(disagreements)
        .allSatisfy(one -> assertThat(one.path("kind").asString("")).isEqualTo(kind));
    assertThat(disagreements.valueStream().map(one -> one.path("column").asString("")))
        .contains(column.equals("(row)") ? "" : column);
  }

  @Test
  void the_sentence_names_row_values_and_entry() throws Exception {
    sql("UPDATE standing SET suspended = false");

    var verified = cli.run("verify", "--state");

    sql("UPDATE standing SET suspended = true");
    assertThat(verified.output())
        .containsPattern(
            "DISAGREES +standing identity/bench-agent, suspended: the ledger says true"
                + " \\(entry \\d+\\), the table says false")
        .contains("the state is NOT what the ledger says");
  }

  @Test
  void a_log_that_does_not_hold_is_said_first_and_nothing_is_compared_with_it() throws Exception {
    sql("CREATE TABLE kept AS SELECT * FROM ledger_entry WHERE index = 3");
    sql("UPDATE ledger_entry SET bytes = set_byte(bytes, 40, 1) WHERE index = 3");

    var verified = cli.run("verify", "--state");

    sql("UPDATE ledger_entry e SET bytes = kept.bytes FROM kept WHERE e.index = kept.index");
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.output()).contains("entry 3:", "the state was not compared");
  }

  @Test
  void it_says_what_it_cannot_be_asked_together_with() {
    var asked = cli.run("verify", "--state", "somewhere");

    assertThat(asked.status()).isNotZero();
    assertThat(asked.output()).contains("--state compares a running server's tables");
  }

  private static void sql(String statements) throws SQLException, IOException {
    try (var connection = PrivateDatabase.of(remit.data()).connect();
        var statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
