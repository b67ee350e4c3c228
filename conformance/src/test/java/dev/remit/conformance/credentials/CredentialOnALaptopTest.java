package dev.remit.conformance.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.HeldKey;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.OwnedPostgres;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guide `docs/guides/database-credentials.md`, step by step: its statements and its manifest
/// are read out of it.
class CredentialOnALaptopTest {
  private static final Workload AGENT = Workload.fresh("spiffe://remit.local/trial/trial-agent");

  private static String guide() throws IOException {
    return Files.readString(Home.directory().resolve("docs/guides/database-credentials.md"));
  }

  private static String block(String language) throws IOException {
    var found = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(guide());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  @Tag("R57")
  @Tag("R68")
  void an_agent_gets_a_database_credential_for_one_task_and_loses_it_when_the_task_ends(
      @TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var remit = RemitProcess.start(folder.resolve("data"))) {
      var postgres = OwnedPostgres.of(remit);
      postgres.run("postgres", "CREATE DATABASE orders");
      postgres.run("orders", block("sql").split(";\\s*", -1));
      remit.admin().secret("orders-admin", "choose one");
      remit.admin().apply(Declared.agent(AGENT));
      var cli =
          Cli.of(
              Files.createDirectories(folder.resolve("home")),
              remit.address(),
              remit.admin().token());
      HeldKey.write(cli, "trial-agent", "try", AGENT);
      var manifest = folder.resolve("orders.yaml");
      Files.writeString(
          manifest,
          block("yaml")
              .replace("laptop-agent", "trial-agent")
              .replace("2027-01-31", LocalDate.now(ZoneOffset.UTC).plusDays(60).toString())
              .replace("port: 5432", "port: " + postgres.port()));

      var applied = cli.run("apply", "--exit-zero", "-f", manifest.toString());
      var checked = cli.run("credential", "check", "orders");
      var used =
          cli.run(
              "credential",
              "get",
              "orders",
              "--profile",
              "reader",
              "--",
              "sh",
              "-c",
              "echo user=$PGUSER host=$PGHOST password=${#PGPASSWORD}");
      var listed = cli.run("credential", "list", "--all");

      assertThat(applied.status()).as(applied.output()).isZero();
      assertThat(checked.status()).as(checked.output()).isZero();
      assertThat(used.status()).as(used.output()).isZero();
      assertThat(used.output())
          .containsPattern("user=remit_t_[a-z0-9]{8}_[a-z0-9]{26} host=127.0.0.1 password=32")
          .contains("the task is over, the credential is gone");
      assertThat(roles(postgres)).isZero();
      assertThat(listed.output()).contains("revoked").contains("task-ended");
      var id = Pattern.compile("cred_[a-z0-9]{26}").matcher(listed.output());
      assertThat(id.find()).isTrue();
      var traced = cli.run("trace", id.group());
      assertThat(traced.status()).as(traced.output()).isZero();
      assertThat(traced.output())
          .contains("credential.ended")
          .contains("call.decided")
          .contains("task");
      var state = cli.run("verify", "--state");
      assertThat(state.status()).as(state.output()).isZero();
    }
  }

  private static long roles(OwnedPostgres postgres) throws SQLException {
    try (var connection = postgres.connect("orders");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'remit_t_%'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
