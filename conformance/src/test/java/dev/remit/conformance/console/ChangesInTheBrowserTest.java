package dev.remit.conformance.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.console.Screens.Screen;
import dev.remit.conformance.harness.Operator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The agent is given another model, and people see at the console what that means, have it tested,
/// look at answers without knowing whose they are, agree, and take it back. Every change takes a
/// second person here.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangesInTheBrowserTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String LIST = "/console/changes";
  private static final String EVALUATIONS = "/console/evaluations/";

  @TempDir private static Path folder;

  private static ConsoleSite site;
  private static Operator sec;
  private static String run = "";
  private static String next = "";

  @BeforeAll
  static void start() throws IOException {
    site =
        new ConsoleSite(
            folder, "changes: {approval: always, canary: 0s}\nsignIn: {freshFrom: low}\n");
    sec = site.remit.admin().person("sec");
    site.browser.resize(1280, 900);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  @Order(1)
  @Tag("R66")
  void the_first_model_waits_for_its_evaluations_and_for_somebody_and_nothing_goes_until_then() {
    var refused = site.call(site.token(), "refund", "{\"payment\":\"1\"}");
    site.open("bea", LIST);
    site.browser.click("tbody a");
    site.awaitShown("It waits for evaluations");
    var waiting = site.shown();

    passed(id(), "elsewhere-1");
    site.open(LIST);
    site.browser.click(".rows .btn");
    site.awaitShown("Approve it?");
    site.browser.type("reason", "it is what we tested");
    site.browser.click("[value=agree]");
    site.awaitShown("It is in use");

    assertThat(refused.statusCode()).isNotEqualTo(200);
    assertThat(refused.body()).contains("model-not-approved");
    assertThat(waiting)
        .contains("There is nothing before it to compare with", "not run yet")
        .contains("payments/refund", "destructive", "Each axis stands alone");
    assertThat(site.call(site.token(), "lookup", "{\"payment\":\"1\"}").statusCode())
        .isEqualTo(200);
  }

  @Test
  @Order(2)
  @Tag("R135")
  void two_versions_are_compared_and_people_label_without_knowing_whose_answer_it_is() {
    run = planned();
    site.open("sec", EVALUATIONS + run);
    var before = site.shown();
    site.browser.click("[value=run]");
    site.reloadUntilShown(EVALUATIONS + run, "Both versions side by side");
    await().atMost(Duration.ofSeconds(60)).until(() -> state().equals("ended"));
    site.open("bea", EVALUATIONS + run);
    var judged = site.shown();

    site.browser.click("a[href$='/label']");
    site.awaitShown("What was asked");
    var blind = site.shown();
    while (!site.shown().contains("Nothing is left for you to label")) {
      site.browser.click("[name=first][value=passed]");
      site.browser.click("[name=second][value=passed]");
      var asked = site.shown();
      site.browser.click("[value=label]");
      site.browser.awaitTrue(
          "document.querySelector('main')?.innerText !== undefined"
              + " && document.querySelector('main').innerText !== "
              + JSON.writeValueAsString(asked));
    }
    site.open(EVALUATIONS + run);
    var labelled = site.shown();

    assertThat(before).contains("Smallest margin", "frozen before the first question");
    assertThat(judged)
        .contains("inconclusive", "wait for people to say")
        .contains("The discordant cases are named once nothing is left to label")
        .contains("Candidate passes", "Smallest margin it supports");
    assertThat(blind)
        .contains("The first answer", "The second answer")
        .doesNotContain("clerk-next", "clerk-large", "andidate", "aseline");
    assertThat(labelled).contains("as the worst of its suites").doesNotContain("to label");
    assertThat(
            site.browser.evaluate("document.querySelector('svg.plot') !== null").asBoolean(false))
        .isTrue();
  }

  @Test
  @Order(3)
  @Tag("R66")
  @Tag("R70")
  void what_differs_what_it_could_touch_and_what_was_tested_is_seen_before_anybody_agrees() {
    assertThat(site.wantsModel("clerk-next").statusCode()).isEqualTo(200);
    next = id();
    passed(next, run);
    site.open("bea", "/console");
    site.reloadUntilShown("/console", "that clerk-next may decide claims-agent");
    site.open(LIST);
    site.browser.click(".rows .btn");
    site.awaitShown("Approve it?");
    var page = site.shown();
    var linked = site.browser.evaluate("document.querySelectorAll('svg.plot').length").asInt(0);

    site.browser.type("reason", "tested beside the one in use");
    site.browser.click("[value=agree]");
    site.awaitShown("It is in use");

    assertThat(page)
        .contains("clerk-large", "clerk-next", "refusal behaviour", "touched")
        .contains("It could touch nothing that it could not touch before")
        .contains("Going back aims at", run);
    assertThat(linked).isEqualTo(1);
  }

  @Test
  @Order(4)
  @Tag("R74")
  void it_is_taken_back_from_its_page_and_what_was_approved_before_decides_again() {
    site.open("sec", LIST + "/" + next);
    site.browser.click("summary");
    site.browser.evaluate(
        "document.querySelector('form[action$=rollback] [name=reason]').value = 'it answers oddly'");
    site.browser.click("[value=rollback]");
    site.browser.awaitTrue(
        "document.querySelector('h1')?.innerText === 'claims-agent, decided by clerk'");
    site.open(LIST + "/" + next);

    assertThat(site.shown()).contains("It is over", "taken back: it answers oddly");
    assertThat(site.remit.admin().get("/v1/registry/identity/claims-agent").toString())
        .contains("\"clerk\"");
    assertThat(site.call(site.token(), "lookup", "{\"payment\":\"1\"}").statusCode())
        .isEqualTo(200);
  }

  @Test
  @Order(5)
  @Tag("R172")
  void nobody_approves_what_they_declared_themselves_and_somebody_else_refuses_it() {
    applied("anna", "clerk-next");
    var id = id();
    passed(id, run);
    site.open("anna", LIST + "/" + id);
    var own = site.shown();
    boolean offered =
        site.browser.evaluate("document.querySelector('[value=agree]') !== null").asBoolean(true);

    site.open("sec", LIST + "/" + id);
    site.browser.type("reason", "not before the audit");
    site.browser.click("[value=decline]");
    site.awaitShown("It is suspended");

    assertThat(own).contains("You asked for it, so somebody else has to agree");
    assertThat(offered).isFalse();
    assertThat(site.shown()).contains("declined: not before the audit");
    assertThat(site.call(site.token(), "lookup", "{\"payment\":\"1\"}").statusCode())
        .isNotEqualTo(200);
  }

  @Test
  @Order(6)
  void the_pages_are_walked_by_keyboard_fit_a_phone_and_an_accessibility_checker_is_content()
      throws IOException {
    site.open("sec", LIST);
    var pages =
        List.of(
            new Screen("changes", LIST),
            new Screen("change", LIST + "/" + next),
            new Screen("evaluations", "/console/evaluations"),
            new Screen("evaluation", EVALUATIONS + run),
            new Screen("label", EVALUATIONS + planned() + "/label"));
    var checks = new PageChecks(site.browser, site.people);
    for (var page : pages) {
      checks.isWalkedByKeyboard(page.path());
      checks.fitsAPhone(page.path());
      Screens.shootIfAsked(site, page);
    }
    var axe = PageChecks.axe();
    pages.forEach(page -> checks.isAccessible(axe, page.path()));
  }

  /// The change that waits.
  private static String id() {
    var evaluated = changes("evaluated");
    return evaluated.isEmpty() ? changes("classified").getFirst() : evaluated.getFirst();
  }

  private static List<String> changes(String state) {
    return sec.get("/v1/changes?state=" + state)
        .path("items")
        .valueStream()
        .map(one -> one.path("id").asString(""))
        .toList();
  }

  /// Writes down that everything that a change needs has passed.
  private static void passed(String change, String run) {
    for (var suite : sec.get("/v1/changes/" + change).path("suites")) {
      var said = JSON.createObjectNode().put("suite", suite.asString("")).put("run", run);
      sec.post("/v1/changes/" + change + "/evaluations", said.put("verdict", "pass"));
    }
  }

  private static String planned() {
    var wish = JSON.createObjectNode().put("candidate", "next").put("baseline", "in-use");
    wish.putArray("suites").add("jailbreak").add("over-refusal");
    wish.put("margin", 0.2).put("sample", 1);
    return sec.post("/v1/evaluations", wish).path("id").asString("");
  }

  private static String state() {
    return evaluation().path("state").asString("");
  }

  private static JsonNode evaluation() {
    return sec.get("/v1/evaluations/" + run);
  }

  private static void applied(String person, String model) {
    var status = site.wantsModel(site.remit.admin().person(person), model).statusCode();
    assertThat(status).isEqualTo(200);
  }
}
