package dev.remit.cli.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.cli.Main;
import dev.remit.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the commands send, print and end with, against answers of the form that the server gives.
class RegistryCommandsTest {
  private static final String CHANGES =
      """
      {"version": 4, "applicable": true, "changed": true, "changes": [
        {"action": "create", "kind": "person", "name": "anna",
         "fields": [{"path": "displayName", "after": "Anna"}]},
        {"action": "update", "kind": "workflow", "name": "invoices",
         "fields": [{"path": "owner", "before": "ben", "after": "anna"}]},
        {"action": "none", "kind": "resource", "name": "files", "fields": []}],
       "problems": [{"rule": "R61", "severity": "warning", "file": "a.yaml", "line": 3,
                     "column": 5, "message": "wide", "remedy": "narrow it"}]}\
      """;
  private static final String NOTHING =
      """
      {"version": 4, "applicable": true, "changed": false, "changes": [], "problems": []}\
      """;
  private static final String REFUSED =
      """
      {"type": "https://remit.dev/problems/manifests-refused", "title": "manifests refused",
       "status": 422, "detail": "nothing was applied: 1 problem", "remedy": "mend it",
       "applicable": false, "problems": [{"rule": "R8", "severity": "error", "file": "a.yaml",
       "line": 7, "column": 10, "message": "nobody owns it", "remedy": "name an owner"}]}\
      """;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private String answer = NOTHING;
  private int status = 200;
  private String asked = "";
  private JsonNode body = JsonMapper.shared().createObjectNode();

  RegistryCommandsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() throws IOException {
    server.createContext("/", this::reply);
    server.start();
    Files.writeString(directory.resolve("a.yaml"), "kind: Person\n");
    Files.createDirectories(directory.resolve("more/deep"));
    Files.writeString(directory.resolve("more/deep/b.yml"), "kind: Workflow\n");
    Files.writeString(directory.resolve("more/notes.txt"), "not a manifest");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_plan_ends_with_2_when_there_are_changes_and_0_when_there_are_none() {
    assertThat(run("plan", "-f", "a.yaml")).isZero();
    answer = CHANGES;
    assertThat(run("plan", "-f", "a.yaml")).isEqualTo(2);
    assertThat(run("diff", "-f", "a.yaml")).isEqualTo(2);
  }

  @Test
  void an_apply_ends_with_2_when_it_changed_something_unless_told_otherwise() {
    answer = CHANGES;

    assertThat(run("apply", "-f", "a.yaml")).isEqualTo(2);
    assertThat(run("apply", "-f", "a.yaml", "--exit-zero")).isZero();
    answer = NOTHING;
    assertThat(run("apply", "-f", "a.yaml")).isZero();
  }

  @Test
  void an_apply_that_waits_for_another_person_ends_with_3_and_says_how_to_go_on() {
    answer =
        "{\"changed\":true,\"changes\":[{\"action\":\"update\",\"kind\":\"workflow\",\"name\":\"pay\"}],"
            + "\"secondPerson\":\"production rests on workflow `pay`\","
            + "\"waiting\":{\"id\":\"apl_1\",\"lapsesAt\":\"2026-12-01T00:00:00Z\"}}";

    int code = run("apply", "-f", "a.yaml", "--exit-zero");

    assertThat(code).isEqualTo(3);
    assertThat(out.toString())
        .contains(
            "1 to update",
            "production rests on workflow `pay`",
            "remit apply-requests agree apl_1");
  }

  @Test
  void a_refusal_is_printed_with_its_place_and_remedy_and_ends_with_1() {
    answer = REFUSED;
    status = 422;

    int code = run("apply", "-f", "a.yaml");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("a.yaml:7:10: nobody owns it [R8]")
        .contains("remedy: name an owner")
        .contains("nothing was applied");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void a_plan_that_cannot_be_applied_ends_with_1() {
    answer = REFUSED;

    assertThat(run("plan", "-f", "a.yaml")).isEqualTo(1);
  }

  @Test
  void a_plan_lists_what_changes_and_a_diff_each_value_without_colours_in_a_pipe() {
    answer = CHANGES;

    run("diff", "-f", "a.yaml");

    assertThat(out.toString())
        .contains("+ person/anna")
        .contains("~ workflow/invoices")
        .contains("    owner: ben → anna")
        .contains("Plan: 1 to create, 1 to update.")
        .doesNotContain("files")
        .doesNotContain("\u001b[");
    assertThat(err.toString()).contains("a.yaml:3:5: warning: wide [R61]");
  }

  @Test
  void a_directory_stands_for_every_manifest_below_it() {
    run("plan", "-f", "more", "a.yaml", "--prune", "--set", "team");

    assertThat(body.path("files").valueStream().map(file -> file.path("name").asString()))
        .containsExactly("more/deep/b.yml", "a.yaml");
    assertThat(body.path("prune").asBoolean()).isTrue();
    assertThat(body.path("set").asString()).isEqualTo("team");
  }

  @Test
  void json_and_yaml_carry_the_servers_answer_whole() {
    answer = CHANGES;

    run("plan", "-f", "a.yaml", "-o", "json");

    assertThat(JsonMapper.shared().readTree(out.toString()))
        .isEqualTo(JsonMapper.shared().readTree(CHANGES));
  }

  @Test
  void a_path_that_is_not_there_is_an_error() {
    assertThat(run("apply", "-f", "absent.yaml")).isEqualTo(1);
    assertThat(err.toString()).contains("absent.yaml");
  }

  @Test
  void one_thing_is_asked_for_by_kind_and_name() {
    answer = "{\"metadata\": {\"name\": \"files/read_file\"}, \"spec\": {\"effects\": [\"read\"]}}";

    assertThat(run("get", "tool", "files/read_file")).isZero();

    assertThat(asked).isEqualTo("GET /v1/registry/tool/files/read_file");
    assertThat(out.toString()).contains("files/read_file").contains("read");
  }

  @Test
  void deleting_ends_with_2_since_something_changed() {
    answer = CHANGES;

    assertThat(run("delete", "grants", "wide")).isEqualTo(2);
    assertThat(asked).isEqualTo("DELETE /v1/registry/grants/wide");
  }

  private int run(String... args) {
    var terminal =
        new Terminal(
            Map.of(
                "REMIT_ADDR",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "REMIT_TOKEN",
                "operator"),
            directory,
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false);
    return Main.run(terminal, args);
  }

  private void reply(HttpExchange exchange) throws IOException {
    asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    var sent = exchange.getRequestBody().readAllBytes();
    if (sent.length > 0) {
      body = JsonMapper.shared().readTree(sent);
    }
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var stream = exchange.getResponseBody()) {
      stream.write(bytes);
    }
  }
}
