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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Three nodes over one database, each with a log of its own: the root log over them, one of which
/// is killed while it keeps it, and tables that are what all three logs say together.
///
/// Node `a` owns the database and hardly looks; `b` has taken the root log over from it.
@Tag("R203")
@Tag("R208")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("R47")
@Tag("R209")
@Tag("R210")
class SeveralNodesTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private static Path folder;

  private static FastUpstream upstream;
  private static RemitProcess a;
  private static RemitProcess b;
  private static RemitProcess c;
  private static String decision = "";

  @BeforeAll
  static void a_day_at_work() throws IOException {
    folder.toFile().setExecutable(true, false);
    upstream = FastUpstream.start();
    a = RemitProcess.start(folder.resolve("a"), "--config", config("node-a", "1h", "2h"));
    b = RemitProcess.startBeside(a, folder.resolve("b"), "--config", config("node-b", "1s", "2s"));
    await().atMost(SOON).until(() -> keepers().contains("node-b"));
    c = RemitProcess.startBeside(a, folder.resolve("c"), "--config", config("node-c", "1s", "8s"));
    var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    a.admin().apply(BenchManifests.text(workload, upstream.url()));
    await().atMost(SOON).until(() -> called(workload));
  }

  /// Node `b` knows what was declared at `a` once it has heard of it.
  private static boolean called(Workload workload) {
    try {
      var token = workload.start(b.address(), "fast", "measure", List.of());
      var answer = new ModernAgent(b.address(), "fast").call(token.value(), "echo", "{\"n\":1}");
      decision = answer.headers().firstValue("Remit-Decision").orElse("");
      return answer.statusCode() == 200;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static String config(String node, String every, String takeOverAfter) throws IOException {
    var text =
        """
        node: %s
        database: {poolMax: 8}
        ledger:
          heartbeatEvery: 1s
          root: {every: %s, takeOverAfter: %s, silentAfter: %s}
        """
            .formatted(node, every, takeOverAfter, every.equals("1h") ? "3h" : "6s");
    return Files.writeString(folder.resolve(node + ".yaml"), text).toString();
  }

  @AfterAll
  static void stop() {
    if (c != null) {
      c.close();
    }
    if (b != null) {
      b.close();
    }
    a.close();
    upstream.close();
  }

  @Test
  @Order(1)
  void every_node_serves_and_verifies_every_log() throws IOException {
    Files.writeString(folder.resolve("keys"), keys(c));

    var exported = cli(c).run("ledger", "export", "--log", "node-b", "of-b");
    var verified = cli(c).run("verify", "of-b", "--key", "keys");
    var root = cli(a).run("ledger", "export", "--log", "root", "of-all");
    var rootVerified = cli(a).run("verify", "of-all", "--key", "keys");

    assertThat(exported.output()).contains("remit.local/ledger/node-b");
    assertThat(verified.output()).contains("the ledger holds");
    assertThat(verified.status()).isZero();
    assertThat(root.status()).as(root.output()).isZero();
    assertThat(rootVerified.output()).contains("the ledger holds");
    assertThat(cli(c).run("ledger", "export", "--log", "node-x", "none").output())
        .contains("there is no log `node-x`");
  }

  @Test
  @Order(2)
  void one_row_that_two_nodes_have_changed_is_what_their_logs_say_together() {
    for (int i = 0; i < 3; i++) {
      assertThat(said(b, "suspend", "identity", "bench-agent", "--reason", "enough")).isNotNull();
      new Operator(c.address(), a.admin().token()).resume("identities/bench-agent");
    }

    var verified = cli(a).run("verify", "--state", "--key", "keys");

    assertThat(verified.status()).as(verified.output()).isZero();
    assertThat(verified.output())
        .contains("the state is what the ledger says", "1 changes", "1 standing");
  }

  @Test
  @Order(3)
  void an_edited_row_is_named_with_the_node_whose_log_says_otherwise() throws Exception {
    sql("UPDATE standing SET suspended = true");

    var verified = cli(b).run("verify", "--state");

    sql("UPDATE standing SET suspended = false");
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.output())
        .containsPattern(
            "DISAGREES +standing identity/bench-agent, suspended: the ledger says false"
                + " \\(entry \\d+ of node-c\\), the table says true");
  }

  @Test
  @Order(4)
  void a_decision_of_one_node_is_explained_and_its_receipt_given_by_another() {
    var explained = cli(c).run("explain", decision);
    var receipt = a.admin().exchange(a.admin().request("/v1/receipts/" + decision).GET()).body();

    assertThat(explained.status()).as(explained.output()).isZero();
    assertThat(explained.output()).contains("fast/echo");
    assertThat(receipt).startsWith("c2sp.org/").contains("remit.local/ledger/node-b");
  }

  @Test
  @Order(4)
  @Tag("R200")
  @Tag("R201")
  void one_bundle_from_any_node_holds_what_every_node_did_and_says_so() throws IOException {
    var made = cli(c).run("evidence", "export", "--workflow", "bench", "--file", "all.zip");

    var stranger = Cli.of(folder, URI.create("http://127.0.0.1:1"), "none");
    var verified = stranger.run("verify", "all.zip", "--key", "keys");
    var traced = cli(c).run("trace", decision);

    assertThat(made.status()).as(made.output() + c.log()).isZero();
    assertThat(verified.status()).as(verified.output()).isZero();
    assertThat(verified.output())
        .contains("3 logs are all that the root log knew at", "the bundle holds")
        .containsPattern("`node-b`: \\d+ entries are in the log of \\d+ that was signed");
    assertThat(traced.status()).as(traced.output()).isZero();
    assertThat(traced.output())
        .contains("target fast/echo", "owner             admin")
        .containsPattern("call.decided .*\\(entry \\d+ of node-b\\)");
  }

  @Test
  @Order(4)
  void decisions_are_held_against_what_the_server_itself_has_seen() throws IOException {
    cli(a).run("evidence", "export", "--workflow", "bench", "--file", "seen.zip");
    var log = folder.resolve("seen.log");
    Files.writeString(
        log, "POST /mcp 200 " + String.join("\nPOST /mcp 200 ", upstream.seen().values()));

    var agrees =
        cli(a)
            .run(
                "verify",
                "seen.zip",
                "--key",
                "keys",
                "--seen",
                "fast=seen.log",
                "--seen-count",
                "fast/echo=1");
    Files.writeString(log, "POST /mcp 200 dec_01kb0000000000000000000000\n");
    var differs = cli(a).run("verify", "seen.zip", "--key", "keys", "--seen", "fast=seen.log");

    assertThat(agrees.status()).as(agrees.output()).isZero();
    assertThat(agrees.output())
        .contains("1 of 1 calls that were sent on were seen, 0 gaps")
        .contains("what was decided is what was seen");
    assertThat(differs.status()).isEqualTo(1);
    assertThat(differs.output())
        .contains("GAP         " + decision + ": its outcome is `answered`, and its server has not")
        .contains("GAP         dec_01kb0000000000000000000000: it was seen, and no decision");
  }

  @Test
  @Order(5)
  void when_the_keeper_is_killed_another_takes_over_and_finds_it_silent() {
    b.kill();

    await().atMost(SOON).until(() -> keepers().getLast().equals("node-c"));
    await().atMost(SOON).until(() -> cli(a).run("findings").output().contains("log-silent"));

    assertThat(cli(a).run("findings").output())
        .contains("node `node-b` has recorded nothing since");
    var verified = cli(c).run("verify", "--state");
    assertThat(verified.status()).as(verified.output()).isZero();
  }

  @Test
  @Order(6)
  void entries_that_one_log_keeps_quiet_about_are_missed_by_number_and_by_the_root_log()
      throws Exception {
    sql(
        """
        UPDATE ledger_log AS l
           SET size = c.size, root = decode(split_part(c.note, chr(10), 3), 'base64'), note = c.note
          FROM (SELECT DISTINCT ON (log) * FROM ledger_checkpoint ORDER BY log, size) AS c
         WHERE c.log = l.log AND l.node = 'node-b'
        """);

    var verified = cli(c).run("verify", "--state");

    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.output())
        .containsPattern("DISORDER +changes? \\d+( to \\d+)? (is|are) told by no log")
        .containsPattern(
            "DISORDER +the root log has seen \\d+ entries of `remit.local/ledger/node-b`")
        .contains("the state is NOT what the ledger says");
    await().atMost(SOON).until(() -> cli(a).run("findings").output().contains("log-set-back"));
  }

  private static String said(RemitProcess node, String... arguments) {
    var said = cli(node).run(arguments);
    assertThat(said.status()).as(said.output() + node.log()).isZero();
    return said.output();
  }

  private static Cli cli(RemitProcess node) {
    return Cli.of(folder, node.address(), a.admin().token());
  }

  private static String keys(RemitProcess node) {
    return a.admin()
        .exchange(
            a.admin()
                .request("/v1/logs/keys")
                .uri(URI.create(node.address() + "/v1/logs/keys"))
                .GET())
        .body();
  }

  /// Which nodes have kept the root log, in order.
  private static List<String> keepers() {
    var lines =
        a.admin()
            .exchange(a.admin().request("/v1/logs/root/entries?limit=1000").GET())
            .body()
            .lines();
    return lines
        .map(line -> json(line).path("entry").path("keeper").asString(""))
        .filter(keeper -> !keeper.isEmpty())
        .toList();
  }

  private static void sql(String statements) throws SQLException, IOException {
    try (var connection = PrivateDatabase.of(a.data()).connect();
        var statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
