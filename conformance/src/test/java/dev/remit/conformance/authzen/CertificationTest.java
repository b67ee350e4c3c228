package dev.remit.conformance.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The certification scenario of the Authorization API 1.0, levels Basic, Batch, Search and
/// Discovery, asked by an enforcement point with nothing but its own grant. Ids are those of the
/// scenario's sections; the requests stand in `authzen/certification.json`.
@Tag("R99")
class CertificationTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String READ =
      """
      {"subject":{"type":"user"},"action":{"name":"read"},
       "resource":{"type":"record","id":"record-1"}%s}
      """;

  @TempDir static Path folder;
  private static RemitProcess remit;
  private static DecisionPoint pdp;

  @BeforeAll
  static void start() {
    folder.toFile().setExecutable(true, false);
    remit = RemitProcess.start(folder.resolve("data"));
    var edge = Records.edge();
    remit.admin().apply(Records.text(edge));
    pdp = DecisionPoint.as(edge, "enforce", remit);
  }

  @AfterAll
  static void stop() {
    remit.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void the_scenario_is_answered_as_it_demands(Case asked) {
    var answer = pdp.send(asked.path(), asked.request());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(asked.json().get("status").asInt());
    var body = JSON.readTree(answer.body());
    if (answer.statusCode() == 200) {
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }
    assertDecisions(asked.json(), body);
    assertResults(asked.json(), body);
  }

  private static void assertDecisions(JsonNode asked, JsonNode body) {
    if (!asked.has("decisions")) {
      return;
    }
    var given = asked.has("batch") ? body.get("evaluations") : JSON.createArrayNode().add(body);
    assertThat(given).hasSameSizeAs(asked.get("decisions"));
    for (int i = 0; i < given.size(); i++) {
      var expected = asked.get("decisions").get(i);
      assertThat(given.get(i).get("decision").isBoolean()).isTrue();
      assertThat(given.get(i).path("context").isObject()).isTrue();
      if (!expected.isNull()) {
        assertThat(given.get(i).get("decision")).as("evaluation %d", i).isEqualTo(expected);
      }
    }
  }

  private static void assertResults(JsonNode asked, JsonNode body) {
    if (!asked.path("path").asString().contains("/search/") || !body.has("results")) {
      return;
    }
    boolean actions = asked.get("path").asString().endsWith("/action");
    var found = new ArrayList<String>();
    for (var result : body.get("results")) {
      found.add(result.get(actions ? "name" : "id").stringValue());
      if (!actions) {
        var sought = asked.get("path").asString().endsWith("/subject") ? "subject" : "resource";
        assertThat(result.get("type")).isEqualTo(asked.at("/request/" + sought + "/type"));
      }
    }
    asked.path("includes").forEach(one -> assertThat(found).contains(one.stringValue()));
    if (asked.has("results")) {
      assertThat(found).isEmpty();
    }
  }

  /// 2.4.3, 2.4.4, 2.4.5.
  @Test
  void what_is_not_json_of_that_type_is_a_bad_request() {
    for (var path : List.of("evaluation", "evaluations", "search/subject")) {
      var there = "/access/v1/" + path;
      var good = READ.formatted("");

      assertThat(pdp.send(there, good, Map.of("Content-Type", "text/plain")).statusCode())
          .isEqualTo(400);
      assertThat(pdp.send(there, "{\"subject\":").statusCode()).isEqualTo(400);
      assertThat(pdp.send(there, "").statusCode()).isEqualTo(400);
    }
  }

  /// 2.5.
  @Test
  void a_request_id_comes_back_on_every_answer_and_is_not_needed() {
    var id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
    for (var body : List.of(cases().getFirst().request(), "{", "{}")) {
      var answer = pdp.send("/access/v1/evaluation", body, Map.of("X-Request-ID", id));

      assertThat(answer.headers().allValues("X-Request-ID")).containsExactly(id);
    }
    var nameless = pdp.send("/access/v1/evaluation", cases().getFirst().request());

    assertThat(nameless.statusCode()).isEqualTo(200);
  }

  /// 2.6.
  @Test
  void the_same_question_has_the_same_answer_each_time() {
    var answers =
        Stream.generate(() -> pdp.ask("/access/v1/evaluation", cases().getFirst().request()))
            .limit(10)
            .map(answer -> answer.get("decision").booleanValue())
            .distinct();

    assertThat(answers).containsExactly(true);
  }

  /// 4.2.2, 4.2.3, 4.3.2: the results are those without.
  @Test
  void context_and_id_of_what_is_sought_change_no_result() {
    var plain = pdp.ask("/access/v1/search/subject", READ.formatted("")).get("results");

    for (var id : List.of("4.2.2", "4.2.3")) {
      var same = cases().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
      assertThat(pdp.ask(same.path(), same.request()).get("results")).isEqualTo(plain);
    }
  }

  /// 4.5: two pages of one, with the token alone and with the limit repeated.
  @Test
  void pages_go_on_where_the_last_one_ended() {
    for (var again : List.of("", ",\"limit\":1")) {
      var first = pdp.ask("/access/v1/search/subject", READ.formatted(",\"page\":{\"limit\":1}"));
      var token = first.at("/page/next_token").stringValue();
      var second =
          pdp.ask(
              "/access/v1/search/subject",
              READ.formatted(",\"page\":{\"token\":\"" + token + "\"" + again + "}"));

      assertThat(first.at("/results/0/id").stringValue()).isEqualTo("alice");
      assertThat(first.get("results")).hasSize(1);
      assertThat(second.at("/results/0/id").stringValue()).isEqualTo("bob");
      assertThat(second.at("/page/next_token").stringValue()).isEmpty();
    }
  }

  /// Section 7.1.2.1 of the specification, which the scenario leaves out.
  @Test
  void the_short_circuits_end_where_they_say() {
    var all =
        """
        {"subject":{"type":"user","id":"bob"},"resource":{"type":"record","id":"record-1"},
         "options":{"evaluations_semantic":"%s"},
         "evaluations":[{"action":{"name":"read"}},{"action":{"name":"write"}},
                        {"action":{"name":"read"}}]}
        """;

    assertThat(decisions(all.formatted("execute_all"))).containsExactly(true, false, true);
    assertThat(decisions(all.formatted("deny_on_first_deny"))).containsExactly(true, false);
    assertThat(decisions(all.formatted("permit_on_first_permit"))).containsExactly(true);
  }

  private static List<Boolean> decisions(String body) {
    return pdp.ask("/access/v1/evaluations", body)
        .get("evaluations")
        .valueStream()
        .map(one -> one.get("decision").booleanValue())
        .toList();
  }

  /// 6: the address is `http` here, since TLS ends before a loopback address.
  @Test
  void the_metadata_names_the_endpoints_that_answer() throws Exception {
    var request =
        HttpRequest.newBuilder(remit.address().resolve("/.well-known/authzen-configuration"))
            .build();

    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    var json = JSON.readTree(answer.body());
    assertThat(json.get("policy_decision_point").stringValue())
        .isEqualTo(remit.address().toString());
    assertThat(json.propertyNames()).hasSize(6);
    for (var name : json.propertyNames()) {
      if (name.endsWith("_endpoint")) {
        var path = URI.create(json.get(name).stringValue()).getPath();
        assertThat(pdp.send(path, "{}").statusCode()).as(name).isEqualTo(400);
      }
    }
  }

  /// One request of the scenario.
  record Case(JsonNode json) {

    String id() {
      return json.get("id").stringValue();
    }

    String path() {
      return json.get("path").stringValue();
    }

    String request() {
      return json.get("request").toString();
    }

    @Override
    public String toString() {
      return json.get("level").stringValue() + " " + id() + " " + json.get("title").stringValue();
    }
  }

  static List<Case> cases() {
    try (var in = CertificationTest.class.getResourceAsStream("/authzen/certification.json")) {
      return JSON.readTree(in).valueStream().map(Case::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("read the scenario", e);
    }
  }
}
