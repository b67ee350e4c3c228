package dev.remit.conformance.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.HeldKey;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guide `docs/guides/upstream-credentials.md`, part 3: a secret that is kept in the server's
/// environment is shown once to a program that cannot do without it, and somebody hears of it.
class RevealedSecretTest {
  private static final Workload AGENT = Workload.fresh("spiffe://remit.local/trial/trial-agent");
  private static final String VALUE = "the-licence-key-itself";

  @Test
  @Tag("R71")
  void a_program_gets_a_secret_for_one_task_and_security_hears_of_it(@TempDir Path folder)
      throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var environment = Map.of("REMIT_SECRET_LICENCE", VALUE);
    try (var remit = RemitProcess.startIn(environment, folder.resolve("data"))) {
      remit.admin().apply(Declared.agent(AGENT));
      var cli =
          Cli.of(
              Files.createDirectories(folder.resolve("home")),
              remit.address(),
              remit.admin().token());
      HeldKey.write(cli, "trial-agent", "try", AGENT);
      var manifest = Files.writeString(folder.resolve("crm.yaml"), manifest());

      var stored = cli.run("secret", "put", "crm.licence", "--from-env", "REMIT_SECRET_LICENCE");
      var applied = cli.run("apply", "--exit-zero", "-f", manifest.toString());
      var used =
          cli.run(
              "credential",
              "get",
              "crm",
              "--profile",
              "licence",
              "--",
              "sh",
              "-c",
              "echo length=${#REMIT_SECRET}");
      var listed = cli.run("secret", "list");
      var findings = cli.run("findings");
      var state = cli.run("verify", "--state");

      assertThat(stored.status()).as(stored.output()).isZero();
      assertThat(applied.status()).as(applied.output()).isZero();
      assertThat(used.status()).as(used.output()).isZero();
      assertThat(used.output())
          .contains("length=" + VALUE.length())
          .contains("worth replacing at its source");
      assertThat(listed.output()).contains("REMIT_SECRET_LICENCE");
      assertThat(findings.output()).contains("secret-revealed");
      assertThat(state.status()).as(state.output()).isZero();
      assertThat(listed.output() + findings.output() + state.output()).doesNotContain(VALUE);
    }
  }

  private static String manifest() {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: crm}
    spec:
      type: mcp
      environment: test
      upstream:
        http:
          url: http://127.0.0.1:1/mcp
          reveals: {licence: {secret: crm.licence}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: trial-agent-crm}
    spec:
      identity: trial-agent
      resource: crm
      profiles: [licence]
      dataClasses: [internal]
      approvedBy: admin
      expires: %s
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: crm-licence}
    spec:
      description: The trial may see the licence.
      cedar: |
        permit (principal, action == Action::"issue", resource == Resource::"crm")
          when { context.item == "licence" };
    """
        .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }
}
