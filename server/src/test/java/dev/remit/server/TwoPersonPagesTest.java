package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.ConsoleWorld.Visitor;
import dev.remit.server.approvals.Allowance;
import dev.remit.server.approvals.Approval;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What takes two people, asked for and answered in pages, as people without scripts do it.
class TwoPersonPagesTest {
  private ConsoleWorld world;

  TwoPersonPagesTest() throws IOException {
    this.world = new ConsoleWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static String action(Visitor visitor, String page, String ends) {
    return visitor
        .get(page)
        .text()
        .replaceAll("(?s).*<form action=\"([^\"]*" + ends + ")\".*", "$1");
  }

  @Test
  @Tag("R55")
  void a_finding_is_accepted_by_another_person_than_who_asks_and_that_is_ended_by_one() {
    world.found("an agent pays at night", Role.SECURITY);
    var sec = world.signedIn("sec");
    var asked =
        sec.post(
            action(sec, "/console/findings", "/exception"),
            Map.of("count", "3", "unit", "days", "reason", "it is mended on Monday"));
    assertThat(asked.location()).isEqualTo("/console/exceptions");
    var own = sec.get("/console/exceptions").text();
    var bea = world.signedIn("bea");
    assertThat(bea.get("/console").text()).contains("that a finding be accepted for 3 days");
    var answer = action(bea, "/console/exceptions", "/answer");

    var forced = sec.post(answer, Map.of("answer", "agree", "token", sec.token(answer)));
    var agreed = bea.post(answer, Map.of("answer", "agree"));

    assertThat(own).contains("You asked for it, so somebody else has to agree");
    assertThat(own).doesNotContain("Agree: accept it");
    assertThat(forced.status()).isEqualTo(403);
    assertThat(forced.text()).contains("nobody approves their own request");
    assertThat(agreed.status()).isEqualTo(303);
    assertThat(bea.get("/console/exceptions").text()).contains("is accepted", "End it now");
    bea.post(action(bea, "/console/exceptions", "/end"), Map.of());
    assertThat(bea.get("/console/exceptions").text()).contains("No finding is accepted", "ended");
  }

  @Test
  @Tag("R172")
  void policy_is_observed_only_when_two_agree_and_enforced_again_by_one() {
    world.declare(
        ConsoleWorld.person("gil", "break-glass") + ConsoleWorld.person("gus", "break-glass"));
    var gil = world.signedIn("gil");
    gil.get("/console/enforcement");
    gil.post(
        "/console/enforcement", Map.of("count", "1", "unit", "hours", "reason", "pay run stands"));
    var gus = world.signedIn("gus");
    var answer = action(gus, "/console/enforcement", "/answer");
    assertThat(gus.get("/console/enforcement").text()).contains("Policy is enforced.", "pay run");

    var own = gil.post(answer, Map.of("answer", "agree", "token", gil.token(answer)));
    var agreed = gus.post(answer, Map.of("answer", "agree"));

    assertThat(own.status()).isEqualTo(403);
    assertThat(agreed.status()).isEqualTo(303);
    assertThat(gus.get("/console/enforcement").text()).contains("Policy is NOT enforced");
    var sec = world.signedIn("sec");
    sec.get("/console/enforcement");
    assertThat(sec.post("/console/enforcement/end", Map.of()).status()).isEqualTo(303);
    assertThat(sec.get("/console/enforcement").text()).contains("Policy is enforced.");
  }

  @Test
  @Tag("R172")
  void a_length_of_time_that_is_none_or_too_long_is_said_to_be_so() {
    world.declare(ConsoleWorld.person("gil", "break-glass"));
    var gil = world.signedIn("gil");
    for (var wrong : new String[] {"0", "-3", "many", "", "9223372036854775807", "10000"}) {
      gil.get("/console/enforcement");

      var asked =
          gil.post(
              "/console/enforcement", Map.of("count", wrong, "unit", "days", "reason", "because"));

      assertThat(asked.status()).as(wrong).isEqualTo(400);
      assertThat(asked.text()).contains("A length of time of at most 24 h is needed");
    }
  }

  @Test
  @Tag("R19")
  void what_was_agreed_to_for_a_task_is_taken_back_by_who_agreed() {
    var terms = new Terms(Terms.of(Set.of(Role.APPROVER)).quorums(), 5, Set.of());
    var approval = world.held("pay", "{\"invoice\":\"17\"}", terms);
    var bea = world.signedIn("bea");
    var path = "/console/approvals/" + approval.id();
    bea.get(path);
    bea.post(
        path,
        Map.of(
            "answer",
            "agree",
            "reason",
            "all of them",
            "uses",
            "4",
            "minutes",
            "10",
            "free",
            "invoice"));
    var otto = world.signedIn("otto");
    assertThat(otto.get(path).text()).doesNotContain("Take it back");
    var forced =
        otto.post(
            path + "/take-back", Map.of("reason", "x", "token", otto.token(path + "/take-back")));
    assertThat(bea.get(path).text()).contains("Take it back");

    var taken = bea.post(path + "/take-back", Map.of("reason", "the wrong invoices"));
    bea.get(path);
    var again =
        bea.post(
            path + "/take-back", Map.of("reason", "x", "token", bea.token(path + "/take-back")));

    assertThat(forced.status()).isEqualTo(403);
    assertThat(taken.status()).isEqualTo(303);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text()).contains("Nothing of " + approval.id() + " is left to be used");
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.VOID);
    assertThat(world.approvals.allowance(approval.id()).map(Allowance::state))
        .contains(Allowance.State.VOID);
    var entry = world.entries("allowance.ended").getFirst();
    assertThat(entry.path("by").asString("")).isEqualTo("bea");
    assertThat(entry.path("why").asString("")).isEqualTo("taken back");
  }

  @Test
  @Tag("R172")
  void a_person_says_when_they_are_away_and_who_stands_in_within_what_they_hold() {
    var bea = world.signedIn("bea");
    bea.get("/console/account");
    var from = world.now().toString().substring(0, 16);
    var until = world.now().plus(Duration.ofDays(3)).toString().substring(0, 16);

    var away = bea.post("/console/account/away", Map.of("from", from, "until", until));
    bea.get("/console/account");
    var backwards = bea.post("/console/account/away", Map.of("from", until, "until", from));
    bea.get("/console/account");
    var named =
        bea.post(
            "/console/account/delegates",
            Map.of("to", "pia", "role-approver", "yes", "from", from, "until", until));
    var shown = bea.get("/console/account").text();
    var greedy =
        bea.post(
            "/console/account/delegates",
            Map.of("to", "pia", "role-security", "yes", "from", from, "until", until));
    bea.get("/console/account");
    var nobody =
        bea.post(
            "/console/account/delegates",
            Map.of("to", "<b>", "role-approver", "yes", "from", from, "until", until));

    assertThat(away.status()).isEqualTo(303);
    assertThat(backwards.status()).isEqualTo(400);
    assertThat(named.status()).as(named.text()).isEqualTo(303);
    assertThat(shown).contains("You are away", "pia as approver");
    assertThat(greedy.status()).isEqualTo(409);
    assertThat(greedy.text()).contains("does not hold the role", "to lend it");
    assertThat(nobody.status()).isEqualTo(400);
    bea.get("/console/account");
    assertThat(bea.post("/console/account/back", Map.of()).status()).isEqualTo(303);
    bea.get("/console/account");
    assertThat(bea.post("/console/account/delegates/end", Map.of()).status()).isEqualTo(303);
    assertThat(bea.get("/console/account").text()).doesNotContain("You are away", "pia as");
  }

  @Test
  @Tag("R123")
  void what_takes_two_is_read_to_the_letter_and_applied_by_the_second() throws IOException {
    world.close();
    world = new ConsoleWorld("registry: {secondPerson: always}\n");
    var asked = apply(ConsoleWorld.person("kim", "approver"));
    assertThat(asked).isEqualTo(202);
    var sec = world.signedIn("sec");
    assertThat(sec.get("/console").text()).contains("to apply 1 change");
    var path =
        sec.get("/console/apply-requests")
            .text()
            .replaceAll("(?s).*href=\"(/console/apply-requests/[^\"]+)\".*", "$1");
    var page = sec.get(path).text();
    var otto = world.signedIn("otto");
    otto.get(path);

    var notPermitted = otto.post(path + "/answer", Map.of("answer", "agree", "reason", "fine"));
    var agreed = sec.post(path + "/answer", Map.of("answer", "agree", "reason", "I know Kim"));

    assertThat(page).contains("create person/kim", "kim@example.org", "Agree: apply it");
    assertThat(notPermitted.status()).isEqualTo(403);
    assertThat(agreed.status()).as(agreed.text()).isEqualTo(303);
    assertThat(sec.get(path).text()).contains("It is agreed.");
    assertThat(world.api("GET", "/v1/registry/people/kim", "").statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("R123")
  void an_apply_is_void_for_the_second_person_once_something_else_has_changed() throws IOException {
    world.close();
    world = new ConsoleWorld("registry: {secondPerson: always}\n");
    apply(ConsoleWorld.person("kim", "approver"));
    apply(ConsoleWorld.person("lea", "approver"));
    var sec = world.signedIn("sec");
    var paths =
        sec.get("/console/apply-requests").text().split("href=\"(?=/console/apply-requests/)", -1);
    var first = paths[1].substring(0, paths[1].indexOf('"'));
    var second = paths[2].substring(0, paths[2].indexOf('"'));
    sec.get(first);
    sec.post(first + "/answer", Map.of("answer", "agree", "reason", "one"));

    sec.get(second);
    var late =
        sec.post(
            second + "/answer",
            Map.of("answer", "agree", "reason", "two", "token", sec.token(second + "/answer")));

    assertThat(late.status()).isEqualTo(409);
    assertThat(world.entries("registry.changed")).isNotEmpty();
  }

  private int apply(String manifests) {
    var body = tools.jackson.databind.json.JsonMapper.shared().createObjectNode();
    body.putArray("files").addObject().put("name", "more.yaml").put("text", manifests);
    return world.api("POST", "/v1/registry/apply", body.toString()).statusCode();
  }

  @Test
  @Tag("R93")
  void what_has_no_page_of_its_own_goes_on_when_a_second_person_agrees() {
    world.declare(ConsoleWorld.person("sel", "security"));
    var stopped = world.api("POST", "/v1/resources/bank/suspend", "{\"reason\": \"it leaks\"}");
    assertThat(stopped.statusCode()).as(stopped.body()).isLessThan(300);
    var sec = world.signedIn("sec");
    assertThat(sec.get("/console/suspensions").text()).contains("resource bank", "it leaks");
    var resume = "/console/suspensions/resource/bank/resume";
    assertThat(sec.post(resume, Map.of("reason", "it is mended")).status()).isEqualTo(303);
    var sel = world.signedIn("sel");

    sel.post(action(sel, "/console/suspensions", "[0-9a-z]"), Map.of("answer", "agree"));

    assertThat(sel.get("/console/suspensions").text()).contains("Nothing is suspended.");
  }

  @Test
  @Tag("R41")
  void a_shut_gate_promotes_nothing_and_what_is_no_production_is_not_demoted() {
    var otto = world.signedIn("otto");
    var page = otto.get("/console/workflows/invoices/gate").text();
    var promote = "/console/workflows/invoices/promote";
    var demote = "/console/workflows/invoices/demote";

    var asked = otto.post(promote, Map.of("reason", "it is ready", "token", otto.token(promote)));
    var demoted = otto.post(demote, Map.of("reason", "it is not", "token", otto.token(demote)));

    assertThat(page).contains("items are not met").doesNotContain("Ask for promotion");
    assertThat(asked.status()).isEqualTo(409);
    assertThat(asked.text()).contains("items are not met", "ownership");
    assertThat(demoted.status()).isEqualTo(409);
  }
}
