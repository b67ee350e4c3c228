package dev.remit.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Approval;
import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The console, page by page, as people without scripts see it.
class ConsoleTest {
  /// Who holds which roles; of `admin` every one.
  private static final Map<String, Set<Role>> PEOPLE =
      Map.of(
          "anna", EnumSet.of(Role.OWNER, Role.APPROVER),
          "bea", EnumSet.of(Role.APPROVER),
          "otto", EnumSet.of(Role.OWNER),
          "sec", EnumSet.of(Role.SECURITY),
          "aud", EnumSet.of(Role.AUDITOR),
          "pia", EnumSet.of(Role.PRIVACY),
          "nob", Set.of());

  private final ConsoleWorld world;

  ConsoleTest() throws IOException {
    this.world = new ConsoleWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private List<Operation> pages(Method method) {
    return world.operations().stream()
        .filter(one -> one.access() instanceof Access.SignedIn && one.method() == method)
        .toList();
  }

  private static Set<Role> roles(Operation operation) {
    return ((Access.SignedIn) operation.access()).anyOf();
  }

  @Test
  void who_is_not_signed_in_is_sent_to_where_they_can_and_comes_back_to_the_page() {
    var stranger = world.stranger();

    var sent = stranger.get("/console/approvals?state=pending");

    assertThat(sent.status()).isEqualTo(303);
    assertThat(sent.location()).isEqualTo("/sign-in?next=%2Fconsole%2Fapprovals%3Fstate%3Dpending");
  }

  @Test
  @Tag("R80")
  @Tag("R99")
  void each_page_opens_for_the_roles_it_names_and_for_nobody_else() {
    var stream = "/console/activity/stream";
    for (var person : PEOPLE.entrySet()) {
      var visitor = world.signedIn(person.getKey());
      for (var page : pages(Method.GET)) {
        boolean may = person.getValue().stream().anyMatch(roles(page)::contains);
        if (!may || !page.path().equals(stream)) {
          var shown = visitor.get(page.path().replaceAll("\\{[^}]*}", "none"));

          assertThat(shown.status())
              .as("%s opens %s", person.getKey(), page.path())
              .isIn(may ? List.of(200, 400, 404) : List.of(403));
          assertThat(shown.header("content-type")).startsWith("text/html");
        }
      }
      for (var form : pages(Method.POST)) {
        if (person.getValue().stream().noneMatch(roles(form)::contains)) {
          var path = form.path().replaceAll("\\{[^}]*}", "none");

          var sent = visitor.post(path, Map.of("reason", "x", "token", visitor.token(path)));

          assertThat(sent.status()).as("%s sends %s", person.getKey(), path).isEqualTo(403);
          assertThat(sent.text()).contains("This needs one of the roles");
        }
      }
    }
  }

  @Test
  void a_token_of_the_api_opens_no_page() {
    assertThat(world.api("GET", "/console", "").statusCode()).isEqualTo(303);
  }

  @Test
  void no_page_runs_or_loads_what_is_not_ours() {
    var approval = world.held("pay", "{}");
    var visitor = world.signedIn("sec");
    for (var path : List.of("/console", "/console/ledger", "/console/approvals/" + approval.id())) {
      var shown = visitor.get(path);

      assertThat(shown.header("content-security-policy"))
          .startsWith("default-src 'none'; style-src 'self'; script-src 'self'")
          .contains("frame-ancestors 'none'", "form-action 'self'")
          .doesNotContain("unsafe");
      assertThat(shown.text()).doesNotContain(" style=", "<style", "javascript:");
      assertThat(shown.text().split("<script", -1))
          .allMatch(part -> !part.contains("</script>") || part.contains("></script>"));
    }
  }

  @Test
  @Tag("R19")
  @Tag("R171")
  void a_person_reads_what_is_wanted_and_agrees_with_a_reason() {
    var approval = world.held("pay", "{\"invoice\":\"17\",\"amount\":480}");
    var bea = world.signedIn("bea");
    assertThat(bea.get("/console").text()).contains("invoice-agent", "bank/pay", "Review");

    var page = bea.get("/console/approvals/" + approval.id());
    var answered =
        bea.post(
            "/console/approvals/" + approval.id(),
            Map.of("answer", "agree", "reason", "invoice 17 is ours"));

    assertThat(page.text())
        .contains("&quot;amount&quot; : 480", "Pay what is due", "pay-invoices", "four-eyes")
        .contains("The first time");
    assertThat(answered.status()).isEqualTo(303);
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.GRANTED);
    assertThat(world.approval(approval.id()).answer())
        .hasValueSatisfying(answer -> {
          assertThat(answer.by()).isEqualTo("bea");
          assertThat(answer.reason()).isEqualTo("invoice 17 is ours");
        });
    assertThat(world.entries("approval.settled"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("by").asString("")).isEqualTo("bea"));
  }

  @Test
  @Tag("R172")
  void the_owner_of_the_workflow_that_asks_is_told_why_they_cannot_answer() {
    var approval = world.held("pay", "{}");
    var path = "/console/approvals/" + approval.id();
    var anna = world.signedIn("anna");

    var page = anna.get(path);
    var answered =
        anna.post(path, Map.of("answer", "agree", "reason", "me", "token", anna.token(path)));

    assertThat(page.text()).contains("nobody approves their own request").doesNotContain(">Agree");
    assertThat(answered.status()).isEqualTo(403);
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.PENDING);
  }

  @Test
  @Tag("R174")
  void the_page_says_whether_what_an_answer_rests_on_still_holds_and_an_answer_voids_by_itself() {
    var approval = world.held("pay", "{}");
    var path = "/console/approvals/" + approval.id();
    var bea = world.signedIn("bea");
    var before = bea.get(path).text();

    world.declare(ConsoleWorld.workflow("otto"));
    var answered = bea.post(path, Map.of("answer", "agree", "reason", "seen"));
    var after = bea.get(path).text();

    assertThat(before).contains("<td>holds</td>");
    assertThat(answered.status()).isEqualTo(409);
    assertThat(answered.text()).contains("not so any more");
    assertThat(after).contains("Void: what it was for was stopped or has changed");
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.VOID);
  }

  @Test
  void where_two_have_to_agree_each_is_told_who_is_still_wanted() {
    var terms = new Terms(Set.of(new Quorum(2, Set.of(Role.APPROVER))), 3, Set.of());
    world.declare(ConsoleWorld.person("cleo", "approver"));
    var approval = world.held("pay", "{\"invoice\":\"17\"}", terms);
    var path = "/console/approvals/" + approval.id();
    var bea = world.signedIn("bea");
    var cleo = world.signedIn("cleo");

    var first = bea.get(path).text();
    var answer =
        Map.of("answer", "agree", "reason", "mine", "uses", "3", "minutes", "5", "free", "invoice");
    bea.post(path, answer);
    var then = bea.get(path).text();
    var pending = world.approval(approval.id()).state();
    cleo.get(path);
    cleo.post(path, answer);

    assertThat(first).contains("2 people with approver", "up to 3 calls", "has to agree after you");
    assertThat(then).contains("You have agreed. Still wanted: 2 people with approver");
    assertThat(pending).isEqualTo(Approval.State.PENDING);
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.GRANTED);
    assertThat(bea.get(path).text()).contains("agreed to for the task", "of 3 calls");
  }

  @Test
  void who_lost_the_role_while_the_page_was_open_does_not_answer_any_more() {
    var approval = world.held("pay", "{}");
    var path = "/console/approvals/" + approval.id();
    var bea = world.signedIn("bea");
    bea.get(path);

    world.declare(ConsoleWorld.person("bea", "owner"));
    var answered = bea.post(path, Map.of("answer", "agree", "reason", "late"));

    assertThat(answered.status()).isEqualTo(403);
    assertThat(answered.text()).contains("approver");
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.PENDING);
  }

  @Test
  void of_two_who_answer_at_once_the_second_is_told_that_it_is_answered() {
    var approval = world.held("pay", "{}");
    var path = "/console/approvals/" + approval.id();
    var bea = world.signedIn("bea");
    world.declare(ConsoleWorld.person("cleo", "approver"));
    var cleo = world.signedIn("cleo");
    bea.get(path);
    cleo.get(path);
    bea.post(path, Map.of("answer", "decline", "reason", "not ours"));

    var second = cleo.post(path, Map.of("answer", "agree", "reason", "ours"));

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.text()).contains("your answer changed nothing");
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.DECLINED);
  }

  @Test
  void an_answer_after_its_time_changes_nothing() {
    var approval = world.held("pay", "{}");
    var path = "/console/approvals/" + approval.id();
    var bea = world.signedIn("bea");
    bea.get(path);

    world.pass(Duration.ofMinutes(11));
    var answered = bea.post(path, Map.of("answer", "agree", "reason", "late"));

    assertThat(answered.status()).isEqualTo(409);
    assertThat(world.approval(approval.id()).state()).isEqualTo(Approval.State.LAPSED);
  }

  @Test
  void what_an_agent_sends_is_inert_and_seen_for_what_it_is() {
    var hostile =
        "{\"to\":\"<script>alert(1)</script><img src=x onerror=alert(2)>\","
            + "\"note\":\"in\u202egnihtyna\u200b\",\"tail\":\"</pre></main>\"}";
    var approval = world.held("pay", hostile);

    var page = world.signedIn("bea").get("/console/approvals/" + approval.id()).text();

    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "U+202E", "U+200B", "&lt;/pre&gt;")
        .doesNotContain("<script>alert", "<img", "\u202e", "\u200b");
  }

  @Test
  void what_is_too_long_to_be_read_says_so() {
    var approval = world.held("pay", "{\"text\":\"" + "long ".repeat(40_000) + "\"}");

    var page = world.signedIn("bea").get("/console/approvals/" + approval.id()).text();

    assertThat(page).contains("Do not agree to what you have not read").hasSizeLessThan(90_000);
  }

  @Test
  void a_form_is_believed_only_from_the_page_that_this_browser_was_shown() {
    var first = world.held("pay", "{}");
    var second = world.held("refund", "{}");
    var bea = world.signedIn("bea");
    var path = "/console/approvals/" + first.id();
    var answer = Map.of("answer", "agree", "reason", "seen");

    bea.get("/console/approvals/" + second.id());
    var withoutToken = bea.post(path, answer);
    bea.get("/console/approvals/" + second.id());
    var others = bea.hidden("/console/approvals/" + second.id());
    var tokenOfAnother =
        bea.post(path, Map.of("answer", "agree", "reason", "seen", "token", others.get("token")));
    bea.get(path);
    var fromElsewhere = bea.post(path, answer, Map.of("Sec-Fetch-Site", "cross-site"));
    bea.get(path);
    var otherOrigin = bea.post(path, answer, Map.of("Origin", "https://evil.example"));
    world.declare(ConsoleWorld.person("cleo", "approver"));
    var cleo = world.signedIn("cleo");
    cleo.get(path);
    var ofAnotherSession =
        bea.post(
            path,
            Map.of("answer", "agree", "reason", "seen", "token", cleo.hidden(path).get("token")));

    assertThat(List.of(withoutToken, tokenOfAnother, fromElsewhere, otherOrigin, ofAnotherSession))
        .allMatch(shown -> shown.status() == 403 && shown.text().contains("nothing was done"));
    assertThat(world.approval(first.id()).state()).isEqualTo(Approval.State.PENDING);
    bea.get(path);
    assertThat(bea.post(path, answer, Map.of("Origin", world.url().toString())).status())
        .isEqualTo(303);
  }

  @Test
  void a_session_that_is_over_does_nothing_and_says_so() {
    var approval = world.held("pay", "{}");
    var path = "/console/approvals/" + approval.id();
    var bea = world.signedIn("bea");
    bea.get(path);

    world.pass(Duration.ofMinutes(31));
    var answered = bea.post(path, Map.of("answer", "agree", "reason", "seen"));
    var page = bea.get(path);

    assertThat(answered.status()).isEqualTo(401);
    assertThat(answered.text()).contains("You are signed out", "Nothing was done");
    assertThat(page.status()).isEqualTo(303);
  }

  @Test
  @Tag("R170")
  void an_owner_stops_an_identity_from_its_page_and_it_takes_a_second_person_to_let_it_go_on() {
    var path = "/console/identities/invoice-agent";
    var anna = world.signedIn("anna");
    var sec = world.signedIn("sec");
    assertThat(anna.get(path).text()).contains("This stops at once", "class=\"btn danger\"");

    var withoutReason = anna.post(path + "/suspend", Map.of("reason", " "));
    anna.get(path);
    var stopped = anna.post(path + "/suspend", Map.of("reason", "it pays twice"));
    assertThat(anna.get(path).text()).contains("Suspended by anna", "it pays twice");
    var asked = anna.post(path + "/resume", Map.of("reason", "mended"));
    var own = anna.get(path).text();
    sec.get("/console");
    var others = sec.get(path).text();
    var wish =
        "/console/resumptions/"
            + world.entries("resumption.requested").getFirst().path("id").asString("");
    var agreed = sec.post(wish, Map.of("answer", "agree"));

    assertThat(withoutReason.status()).isEqualTo(400);
    assertThat(stopped.status()).isEqualTo(303);
    assertThat(asked.status()).isEqualTo(303);
    assertThat(own)
        .contains("somebody else has to agree")
        .doesNotContain("Agree: let it act again");
    assertThat(others).contains("Agree: let it act again");
    assertThat(agreed.status()).isEqualTo(303);
    assertThat(sec.get(path).text()).contains("Active.");
    assertThat(world.entries("standing.changed")).hasSize(2);
  }

  @Test
  @Tag("R170")
  void who_lets_it_go_on_has_just_signed_in_and_who_leaves_it_stopped_need_not() {
    var path = "/console/identities/invoice-agent";
    var anna = world.signedIn("anna");
    var sec = world.signedIn("sec");
    anna.get(path);
    anna.post(path + "/suspend", Map.of("reason", "it pays twice"));
    anna.get(path);
    anna.post(path + "/resume", Map.of("reason", "mended"));
    world.pass(Duration.ofMinutes(6));
    var wish =
        "/console/resumptions/"
            + world.entries("resumption.requested").getFirst().path("id").asString("");
    var shown = sec.get(path).text();

    var agreed = sec.post(wish, Map.of("answer", "agree"));
    sec.get(path);
    var declined = sec.post(wish, Map.of("answer", "decline"));

    assertThat(shown)
        .contains("To agree, show first that it is still you", "Decline: it stays suspended")
        .doesNotContain("Agree: let it act again");
    assertThat(agreed.status()).isEqualTo(403);
    assertThat(agreed.text()).contains("Nothing was done");
    assertThat(declined.status()).isEqualTo(303);
    assertThat(world.entries("standing.changed")).hasSize(1);
  }

  @Test
  void a_workflow_and_its_identity_say_what_makes_their_risk() {
    var sec = world.signedIn("sec");

    assertThat(sec.get("/console/workflows/invoices").text())
        .contains("<h2>Risk</h2>", "no label lowers it");
    assertThat(sec.get("/console/identities/invoice-agent").text()).contains("<h2>Risk</h2>");
    assertThat(sec.get("/console/workflows").text()).contains(">Risk</th>");
  }

  @Test
  @Tag("R51")
  void the_gate_says_of_each_item_what_was_found_and_what_to_do_next() {
    var sec = world.signedIn("sec");

    assertThat(sec.get("/console/workflows/invoices").text())
        .contains("/console/workflows/invoices/gate", "What stands between it and production");
    assertThat(sec.get("/console/workflows/invoices/gate").text())
        .contains("Shut", "revocation-proven", "remit promote exercise invoices")
        .doesNotContain("remit promote request");
    assertThat(sec.get("/console/workflows/nowhere/gate").status()).isEqualTo(404);
  }

  @Test
  void an_owner_of_something_else_stops_nothing_here() {
    var path = "/console/identities/invoice-agent";
    var otto = world.signedIn("otto");

    var page = otto.get(path).text();
    var sent =
        otto.post(path + "/suspend", Map.of("reason", "x", "token", otto.token(path + "/suspend")));

    assertThat(page).doesNotContain("Suspend invoice-agent");
    assertThat(sent.status()).isEqualTo(403);
    assertThat(world.entries("standing.changed")).isEmpty();
  }

  @Test
  void a_finding_is_closed_by_whom_it_is_for_with_a_reason() {
    world.found("an agent <b>pays</b> at night", Role.SECURITY);
    var sec = world.signedIn("sec");
    assertThat(sec.get("/console").text()).contains("an agent &lt;b&gt;pays&lt;/b&gt; at night");
    var page = sec.get("/console/findings").text();
    var path = page.replaceAll("(?s).*action=\"(/console/findings/[^\"]+/close)\".*", "$1");

    var closed = sec.post(path, Map.of("reason", "it is meant to"));

    assertThat(closed.status()).isEqualTo(303);
    assertThat(sec.get("/console/findings").text()).contains("0 findings open");
    assertThat(sec.get("/console/findings?closed=true").text()).contains("it is meant to");
  }

  @Test
  @Tag("R210")
  void a_figure_that_cannot_be_computed_says_so_and_every_other_says_what_it_counts() {
    var sec = world.signedIn("sec");
    var before = sec.get("/console").text();
    world.decided("allow", "pay", true);
    world.decided("deny", "pay", false);
    var lost = world.decided("allow", "refund", false);
    world.pass(Duration.ofMinutes(2));

    var after = sec.get("/console").text();
    var explained = sec.get("/console/figures").text();

    assertThat(before).contains("not known", "no call is on record yet", "no drill has been run");
    assertThat(after).contains("66.66", "2 of 3 recorded calls", "of 3 recorded calls");
    assertThat(explained)
        .contains(lost, "no outcome was recorded", "It cannot show what never came to Remit");
  }

  @Test
  @Tag("R207")
  void a_decision_shows_why_what_became_of_it_and_its_proof() {
    var id = world.decided("allow", "pay", true);
    var bea = world.signedIn("bea");
    var sec = world.signedIn("sec");

    var page = bea.get("/console/decisions/" + id).text();
    var found = sec.get("/console/ledger?id=" + id);
    var record = sec.get(found.location()).text();

    assertThat(page)
        .contains(
            "allowed by `agents-may-pay`", "answered", "data-receipt=\"c2sp.org/tlog-proof@v1")
        .doesNotContain("The record itself");
    assertThat(found.status()).isEqualTo(303);
    assertThat(record).contains("call.decided", "data-entry=", "The record itself");
  }

  @Test
  void decisions_appear_as_they_are_recorded_and_only_those_that_are_asked_for() throws Exception {
    var sec = world.signedIn("sec");
    try (var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              sec.request("/console/activity/stream?outcome=deny"), BodyHandlers.ofInputStream());
      try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
        world.decided("allow", "pay", true);
        world.decided("deny", "drain\u202e", false);

        var line = lines.readLine();
        while (!line.startsWith("data: ")) {
          line = lines.readLine();
        }

        assertThat(answer.headers().firstValue("content-type"))
            .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(line).contains("\"outcome\":\"deny\"", "bank/drainU+202E");
      }
    }
  }

  @Test
  void the_verifier_that_pages_load_is_that_of_the_page_for_auditors() throws IOException {
    var page = Files.readString(Path.of("../docs/verify.html"));
    var script =
        page.substring(
            page.indexOf("<script>\n") + 9,
            page.indexOf("// -------", page.indexOf("\nasync function verify(")));

    if (System.getenv("REMIT_REWRITE") != null) {
      var served = "src/main/resources/dev/remit/server/console/verify.js";
      Files.writeString(Path.of(served), script);
    }
    assertThat(world.stranger().get("/assets/verify.js").text())
        .as("run this test with REMIT_REWRITE=1 and build again")
        .isEqualTo(script);
  }
}
