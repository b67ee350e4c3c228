package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.ConsoleWorld.Visitor;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Changes of what decides an identity, at the console as people without scripts use it. Every one
/// takes a second person here, and every agreement a fresh sign-in.
class ChangePagesTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ConsoleWorld world;

  ChangePagesTest() throws IOException {
    this.world =
        new ConsoleWorld("changes: {approval: always, canary: 0s}\nsignIn: {freshFrom: low}\n");
    world.declare(things() + model("clerk-1") + agent());
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("R66")
  void one_that_was_evaluated_is_approved_by_another_person_who_has_just_signed_in() {
    var change = evaluated();
    var bea = world.signedIn("bea");
    var page = bea.get(change).text();
    world.pass(Duration.ofMinutes(6));
    var stale = bea.post(change + "/answer", Map.of("answer", "agree", "reason", "tested"));
    var told = bea.get(change).text();
    var again = world.signedIn("bea");
    again.get(change);

    var agreed = again.post(change + "/answer", Map.of("answer", "agree", "reason", "tested"));

    assertThat(page)
        .contains("Approve it?", "There is nothing before it to compare with")
        .contains("Each axis stands alone", "bank/pay", "elsewhere-1");
    assertThat(stale.status()).isEqualTo(403);
    assertThat(stale.text()).contains("Nothing was done");
    assertThat(told).contains("To agree, show first that it is still you");
    assertThat(agreed.status()).isEqualTo(303);
    assertThat(again.get(change).text()).contains("It is in use", "bea");
  }

  @Test
  @Tag("R66")
  void it_is_refused_without_a_sign_in_and_before_its_evaluations_are_there() {
    var change = "/console/changes/" + change("classified");
    var bea = world.signedIn("bea");
    world.pass(Duration.ofMinutes(6));
    assertThat(bea.get("/console/changes").text()).contains("Wait for evaluations");
    assertThat(bea.get(change).text()).contains("It waits for evaluations", "not run yet");
    var early = bea.post(change + "/answer", Map.of("answer", "agree", "reason", "fine"));
    bea.get(change);

    var refused = bea.post(change + "/answer", Map.of("answer", "decline", "reason", "no need"));

    assertThat(early.status()).isEqualTo(403);
    assertThat(refused.status()).isEqualTo(303);
    assertThat(bea.get(change).text()).contains("It is suspended", "declined: no need");
  }

  @Test
  @Tag("R70")
  @Tag("R74")
  void what_differs_is_shown_and_one_person_takes_it_back_without_signing_in_again() {
    approve(evaluated());
    world.declare(model("clerk-2"));
    var change = evaluated();
    approve(change);
    var otto = world.signedIn("otto");
    world.pass(Duration.ofMinutes(6));
    var page = otto.get(change).text();

    var back = otto.post(change + "/rollback", Map.of("reason", "it answers oddly"));

    assertThat(page).contains("clerk-1", "clerk-2", "tool authority", "Roll back now");
    assertThat(back.status()).isEqualTo(303);
    assertThat(otto.get(back.location()).text()).contains("It is in use");
    assertThat(otto.get(change).text()).contains("It is over", "taken back: it answers oddly");
  }

  @Test
  void what_is_in_use_is_stopped_by_one_person_and_what_is_not_is_said_not_to_be() {
    var change = evaluated();
    approve(change);
    var otto = world.signedIn("otto");
    otto.get(change);

    var stopped = otto.post(change + "/suspend", Map.of("reason", "odd"));
    var again =
        otto.post(
            change + "/suspend", Map.of("reason", "odd", "token", otto.token(change + "/suspend")));

    assertThat(stopped.status()).isEqualTo(303);
    assertThat(otto.get(change).text()).contains("suspended: may do nothing");
    assertThat(again.status()).isIn(303, 409);
    assertThat(otto.get("/console/changes/chg_01hzzzzzzzzzzzzzzzzzzzzzzz").status()).isEqualTo(404);
  }

  @Test
  void it_waits_in_the_inbox_of_whoever_may_answer_and_in_nobody_elses() {
    evaluated();

    assertThat(world.signedIn("bea").get("/console").text())
        .contains("that clerk may decide invoice-agent", "/console/changes/");
    assertThat(world.signedIn("otto").get("/console").text())
        .doesNotContain("that clerk may decide invoice-agent");
    assertThat(world.signedIn("aud").get("/console/changes").text())
        .contains("somebody else answers");
  }

  private void approve(String change) {
    Visitor bea = world.signedIn("bea");
    bea.get(change);
    var agreed = bea.post(change + "/answer", Map.of("answer", "agree", "reason", "tested"));
    assertThat(agreed.status()).as(agreed.text()).isEqualTo(303);
  }

  /// The page of the change that waits, once everything that it needs has passed.
  private String evaluated() {
    var id = change("classified");
    var shown = JSON.readTree(world.api("GET", "/v1/changes/" + id, "").body());
    for (var suite : shown.path("suites")) {
      var said =
          JSON.createObjectNode()
              .put("suite", suite.asString(""))
              .put("run", "elsewhere-1")
              .put("verdict", "pass");
      var answer = world.asSecurity("POST", "/v1/changes/" + id + "/evaluations", said.toString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
    return "/console/changes/" + id;
  }

  private String change(String state) {
    var all = JSON.readTree(world.api("GET", "/v1/changes?state=" + state, "").body());
    return all.path("items").path(0).path("id").asString("");
  }

  private static String model(String version) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec: {provider: example, model: %s, lifecycle: ga}
    """
        .formatted(version);
  }

  private static String agent() {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: invoice-agent}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-with-confirmation
      model: clerk
      authenticatesBy:
        - signIn: {people: [anna]}
    """;
  }

  private static String things() {
    return """
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: bank/pay}
    spec:
      resource: bank
      tool: pay
      effects: [write, destructive]
      dataClasses: [internal]
      definition:
        digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"
        inputSchema: {type: object}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: agent-bank}
    spec:
      identity: invoice-agent
      resource: bank
      tools: [pay]
      dataClasses: [internal]
      approvedBy: bea
      expires: %s
    """
        .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }
}
