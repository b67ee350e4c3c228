package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Edge;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The registry over a real socket.
class RegistryRoutesTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, Caller> CALLERS =
      Map.of(
          "admin", person("admin", EnumSet.allOf(Role.class)),
          "auditor", person("cleo", Set.of(Role.AUDITOR)),
          "approver", person("ben", Set.of(Role.APPROVER)),
          "owner", person("anna", Set.of(Role.OWNER)),
          "task",
              new Caller.TaskCaller(new IdentityName("agent"), TaskId.fresh(RegistryWorld.NOW)));

  private final RegistryWorld world = new RegistryWorld();
  private final List<Integer> replays = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server = start();

  private WebServer start() {
    var edge =
        new Edge(
            InstantSource.fixed(RegistryWorld.NOW),
            (presented, _) ->
                Optional.ofNullable(CALLERS.get(presented.authorization().replace("Bearer ", "")))
                    .orElseGet(Caller.Anonymous::new),
            _ -> Optional.empty());
    return WebServer.builder()
        .address(InetAddress.getLoopbackAddress())
        .port(0)
        .routing(
            edge.routing(new RegistryRoutes(world.registry, this::replayed, 10, 100).operations()))
        .build()
        .start();
  }

  private Replayed replayed(Registered proposed, int newest) {
    replays.add(newest);
    return new Replayed(newest, 0, 0, 0, 0, List.of(), 0, new TreeMap<>());
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/registry/plan, '', 401",
    "POST, /v1/registry/plan, task, 403",
    "POST, /v1/registry/plan, auditor, 403",
    "POST, /v1/registry/apply, '', 401",
    "POST, /v1/registry/apply, task, 403",
    "POST, /v1/registry/apply, auditor, 403",
    "POST, /v1/registry/apply, approver, 403",
    "GET, /v1/registry/people, '', 401",
    "GET, /v1/registry/people, task, 403",
    "GET, /v1/registry/people/admin, '', 401",
    "GET, /v1/registry/people/admin, task, 403",
    "DELETE, /v1/registry/people/admin, '', 401",
    "DELETE, /v1/registry/people/admin, task, 403",
    "DELETE, /v1/registry/people/admin, auditor, 403",
    "DELETE, /v1/registry/people/admin, owner, 403",
    "GET, /v1/registry/schema, '', 200",
    "GET, /v1/registry/people/admin, auditor, 200"
  })
  void each_operation_admits_whom_it_names(String method, String path, String as, int status) {
    var reply = send(method, path, as, method.equals("POST") ? body(Manifests.ANNA) : "");

    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(world.registry.current().version()).isEqualTo(1);
  }

  @Test
  void what_is_applied_is_listed_described_and_retired() {
    var applied = send("POST", "/v1/registry/apply", "admin", body(Manifests.all()));
    var list = json(send("GET", "/v1/registry/tools", "auditor", ""));
    var one = json(send("GET", "/v1/registry/tools/files/read_file", "auditor", ""));
    var held = send("DELETE", "/v1/registry/tools/files/read_file", "admin", "");
    var gone = send("DELETE", "/v1/registry/grants/agent-files", "owner", "");
    var retired = json(send("GET", "/v1/registry/grant/agent-files", "auditor", ""));

    assertThat(applied.statusCode()).isEqualTo(200);
    assertThat(json(applied).path("version").asInt()).isEqualTo(2);
    assertThat(list.path("items")).hasSize(2);
    assertThat(one.at("/namedBy/0/name").asString()).isEqualTo("agent-files");
    assertThat(one.at("/reviewed/by").asString()).isEqualTo("admin");
    assertThat(held.statusCode()).isEqualTo(422);
    assertThat(json(held).at("/problems/0/message").asString()).contains("cannot be retired");
    assertThat(gone.statusCode()).isEqualTo(200);
    assertThat(retired.at("/status/retired").asBoolean()).isTrue();
    assertThat(retired.path("history")).hasSize(2);
  }

  @Test
  void what_is_refused_says_where_and_what_to_do() {
    var reply =
        send(
            "POST",
            "/v1/registry/apply",
            "admin",
            body(Manifests.ANNA.replace("displayName", "displayname")));

    var problem = json(reply);
    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(problem.path("type").asString()).endsWith("/manifests-refused");
    assertThat(problem.at("/problems/0/line").asInt()).isEqualTo(4);
    assertThat(problem.at("/problems/0/remedy").asString()).contains("displayName");
  }

  @Test
  void an_overtaken_plan_is_a_conflict() {
    var stale = body(Manifests.ANNA).replaceFirst("\\{", "{\"version\":0,");

    var reply = send("POST", "/v1/registry/apply", "admin", stale);

    assertThat(reply.statusCode()).isEqualTo(409);
    assertThat(json(reply).path("type").asString()).endsWith("/plan-stale");
  }

  @Test
  void a_plan_that_changes_something_makes_as_many_decisions_again_as_it_is_told() {
    var plain = json(send("POST", "/v1/registry/plan", "admin", body(Manifests.ANNA)));
    var told =
        json(
            send(
                "POST",
                "/v1/registry/plan",
                "admin",
                body(Manifests.ANNA).replaceFirst("\\{", "{\"replay\":70,")));
    var none =
        json(
            send(
                "POST",
                "/v1/registry/plan",
                "admin",
                body(Manifests.ANNA).replaceFirst("\\{", "{\"replay\":0,")));

    assertThat(plain.at("/replay/asked").asInt()).isEqualTo(10);
    assertThat(told.at("/replay/asked").asInt()).isEqualTo(70);
    assertThat(none.has("replay")).isFalse();
    assertThat(replays).containsExactly(10, 70);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"files\":1}",
        "{\"files\":[{\"name\":\"a\"}]}",
        "{\"files\":[],\"prune\":\"no\"}",
        "{\"files\":[],\"set\":\"No Name\"}",
        "{\"files\":[],\"version\":1.5}",
        "{\"files\":[],\"dryRun\":true}",
        "{\"files\":[],\"replay\":-1}",
        "{\"files\":[],\"replay\":101}",
        "{\"files\":[],\"replay\":\"all\"}",
        "[]"
      })
  void a_body_of_another_form_is_a_bad_request(String body) {
    assertThat(send("POST", "/v1/registry/plan", "admin", body).statusCode()).isEqualTo(400);
  }

  @Test
  void an_unknown_kind_or_name_is_not_found() {
    assertThat(send("GET", "/v1/registry/robots", "admin", "").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/v1/registry/people/nobody", "admin", "").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/v1/registry/people/nobody", "admin", "").statusCode())
        .isEqualTo(404);
  }

  private static Caller person(String name, Set<Role> roles) {
    return new Caller.PersonCaller(new PersonName(name), roles);
  }

  private static String body(String... documents) {
    var body = JSON.createObjectNode();
    body.putArray("files")
        .addObject()
        .put("name", "a.yaml")
        .put("text", String.join("\n---\n", documents));
    return body.toString();
  }

  private HttpResponse<String> send(String method, String path, String as, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Authorization", "Bearer " + as)
            .method(method, BodyPublishers.ofString(body));
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> reply) {
    return JSON.readTree(reply.body());
  }
}
