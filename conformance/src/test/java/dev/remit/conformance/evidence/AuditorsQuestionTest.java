package dev.remit.conformance.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// «What did this identity do, who approved it, how was its access removed?»: one command, one
/// bundle, and nobody who needs to be believed.
@Tag("R200")
@Tag("R203")
class AuditorsQuestionTest {
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
    admin.apply(BenchManifests.text(workload, upstream.url()));
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    var agent = new ModernAgent(remit.address(), "fast");
    assertThat(agent.call(token.value(), "echo", "{\"n\":471108154711}").statusCode())
        .isEqualTo(200);
    assertThat(agent.call(token.value(), "unknown", "{}").body()).contains("remit");
    var suspended = cli.run("suspend", "identity", "bench-agent", "--reason", "the day is over");
    assertThat(suspended.status()).as(suspended.output()).isZero();
    assertThat(agent.call(token.value(), "echo", "{\"n\":1}").statusCode()).isEqualTo(401);
    Files.writeString(folder.resolve("keys"), keys());
  }

  private static String keys() {
    return remit.admin().exchange(remit.admin().request("/v1/ledger/keys").GET()).body();
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  @Test
  @Tag("R201")
  @Tag("R202")
  @Tag("R204")
  @Tag("R205")
  @Tag("R207")
  void one_command_answers_it_and_a_stranger_verifies_the_answer() throws IOException {
    var made = cli.run("evidence", "export", "--identity", "bench-agent", "--file", "day.zip");
    assertThat(made.status()).as(made.output() + remit.log()).isZero();

    var stranger = Cli.of(folder, URI.create("http://127.0.0.1:1"), "none");
    var verified = stranger.run("verify", "day.zip", "--key", "keys");

    assertThat(verified.status()).as(verified.output()).isZero();
    assertThat(verified.output())
        .contains("the bundle holds", "declarations are what their entries say")
        .contains("what 2 bodies say, which were withheld")
        .contains("1 log is all that the root log knew at");
    assertThat(part("day.zip", "answer.md"))
        .contains("workflow bench: owner admin; purpose: Measure what a governed call costs")
        .contains("create | grant bench-grant | by admin")
        .contains("tools/call fast/echo | allow | bench-may-echo")
        .contains("suspended | identity bench-agent by admin: the day is over");
    assertThat(part("day.zip", "logs/node-1/entries.ndjson")).doesNotContain("471108154711");
  }

  @Test
  @Tag("R188")
  void what_the_agent_sent_is_opened_for_whoever_may_and_proved() throws IOException {
    var made = cli.run("evidence", "export", "--workflow", "bench", "--open", "--file", "open.zip");
    assertThat(made.status()).as(made.output() + remit.log()).isZero();

    var verified = cli.run("verify", "open.zip", "--key", "keys");

    assertThat(verified.output())
        .contains("2 opened bodies are what their entries commit to", "the bundle holds");
    assertThat(part("open.zip", "logs/node-1/bodies.ndjson")).contains("\"name\":\"arguments\"");
  }

  /// Over the server, and with nothing but a bundle that was taken away.
  @Test
  @Tag("R201")
  @Tag("R202")
  void one_call_is_followed_to_who_answers_for_it_and_its_token_to_all_its_uses()
      throws IOException {
    var task = cli.run("task", "list", "--all").output();
    var id = task.substring(task.indexOf("task_")).split("\\s", 2)[0];

    var traced = cli.run("trace", id);

    assertThat(traced.status()).as(traced.output() + remit.log()).isZero();
    assertThat(traced.output())
        .contains("owner             admin", "token.issued", "grant             bench-grant")
        .contains("target fast/echo", "call.ended");
    var decision = traced.output().replaceFirst("(?s).*?\\[(dec_\\w+)].*", "$1");
    cli.run("evidence", "export", "--workflow", "bench", "--file", "trace.zip");
    var stranger = Cli.of(folder, URI.create("http://127.0.0.1:1"), "none");
    var offline = stranger.run("trace", decision, "--bundle", "trace.zip", "--key", "keys");
    assertThat(offline.status()).as(offline.output()).isZero();
    assertThat(offline.output())
        .contains("owner             admin", "policy            bench-may-echo revision 1")
        .contains("call.ended")
        .doesNotContain("not proved");
    assertThat(stranger.run("trace", "dec_nobody", "--bundle", "trace.zip").output())
        .contains("`dec_nobody` is not in the bundle");
    assertThat(cli.run("trace", "0").output()).contains("`0` is a boot, which belongs to no task");
  }

  @Test
  void a_bundle_made_again_against_the_same_checkpoint_is_the_same() throws IOException {
    cli.run("evidence", "export", "--workflow", "bench", "--to", "2099-01-01", "--file", "a.zip");
    var size = part("a.zip", "logs/root/checkpoint").lines().skip(1).findFirst().orElseThrow();

    var again =
        cli.run(
            "evidence",
            "export",
            "--workflow",
            "bench",
            "--to",
            "2099-01-01",
            "--size",
            size,
            "--file",
            "b.zip");

    assertThat(again.status()).as(again.output()).isZero();
    assertThat(Files.readAllBytes(folder.resolve("b.zip")))
        .isEqualTo(Files.readAllBytes(folder.resolve("a.zip")));
    assertThat(cli.run("evidence", "export", "--workflow", "bench", "--size", "1").output())
        .contains("no signed checkpoint of 1 entries of the root log was kept");
  }

  @Test
  void a_question_that_has_no_answer_says_why() {
    assertThat(cli.run("evidence", "export", "--identity", "nobody").output())
        .contains("there is no identity `nobody`, now or ever");
    assertThat(
            cli.run("evidence", "export", "--workflow", "bench", "--from", "2099-01-01").output())
        .contains("the period is empty");
    assertThat(cli.run("evidence", "export", "--workflow", "bench", "--from", "soon").output())
        .contains("query parameter `from`");
    assertThat(cli.run("evidence", "export").status()).isNotZero();
  }

  @Test
  void a_bundle_that_is_none_says_so() throws IOException {
    Files.writeString(folder.resolve("none.zip"), "PK but nothing else");

    var verified = cli.run("verify", "none.zip", "--key", "keys");

    assertThat(verified.status()).isNotZero();
    assertThat(verified.output()).contains("is not a zip");
  }

  private static String part(String zip, String name) throws IOException {
    try (var file = new ZipFile(folder.resolve(zip).toFile());
        var in = file.getInputStream(file.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
