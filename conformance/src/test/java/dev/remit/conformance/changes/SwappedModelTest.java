package dev.remit.conformance.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/guides/change-a-model.md`, followed with the command against a server: a developer swaps a
/// model in the manifest, sees what that touches, has it evaluated and approved, and goes back.
class SwappedModelTest {
  @TempDir private Path folder;

  private CarefulProvider provider;
  private FastUpstream upstream;
  private RemitProcess remit;
  private Workload workload;
  private Cli admin;
  private Cli anna;
  private Cli ben;

  @BeforeEach
  void an_agent_in_production() throws IOException {
    folder.toFile().setExecutable(true, false);
    provider = new CarefulProvider();
    upstream = FastUpstream.start();
    var config =
        Files.writeString(
            folder.resolve("remit.yaml"),
            "promotion: {gate: advisory}\nregistry: {secondPerson: never}\nsignIn: {freshFrom: critical}\nchanges: {canary: 0s, sweepEvery: 500ms}\n");
    remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    var operator = remit.admin();
    operator.secret("provider-key", "Bearer sk-of-the-provider");
    operator.apply(people() + agent() + model("clerk-large"));
    admin = Cli.of(folder, remit.address(), operator.token());
    anna = admin.as(operator.person("anna").token());
    ben = admin.as(operator.person("ben").token());
  }

  @AfterEach
  void stop() {
    remit.close();
    upstream.close();
    provider.close();
  }

  @Test
  @Tag("R149")
  @Tag("R158")
  @Tag("R168")
  @Tag("R175")
  void a_model_is_swapped_evaluated_approved_by_somebody_else_and_taken_back() throws IOException {
    accepted(changeOf("classified"));
    assertThat(calls()).contains("jsonrpc").doesNotContain("grant-suspended");

    Files.writeString(folder.resolve("clerk.yaml"), model("clerk-next"));
    var planned = changes(admin.run("plan", "-f", "clerk.yaml"));
    assertThat(planned)
        .contains("What decides `bench-agent` changes: security")
        .contains("suspends    bench-grant")
        .contains("needs       ")
        .contains("jailbreak", "over-refusal")
        .contains("remit changes");
    changes(admin.run("apply", "-f", "clerk.yaml"));

    var id = changeOf("classified");
    assertThat(calls()).contains("grant-suspended", id);
    var shown = succeeds(anna.run("changes", "show", id));
    assertThat(shown)
        .contains("missing", "jailbreak: nothing was shown of it")
        .contains("next                remit changes evaluate " + id);
    var early = ben.run("changes", "approve", id, "--reason", "it will be fine");
    assertThat(early.status()).isNotZero();
    assertThat(early.output()).contains("has not passed", "remit changes evaluate " + id);

    var plan = succeeds(anna.run("changes", "evaluate", id, "--no-labels"));
    assertThat(plan)
        .contains("asks clerk@2, compared with clerk@1", "next: remit evaluations run evl_");
    succeeds(anna.run("evaluations", "run", evaluation(plan)));
    assertThat(succeeds(ben.run("changes", "show", id)))
        .contains("state               evaluated")
        .contains("evaluation          jailbreak: pass (" + evaluation(plan) + ")");
    var own = admin.run("changes", "approve", id, "--reason", "mine");
    assertThat(own.output()).contains("nobody approves their own change");
    succeeds(ben.run("changes", "approve", id, "--reason", "read the results"));
    assertThat(calls()).contains("jsonrpc").doesNotContain("grant-suspended");
    assertThat(provider.keys()).containsOnly("Bearer sk-of-the-provider");

    var back = succeeds(anna.run("changes", "rollback", id, "--reason", "refuses less"));
    assertThat(back)
        .contains("Back to chg_", "(target met)", "model changed: clerk-next → clerk-large");
    assertThat(calls()).contains("jsonrpc").doesNotContain("grant-suspended");
    assertThat(succeeds(admin.run("get", "models", "-o", "json"))).contains("clerk-large");
  }

  @Test
  @Tag("R138")
  @Tag("R156")
  @Tag("R159")
  void a_model_that_refuses_less_is_not_approved_and_its_failure_is_named() throws IOException {
    accepted(changeOf("classified"));
    provider.isCareless("clerk-next");
    Files.writeString(folder.resolve("clerk.yaml"), model("clerk-next"));
    changes(admin.run("apply", "-f", "clerk.yaml"));
    var id = changeOf("classified");

    var plan = succeeds(anna.run("changes", "evaluate", id, "--no-labels"));
    var run = anna.run("evaluations", "run", evaluation(plan));
    var approved = ben.run("changes", "approve", id, "--reason", "read the results");
    var words =
        ben.run(
            "changes", "evaluated", id, "--suite", "jailbreak", "--run", "x", "--verdict", "pass");

    assertThat(run.status()).as(run.output()).isEqualTo(1);
    assertThat(approved.status()).isNotZero();
    assertThat(approved.output()).contains("`jailbreak` (fail in " + evaluation(plan) + ")");
    assertThat(words.output()).contains("words do not replace a run");
    assertThat(calls()).contains("grant-suspended", id);
  }

  private void accepted(String id) {
    var plan = succeeds(anna.run("changes", "evaluate", id, "--no-labels"));
    succeeds(anna.run("evaluations", "run", evaluation(plan)));
    succeeds(ben.run("changes", "approve", id, "--reason", "read the results"));
  }

  private String changeOf(String state) {
    var list = succeeds(anna.run("changes", "--state", state));
    return list.replaceFirst("(?s).*?(chg_\\w+).*", "$1");
  }

  private static String evaluation(String said) {
    return said.replaceFirst("(?s).*(evl_\\w+).*", "$1");
  }

  private String succeeds(Cli.Said said) {
    assertThat(said.status()).as(said.output() + remit.log()).isZero();
    return said.output();
  }

  /// `plan` and `apply` end with 2 where there is something to change.
  private String changes(Cli.Said said) {
    assertThat(said.status()).as(said.output() + remit.log()).isEqualTo(2);
    return said.output();
  }

  private String calls() {
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    return new ModernAgent(remit.address(), "fast").call(token.value(), "echo", "{\"n\":1}").body();
  }

  private String agent() {
    return BenchManifests.text(workload, upstream.url())
            .replace("owner: admin", "owner: anna\n  sponsor: ben")
            .replace("approvedBy: admin", "approvedBy: ben")
            .replaceFirst("stage: pilot\\n  pilotExpires: \\S+", "stage: production")
            .replace("effects: [read]", "effects: [write]")
            .replace("autonomy: acts-alone", "autonomy: acts-alone\n  model: clerk")
        + """
        ---
        apiVersion: remit.dev/v1
        kind: Resource
        metadata: {name: llm}
        spec:
          type: models
          environment: test
          upstream:
            models:
              url: "%s"
              dialects: [openai]
              headers: {Authorization: {secret: provider-key}}
        ---
        """
            .formatted(provider.url());
  }

  private static String model(String name) {
    return """
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec: {provider: example, model: %s, lifecycle: ga, resource: llm}
    """
        .formatted(name);
  }

  private static String people() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: ben}
    spec: {displayName: Ben, email: ben@example.org, roles: [approver, security]}
    ---
    """;
  }
}
