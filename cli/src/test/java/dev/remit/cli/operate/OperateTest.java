package dev.remit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.remit.cli.TestTerminal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperateTest {
  @TempDir private Path directory;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private TestTerminal terminal;
  private volatile int status = 200;
  private volatile String answer = "{}";

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          asked.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    terminal =
        new TestTerminal(directory)
            .with("REMIT_ADDR", "http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_key_is_rolled_only_by_somebody_who_says_that_it_is_an_emergency() {
    int careless = terminal.run("keys", "roll", "--reason", "lost");
    answer = "{\"kid\":\"new\",\"revoked\":[\"old\",\"next\"]}";

    int code = terminal.run("keys", "roll", "--emergency", "--reason", "lost");

    assertThat(careless).isOne();
    assertThat(code).isZero();
    assertThat(asked.getFirst()).isEqualTo("POST /v1/keys/roll {\"reason\":\"lost\"}");
    assertThat(terminal.err()).contains("--emergency").contains("remit keys rotate");
    assertThat(terminal.out()).contains("2 keys").contains("signs now  new");
  }

  @Test
  void channels_are_listed_with_their_trouble_and_tried() {
    answer =
        "{\"items\":[{\"name\":\"ops\",\"kind\":\"slack\",\"to\":\"https://x/…\",\"taken\":2,"
            + "\"trouble\":\"it cannot be reached\"}]}";
    int listed = terminal.run("notifications", "list");
    answer = "{\"taken\":true}";

    int tried = terminal.run("notifications", "test", "ops");

    assertThat(listed).isZero();
    assertThat(tried).isZero();
    assertThat(terminal.out()).contains("it cannot be reached", "ops has taken it");
    assertThat(asked).contains("POST /v1/notifications/ops/test {}");
  }

  @Test
  void a_change_that_waits_is_agreed_to_with_a_reason_and_never_without() {
    int careless = terminal.run("apply-requests", "agree", "apl_1");
    answer = "{\"requestedBy\":\"anna\"}";

    int code = terminal.run("apply-requests", "agree", "apl_1", "--reason", "looked at it");

    assertThat(careless).isOne();
    assertThat(code).isZero();
    assertThat(asked.getFirst())
        .isEqualTo(
            "POST /v1/apply-requests/apl_1/answer {\"agree\":true,\"reason\":\"looked at it\"}");
    assertThat(terminal.out()).contains("done: the change by anna");
  }

  @Test
  void suspending_says_why_and_how_long_it_took() {
    int code = terminal.run("suspend", "identity", "bot", "--reason", "it loops");

    assertThat(code).isZero();
    assertThat(asked.getFirst())
        .isEqualTo("POST /v1/identities/bot/suspend {\"reason\":\"it loops\"}");
    assertThat(terminal.out()).matches("identity bot is suspended: .*\\(\\d+ ms\\)\\s*");
  }

  @Test
  void a_finding_is_closed_with_a_reason_and_never_without() {
    answer = "{\"summary\":\"they differ\"}";

    int without = terminal.run("findings", "close", "fnd_1");
    int code = terminal.run("findings", "close", "fnd_1", "--reason", "mended");

    assertThat(without).isEqualTo(1);
    assertThat(code).isZero();
    assertThat(asked.getFirst()).isEqualTo("POST /v1/findings/fnd_1/close {\"reason\":\"mended\"}");
    assertThat(terminal.out()).contains("closed: they differ");
  }

  @Test
  void nobody_is_suspended_without_a_reason() {
    int code = terminal.run("suspend", "person", "anna");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err()).contains("--reason");
    assertThat(asked).isEmpty();
  }

  @Test
  void every_kind_has_its_path_and_a_credential_is_known_by_what_it_looks_like() {
    var key = "k".repeat(43);
    for (var what :
        List.of(
            "owner anna",
            "resource files",
            "model opus",
            "credential " + key,
            "credential cred_1",
            "credential someTokenId")) {
      terminal.run("suspend", what.split(" ", -1)[0], what.split(" ", -1)[1], "--reason", "r");
    }

    assertThat(
            asked.stream()
                .filter(line -> line.startsWith("POST"))
                .map(line -> line.split(" ", -1)[1]))
        .containsExactly(
            "/v1/people/anna/suspend",
            "/v1/resources/files/suspend",
            "/v1/models/opus/suspend",
            "/v1/keys/" + key + "/suspend",
            "/v1/credentials/cred_1/revoke",
            "/v1/tokens/someTokenId/suspend");
  }

  @Test
  void what_somebody_else_asked_for_is_agreed_to_by_its_party() {
    answer =
        "{\"suspended\":[{\"kind\":\"identity\",\"name\":\"bot\",\"resumption\":"
            + "{\"id\":\"rsm_1\",\"requestedBy\":\"anna\",\"reason\":\"mended\"}}]}";

    int code = terminal.run("resume", "identity", "bot", "--agree");
    int nothing = terminal.run("resume", "identity", "other", "--agree");

    assertThat(code).isZero();
    assertThat(asked.get(2)).isEqualTo("POST /v1/resumptions/rsm_1/answer {\"agree\":true}");
    assertThat(terminal.out()).contains("may act again", "anna: mended");
    assertThat(nothing).isEqualTo(1);
    assertThat(terminal.err()).contains("nobody asks to resume identity other");
  }

  @Test
  void a_name_cannot_leave_its_segment_of_the_path() {
    terminal.run("resume", "workflow", "../people/x", "--reason", "r");

    assertThat(asked.getFirst()).startsWith("POST /v1/workflows/..%2Fpeople%2Fx/resume");
  }

  @Test
  void approving_and_denying_answer_one_held_call() {
    terminal.run("approve", "apr_1");
    terminal.run("deny", "apr_1", "--reason", "no");

    assertThat(asked.get(0)).endsWith("/answer {\"agree\":true,\"reason\":\"agreed\"}");
    assertThat(asked.get(2)).endsWith("/answer {\"agree\":false,\"reason\":\"no\"}");
  }

  @Test
  void approving_for_the_task_says_how_many_how_long_and_what_may_differ() {
    answer = "{\"state\":\"pending\",\"wanted\":[\"2 people with approver\"]}";

    terminal.run("approve", "apr_1", "--uses", "5", "--for", "PT30M", "--free", "invoice,date");

    assertThat(asked.getFirst())
        .contains("\"forTask\":{\"uses\":5,\"until\":\"", "\"free\":[\"invoice\",\"date\"]}");
    assertThat(terminal.out()).contains("apr_1 is pending", "wants 2 people with approver");
  }

  @Test
  void the_held_calls_can_be_seen_in_groups() {
    answer =
        "{\"groups\":[{\"task\":\"task_1\",\"identity\":\"bot\",\"item\":\"f/t\",\"waiting\":70,"
            + "\"ids\":[\"apr_1\"]}]}";

    terminal.run("approvals", "--groups");

    assertThat(asked.getFirst()).startsWith("GET /v1/approvals/groups");
    assertThat(terminal.out()).contains("70", "bot", "f/t", "apr_1");
  }

  @Test
  void the_held_calls_are_a_table_or_what_the_server_said() {
    answer =
        "{\"approvals\":[{\"id\":\"apr_1\",\"state\":\"pending\",\"item\":\"f/t\",\"roles\":[\"approver\"]}]}";

    terminal.run("approvals");
    terminal.run("approvals", "-o", "json");

    assertThat(terminal.out()).contains("ID     STATE").contains("apr_1  pending");
    assertThat(terminal.out()).contains("\"approvals\"");
  }

  @Test
  @Tag("R94")
  void a_secret_is_read_from_standard_input_and_never_shown() {
    int code = terminal.typing("s3cret value\n").run("secret", "put", "github.TOKEN");

    assertThat(code).isZero();
    assertThat(asked.getFirst())
        .isEqualTo("PUT /v1/secrets/github.TOKEN {\"value\":\"s3cret value\",\"rotate\":false}");
    assertThat(terminal.out() + terminal.err()).doesNotContain("s3cret");
  }

  @Test
  void a_secret_may_stay_where_it_is() {
    terminal.run("secret", "put", "a", "--from-env", "REMIT_SECRET_A");
    terminal.run("secret", "put", "b", "--from-file", "/run/secrets/b");
    terminal.run("secret", "put", "c", "--from-vault", "kv/team/crm#token");
    terminal.run("secret", "put", "d", "--from-vault-dynamic", "database/creds/reader#password");
    int twice = terminal.run("secret", "put", "e", "--from-env", "X", "--from-file", "/x");
    int wrong = terminal.run("secret", "put", "f", "--from-vault", "kv");

    assertThat(asked.stream().filter(one -> one.startsWith("PUT")))
        .containsExactly(
            "PUT /v1/secrets/a {\"environment\":\"REMIT_SECRET_A\",\"rotate\":false}",
            "PUT /v1/secrets/b {\"file\":\"/run/secrets/b\",\"rotate\":false}",
            "PUT /v1/secrets/c {\"vault\":{\"mount\":\"kv\",\"path\":\"team/crm\","
                + "\"field\":\"token\"},\"rotate\":false}",
            "PUT /v1/secrets/d {\"vaultDynamic\":{\"path\":\"database/creds/reader\","
                + "\"field\":\"password\"},\"rotate\":false}");
    assertThat(twice).isNotZero();
    assertThat(wrong).isNotZero();
    assertThat(terminal.err()).contains("write it like kv/team/crm#token");
  }

  @Test
  void a_secret_cannot_be_given_as_an_argument() {
    int code = terminal.run("secret", "put", "github.TOKEN", "s3cret");

    assertThat(code).isEqualTo(1);
    assertThat(asked).isEmpty();
  }

  @Test
  void a_token_stands_alone_on_standard_output() {
    answer = "{\"token\":\"rop_abc\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}";

    terminal.run("token", "for", "anna", "--hours", "8");

    assertThat(asked.getFirst()).isEqualTo("POST /v1/people/anna/tokens {\"hours\":8}");
    assertThat(terminal.out().strip()).isEqualTo("rop_abc");
  }

  @Test
  void an_invitation_stands_alone_on_standard_output() {
    answer =
        "{\"link\":\"https://r.test/sign-in/link?link=x\",\"expiresAt\":\"2027-01-01T00:00:00Z\"}";

    terminal.run("invite", "anna");

    assertThat(asked.getFirst()).isEqualTo("POST /v1/people/anna/invitation {}");
    assertThat(terminal.out().strip()).isEqualTo("https://r.test/sign-in/link?link=x");
  }

  @Test
  @Tag("R61")
  void a_decision_is_explained_with_its_policies_and_the_next_step() {
    answer =
        "{\"id\":\"dec_1\",\"at\":\"2026-11-21T10:00:00Z\",\"outcome\":\"deny\","
            + "\"summary\":\"denied by `p`\",\"tool\":\"files/delete\",\"because\":[\"p\"],"
            + "\"nextStep\":\"change the call\"}";

    int code = terminal.run("explain", "last");

    assertThat(code).isZero();
    assertThat(terminal.out().lines())
        .containsExactly(
            "dec_1 at 2026-11-21T10:00:00Z",
            "denied by `p`",
            "",
            "  tool      files/delete",
            "  because   p",
            "  next      change the call");
  }

  @Test
  void a_problem_is_told_with_its_remedy() {
    status = 404;
    answer =
        "{\"type\":\"https://remit.dev/problems/not-found\",\"detail\":\"there is no decision `x`\",\"remedy\":\"look\"}";

    int code = terminal.run("explain", "x");

    assertThat(code).isEqualTo(1);
    assertThat(terminal.err())
        .contains("error: there is no decision `x`")
        .contains("  remedy: look");
  }

  @Test
  void the_token_comes_from_the_environment_or_the_server_s_own_file() throws Exception {
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("data/operator.token"), "from-file\n");

    terminal.run("explain", "last");
    terminal.with("REMIT_TOKEN", "from-environment").run("explain", "last");

    assertThat(asked.get(1)).isEqualTo("Bearer from-file");
    assertThat(asked.get(3)).isEqualTo("Bearer from-environment");
  }
}
