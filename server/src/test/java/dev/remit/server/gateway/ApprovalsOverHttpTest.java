package dev.remit.server.gateway;

import static dev.remit.server.gateway.HeldPayments.INVOICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.ApprovalId;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What people see of held calls and may answer, over HTTP and with their own tokens.
@Tag("R172")
class ApprovalsOverHttpTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final GatewayWorld world =
      new GatewayWorld(
          GatewayWorld.patience(java.time.Duration.ofSeconds(5), java.time.Duration.ofMillis(300)));
  private final String token = world.token();

  @BeforeEach
  void paying_is_held() {
    world.policy.rule = HeldPayments.holding("pay");
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: aude}
        spec: {displayName: Aude, email: aude@example.org, roles: [auditor]}
        ---
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: sam}
        spec: {displayName: Sam, email: sam@example.org, subject: idp-sam, roles: [security]}
        """);
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @Test
  void what_waits_is_listed_and_shown_with_what_is_asked() {
    var id = held();

    var list = JSON.readTree(get("bea", "/v1/approvals?state=pending").body());
    var shown = JSON.readTree(get("aude", "/v1/approvals/" + id).body());

    assertThat(list.at("/approvals/0/id").stringValue()).isEqualTo(id);
    assertThat(shown.path("state").stringValue()).isEqualTo("pending");
    assertThat(shown.path("method").stringValue()).isEqualTo("tools/call");
    assertThat(shown.path("item").stringValue()).isEqualTo("files/pay");
    assertThat(shown.path("arguments").stringValue()).isEqualTo(INVOICE);
    assertThat(shown.path("owner").stringValue()).isEqualTo("anna");
    assertThat(shown.at("/roles/0").stringValue()).isEqualTo("approver");
    assertThat(shown.at("/because/0").stringValue()).isEqualTo("four-eyes");
  }

  @Test
  void another_person_with_the_role_agrees_and_the_call_is_made() {
    var id = held();

    var answered = answer("bea", id, "{\"agree\":true,\"reason\":\"matches the order\"}");
    var made = world.call(token, "pay", INVOICE);

    assertThat(answered.statusCode()).isEqualTo(200);
    var json = JSON.readTree(answered.body());
    assertThat(json.path("state").stringValue()).isEqualTo("granted");
    assertThat(json.at("/answer/by").stringValue()).isEqualTo("bea");
    assertThat(json.has("arguments")).isFalse();
    assertThat(made.body()).contains("done");
    assertThat(state(id)).isEqualTo("consumed");
  }

  @Test
  void a_declined_call_is_not_made() {
    var id = held();

    var answered = answer("bea", id, "{\"agree\":false,\"reason\":\"no such order\"}");
    var repeat = world.call(token, "pay", INVOICE);

    assertThat(JSON.readTree(answered.body()).path("state").stringValue()).isEqualTo("declined");
    assertThat(GatewayWorld.refusal(repeat).path("approval").stringValue()).isNotEqualTo(id);
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void the_owner_of_the_workflow_does_not_approve_although_they_hold_the_role() {
    var id = held();

    assertProblem(answer("anna", id, AGREED), 403, "own-request");
    assertThat(state(id)).isEqualTo("pending");
  }

  @Test
  void a_person_whom_this_one_does_not_ask_is_refused_by_it() {
    var id = held();

    assertProblem(answer("sam", id, AGREED), 403, "not-asked");
    assertThat(state(id)).isEqualTo("pending");
  }

  @Test
  void who_can_never_be_asked_is_refused_at_the_edge() {
    var id = held();

    assertProblem(answer("aude", id, AGREED), 403, "forbidden");
    assertThat(post("/v1/approvals/" + id + "/answer", AGREED, token).statusCode()).isEqualTo(403);
    assertThat(post("/v1/approvals/" + id + "/answer", AGREED, "x").statusCode()).isEqualTo(401);
    assertThat(state(id)).isEqualTo("pending");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"agree\":true}",
        "{\"agree\":true,\"reason\":\"  \"}",
        "{\"agree\":\"yes\",\"reason\":\"because\"}",
        "{\"reason\":\"because\"}"
      })
  void an_answer_without_a_reason_or_a_decision_is_refused(String body) {
    var id = held();

    var got = answer("bea", id, body);

    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).contains("reason", "1 to 2000 characters");
    assertThat(state(id)).isEqualTo("pending");
  }

  @Test
  void what_waits_is_also_told_in_groups_and_shown_with_what_it_rests_on() {
    var id = held();
    held("{\"invoice\":\"18\"}");

    var groups = JSON.readTree(get("bea", "/v1/approvals/groups").body());
    var shown = JSON.readTree(get("bea", "/v1/approvals/" + id).body());

    assertThat(groups.at("/groups/0/waiting").intValue()).isEqualTo(2);
    assertThat(groups.at("/groups/0/item").stringValue()).isEqualTo("files/pay");
    assertThat(shown.path("assumptions").valueStream())
        .anySatisfy(one -> assertThat(one.path("says").stringValue()).contains("files/pay"));
    assertThat(shown.at("/wanted/0").stringValue()).isEqualTo("a person with approver");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"agree\":true,\"reason\":\"r\",\"forTask\":5}",
        "{\"agree\":false,\"reason\":\"r\",\"forTask\":{\"uses\":2}}",
        "{\"agree\":true,\"reason\":\"r\",\"forTask\":{\"uses\":2,\"until\":\"soon\"}}",
        "{\"agree\":true,\"reason\":\"r\",\"forTask\":{\"uses\":1,\"until\":\"2099-01-01T00:00:00Z\"}}",
        "{\"agree\":true,\"reason\":\"r\",\"forTask\":{\"uses\":9,\"until\":\"2099-01-01T00:00:00Z\","
            + "\"free\":[\"\"]}}"
      })
  void an_agreement_for_a_task_that_says_nothing_clear_is_refused(String body) {
    var id = held();

    var got = answer("bea", id, body);

    assertThat(got.statusCode()).as(got.body()).isEqualTo(400);
    assertThat(got.body()).contains("forTask");
    assertThat(state(id)).isEqualTo("pending");
  }

  @Test
  void policy_that_wants_each_call_asked_for_is_not_talked_out_of_it() {
    var id = held();
    var body =
        "{\"agree\":true,\"reason\":\"r\",\"forTask\":{\"uses\":2,\"until\":\"%s\"}}"
            .formatted(Instant.now().plusSeconds(60));

    assertProblem(answer("bea", id, body), 409, "not-for-task");
    assertThat(state(id)).isEqualTo("pending");
  }

  @Test
  void of_two_answers_the_first_counts() {
    var id = held();
    answer("bea", id, "{\"agree\":false,\"reason\":\"no\"}");

    assertProblem(answer("bea", id, AGREED), 409, "approval-settled");
    assertThat(state(id)).isEqualTo("declined");
  }

  @Test
  void an_answer_to_what_was_voided_lapsed_or_used_says_so() {
    var used = held();
    answer("bea", used, AGREED);
    world.call(token, "pay", INVOICE);
    var lapsed = held("{\"invoice\":\"18\"}");
    world.approvals.lapse(world.approvals.find(new ApprovalId(lapsed)).orElseThrow().lapsesAt());
    var voided = held("{\"invoice\":\"19\"}");
    world.suspend();
    await().until(() -> state(voided).equals("void"));

    for (var id : List.of(used, lapsed, voided)) {
      assertProblem(answer("bea", id, AGREED), 409, "approval-settled");
    }
    assertThat(world.upstream.count("tools/call")).isEqualTo(1);
  }

  @Test
  void nothing_is_known_of_an_approval_that_does_not_exist() {
    var id = ApprovalId.fresh(Instant.now()).value();

    assertProblem(get("bea", "/v1/approvals/" + id), 404, "not-found");
    assertProblem(answer("bea", id, AGREED), 404, "not-found");
    assertThat(get("bea", "/v1/approvals/none").statusCode()).isIn(400, 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"email: SAM@example.org", "email: s2@example.org, subject: idp-sam"})
  void nobody_has_a_second_account_to_approve_with(String same) {
    var second =
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: sam-again}
        spec: {displayName: Sam, %s, roles: [approver]}
        """
            .formatted(same);

    assertThat(world.flaws(second)).contains("declare each human once");
  }

  private static final String AGREED = "{\"agree\":true,\"reason\":\"seen\"}";

  private String held() {
    return held(INVOICE);
  }

  private String held(String arguments) {
    return GatewayWorld.refusal(world.call(token, "pay", arguments)).path("approval").stringValue();
  }

  private String state(String id) {
    JsonNode shown = JSON.readTree(get("bea", "/v1/approvals/" + id).body());
    return shown.path("state").asString("");
  }

  private HttpResponse<String> get(String person, String path) {
    return world.send(
        HttpRequest.newBuilder(world.url.resolve(path))
            .header("Authorization", "Bearer " + world.person(person))
            .GET());
  }

  private HttpResponse<String> answer(String person, String id, String body) {
    return post("/v1/approvals/" + id + "/answer", body, world.person(person));
  }

  private HttpResponse<String> post(String path, String body, String bearer) {
    return world.send(
        HttpRequest.newBuilder(world.url.resolve(path))
            .header("Authorization", "Bearer " + bearer)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static void assertProblem(HttpResponse<String> got, int status, String slug) {
    assertThat(got.statusCode()).as(got.body()).isEqualTo(status);
    assertThat(JSON.readTree(got.body()).path("type").asString("")).endsWith("/" + slug);
  }
}
