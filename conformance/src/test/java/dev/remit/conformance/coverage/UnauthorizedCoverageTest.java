package dev.remit.conformance.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.SignedIn;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Every operation refuses whoever may not use it. What is tested is read from the server, so a new
/// operation is covered at once; whom it lets in must be agreed to in `operations.txt`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("R80")
@Tag("R99")
class UnauthorizedCoverageTest {
  private static final List<String> ROLES =
      List.of("owner", "approver", "security", "auditor", "admin", "break-glass", "privacy");
  private static final Path REVIEWED =
      Home.directory().resolve("conformance/src/test/resources/operations.txt");
  private static final Path FOUND = Home.directory().resolve("conformance/target/operations.txt");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> tokensByRole = new LinkedHashMap<>();
  private final Map<String, String> sessionsByRole = new LinkedHashMap<>();
  private RemitProcess remit;
  private String taskToken = "";
  private List<Described> operations = List.of();

  UnauthorizedCoverageTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    remit = RemitProcess.start(folder.resolve("data"));
  }

  @BeforeAll
  void describe() throws IOException, InterruptedException {
    var admin = remit.admin();
    var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    admin.apply(BenchManifests.text(workload, "http://127.0.0.1:9/mcp") + people());
    taskToken = workload.start(remit.address(), "fast", "measure", List.of()).value();
    for (var role : ROLES) {
      tokensByRole.put(role, admin.person("only-" + role).token());
      sessionsByRole.put(role, SignedIn.cookie(remit, "only-" + role));
    }
    var document = send("GET", "/v1/openapi.json", "").body();
    operations = Described.all(JsonMapper.shared().readTree(document));
  }

  @AfterAll
  void stop() {
    remit.close();
  }

  @Test
  void every_operation_lets_in_whom_it_was_agreed_to_let_in() throws IOException {
    var described = operations.stream().map(Described::line).toList();
    Files.write(FOUND, described);

    assertThat(described)
        .as("review %s, then copy it over %s", FOUND, REVIEWED)
        .isEqualTo(Files.readAllLines(REVIEWED));
  }

  @ParameterizedTest
  @MethodSource("closed")
  void without_a_token_nobody_gets_in(Described operation) throws Exception {
    var answer = send(operation.method(), operation.example(), "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    assertIsAProblem(answer);
  }

  @ParameterizedTest
  @MethodSource("closed")
  void with_a_token_that_nobody_issued_nobody_gets_in(Described operation) throws Exception {
    var answer = send(operation.method(), operation.example(), "Bearer not-a-token");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertIsAProblem(answer);
  }

  @ParameterizedTest
  @MethodSource("closed")
  void a_person_without_a_suitable_role_is_refused(Described operation) throws Exception {
    for (var role : ROLES) {
      if (!operation.roles().contains(role)) {
        var token = "Bearer " + tokensByRole.get(role);

        var answer = send(operation.method(), operation.example(), token);

        assertThat(answer.statusCode()).as("as %s", role).isEqualTo(403);
        assertIsAProblem(answer);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("peoples")
  void a_task_does_not_do_what_people_do(Described operation) throws Exception {
    var answer = send(operation.method(), operation.example(), "Bearer " + taskToken);

    assertThat(answer.statusCode()).isIn(401, 403);
    assertIsAProblem(answer);
  }

  /// These say themselves who their callers are, so each answers in its own protocol's form.
  @ParameterizedTest
  @MethodSource("owns")
  void what_authenticates_by_itself_lets_nobody_in_either(Described operation) throws Exception {
    for (var authorization : List.of("", "Bearer not-a-token", "Basic bm9ib2R5Om5vdGhpbmc=")) {
      var answer = send(operation.method(), operation.example(), authorization);

      assertThat(answer.statusCode()).as("with `%s`", authorization).isIn(400, 401, 403, 404);
    }
  }

  /// A page sends whoever is not signed in to where they can, and does nothing that is not sent
  /// from a page of ours; no token opens it, of whomever.
  @ParameterizedTest
  @MethodSource("pages")
  void no_token_opens_a_page(Described operation) throws Exception {
    var tokens = new ArrayList<>(List.of("", "Bearer not-a-token", "Bearer " + taskToken));
    tokensByRole.values().forEach(token -> tokens.add("Bearer " + token));
    for (var authorization : tokens) {
      var answer = send(operation.method(), operation.example(), authorization);

      assertThat(answer.statusCode()).isEqualTo(operation.method().equals("GET") ? 303 : 401);
      assertThat(answer.headers().firstValue("Location").orElse("/sign-in")).startsWith("/sign-in");
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void a_page_is_closed_to_who_is_signed_in_without_a_suitable_role(Described operation)
      throws Exception {
    for (var session : sessionsByRole.entrySet()) {
      if (!operation.roles().contains(session.getKey())) {
        var answer = visit(operation, session.getValue());

        assertThat(answer.statusCode()).as("as %s", session.getKey()).isEqualTo(403);
        assertThat(answer.body()).contains("This needs one of the roles");
      }
    }
  }

  /// What a page does is believed only from a form that the same browser was shown.
  @ParameterizedTest
  @MethodSource("forms")
  void a_form_that_no_page_has_shown_does_nothing(Described operation) throws Exception {
    for (var role : operation.roles()) {
      var session = sessionsByRole.get(role);
      if (session != null) {
        var answer = visit(operation, session);

        assertThat(answer.statusCode()).as("as %s", role).isEqualTo(403);
        assertThat(answer.body()).contains("nothing was done");
      }
    }
  }

  private HttpResponse<String> visit(Described operation, String cookie)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(remit.address().resolve(operation.example()))
            .header("Cookie", cookie)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(operation.method(), BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  Stream<Described> closed() {
    return operations.stream().filter(o -> !o.isOpen() && !o.isOwn() && !o.isPage());
  }

  Stream<Described> pages() {
    return operations.stream().filter(Described::isPage);
  }

  Stream<Described> forms() {
    return pages().filter(o -> o.method().equals("POST"));
  }

  Stream<Described> peoples() {
    return closed().filter(o -> !o.allowsTasks());
  }

  Stream<Described> owns() {
    return operations.stream().filter(Described::isOwn);
  }

  private static void assertIsAProblem(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(JsonMapper.shared().readTree(answer.body()).path("remedy").asString(""))
        .as("what the refused caller can do")
        .isNotEmpty();
  }

  private HttpResponse<String> send(String method, String path, String authorization)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(remit.address().resolve(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(method.equals("GET") ? "" : "{}"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String people() {
    var manifests = new ArrayList<String>();
    for (var role : ROLES) {
      manifests.add(
          """
          ---
          apiVersion: remit.dev/v1
          kind: Person
          metadata: {name: only-%1$s}
          spec: {displayName: Only %1$s, email: %1$s@example.org, roles: [%1$s], standing: active}
          """
              .formatted(role));
    }
    return String.join("", manifests);
  }
}
