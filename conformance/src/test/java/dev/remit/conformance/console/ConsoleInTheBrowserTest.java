package dev.remit.conformance.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// People at the console, in a real browser, with a real agent at work. Runs where Chromium is
/// installed; the checks of accessibility where npm is, too.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleInTheBrowserTest {
  private static final String REFUND = "{\"payment\":\"8812\",\"cents\":48000}";

  @TempDir private static Path folder;

  private static ConsoleSite site;

  @BeforeAll
  static void start() throws IOException {
    site = new ConsoleSite(folder);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  @Order(1)
  @Tag("R19")
  @Tag("R171")
  void a_held_refund_that_a_second_person_agrees_to_in_the_page_is_made() throws Exception {
    site.browser.resize(1280, 900);
    long before = site.payments.refunds();
    var call = site.calling(site.token(), "refund", REFUND);
    site.open("bea", "/console");
    site.reloadUntilShown("/console", "wants payments/refund");

    site.browser.click(".rows .btn");
    site.awaitShown("What is asked");
    var page = site.shown();
    site.browser.type("reason", "claim 8812 is settled");
    site.browser.click("[value=agree]");
    site.browser.awaitTrue("document.querySelector('.lede').innerText.startsWith('Agreed')");

    assertThat(page)
        .contains("\"cents\" : 48000", "destructive", "Settle what customers claim")
        .contains("somebody-agrees-to-refunds", "The first time");
    assertThat(call.get(30, TimeUnit.SECONDS).body()).contains("did refund");
    assertThat(site.payments.refunds()).isEqualTo(before + 1);
  }

  @Test
  @Order(2)
  @Tag("R172")
  void who_owns_the_workflow_that_asks_sees_why_they_cannot_answer() {
    var call = site.calling(site.token(), "refund", "{\"payment\":\"2\"}");
    site.open("anna", "/console/approvals");
    site.reloadUntilShown("/console/approvals", "wants payments/refund");

    site.browser.click(".rows .btn");
    site.awaitShown("What is asked");

    assertThat(site.shown()).contains("nobody approves their own request");
    assertThat(count("[value=agree]")).isZero();
    call.cancel(true);
  }

  @Test
  @Order(3)
  void a_call_is_approved_by_keyboard_alone() throws Exception {
    site.open("bea", "/console/approvals");
    int before = count(".rows .btn");
    var call = site.calling(site.token(), "refund", "{\"payment\":\"3\"}");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          site.open("/console/approvals");
          return count(".rows .btn") > before;
        });
    site.browser.press("Tab");
    var first = focused();
    tabTo("document.activeElement.matches('.rows .btn')");
    // The one that was asked for last stands last.
    int more = count(".rows .btn") - 1;
    for (int i = 0; i < more; i++) {
      site.browser.press("Tab");
    }
    site.browser.press("Enter");
    site.awaitShown("What is asked");
    tabTo("document.activeElement.name === 'reason'");
    site.browser.write("seen by keyboard");
    tabTo("document.activeElement.value === 'agree'");
    var outline =
        site.browser.evaluate("getComputedStyle(document.activeElement).outlineStyle").asString("");
    site.browser.press("Enter");
    site.browser.awaitTrue("document.querySelector('.lede').innerText.startsWith('Agreed')");

    assertThat(first).isEqualTo("Skip to page");
    assertThat(outline).isEqualTo("solid");
    assertThat(call.get(30, TimeUnit.SECONDS).body()).contains("did refund");
  }

  @Test
  @Order(4)
  void decisions_appear_while_one_watches_and_do_not_move_what_is_read() {
    var token = site.token();
    site.call(token, "lookup", "{\"payment\":\"1\"}");
    site.open("sec", "/console/activity");
    site.browser.awaitTrue("document.getElementById('live-state').innerText.startsWith('Live')");
    site.browser.evaluate("window.same = true");

    site.call(token, "export", "{\"payment\":\"1\"}");
    site.browser.awaitTrue(
        "document.querySelector('#live tbody tr td:nth-child(4)')"
            + ".innerText === 'payments/export'");
    site.browser.evaluate("document.querySelector('#live tbody a').focus()");
    int rows = count("#live tbody tr");
    site.call(token, "lookup", "{\"payment\":\"4\"}");
    site.browser.awaitTrue(
        "document.getElementById('live-state').innerText.includes('1 new decisions wait')");

    assertThat(count("#live tbody tr")).isEqualTo(rows);
    assertThat(site.browser.evaluate("window.same").asBoolean(false)).isTrue();
    site.browser.click("#live button");
    assertThat(count("#live tbody tr")).isEqualTo(rows + 1);
  }

  @Test
  @Order(5)
  @Tag("R207")
  void the_proof_of_a_decision_is_checked_in_the_page_and_a_changed_record_is_found() {
    site.open("sec", "/console/activity");
    site.browser.click("#live tbody a");
    site.browser.awaitTrue("document.getElementById('verdict')?.innerText.startsWith('It holds')");

    site.browser.evaluate(
        """
        (() => {
          const proof = document.getElementById('proof');
          proof.dataset.entry = btoa(atob(proof.dataset.entry).replace('claims', 'clalms'));
          document.getElementById('keys').dispatchEvent(new Event('input'));
        })()
        """);
    site.browser.awaitTrue(
        "document.getElementById('verdict').innerText.includes('for another record')");
    site.open("/console/ledger");
    site.browser.click("tbody a");
    site.browser.awaitTrue("document.getElementById('verdict')?.innerText.startsWith('It holds')");
    site.browser.evaluate(
        """
        (() => {
          const keys = document.getElementById('keys');
          keys.value = keys.value.replace(/^[^+]*/, 'another.log');
          keys.dispatchEvent(new Event('input'));
        })()
        """);
    site.browser.awaitTrue(
        "document.getElementById('verdict').innerText.startsWith('It does not hold')");
  }

  @Test
  @Order(6)
  @Tag("R19")
  @Tag("R172")
  void a_held_refund_is_void_once_two_people_gave_the_agent_another_model() throws Exception {
    long before = site.payments.refunds();
    site.open("bea", "/console/approvals");
    int waiting = count(".rows .btn");
    var call = site.calling(site.token(), "refund", "{\"payment\":\"9\"}");
    var held = newest("wants payments/refund", waiting);
    assertThat(site.wantsModel("clerk-next").statusCode()).isEqualTo(202);

    site.open("sec", "/console");
    site.reloadUntilShown("/console", "asks to apply 1 change");
    site.open("/console/apply-requests");
    site.browser.click("tbody a");
    site.awaitShown("Would be");
    var letter = site.shown();
    site.browser.type("reason", "the new model was evaluated");
    site.browser.click("[value=agree]");
    site.awaitShown("It is agreed.");
    site.open("bea", held);

    assertThat(letter).contains("update identity/claims-agent", "model", "clerk-next");
    assertThat(site.shown()).containsAnyOf("not so any more", "Void: what it was for");
    assertThat(count("[value=agree]")).isZero();
    call.cancel(true);
    assertThat(site.payments.refunds()).isEqualTo(before);
  }

  /// Where the newest of what waits is shown.
  private static String newest(String says, int before) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          site.open("/console/approvals");
          return count(".rows .btn") > before;
        });
    assertThat(site.shown()).contains(says);
    return site.browser
        .evaluate("[...document.querySelectorAll('.rows .btn')].at(-1).getAttribute('href')")
        .stringValue();
  }

  @Test
  @Order(7)
  void every_page_is_walked_through_by_keyboard_in_the_order_in_which_it_is_read() {
    site.open("sec", "/console");
    Screens.paths(site).forEach(page -> checks().isWalkedByKeyboard(page.path()));
  }

  private static PageChecks checks() {
    return new PageChecks(site.browser, site.people);
  }

  @Test
  @Order(8)
  void an_accessibility_checker_finds_nothing_serious_on_any_page() throws IOException {
    var axe = PageChecks.axe();
    var _ = site.calling(site.token(), "refund", "{\"payment\":\"5\"}");
    site.open("sec", "/console");
    site.reloadUntilShown("/console/approvals", "wants payments/refund");
    Screens.paths(site).forEach(page -> checks().isAccessible(axe, page.path()));
  }

  @Test
  @Order(9)
  void every_page_fits_a_phone_and_the_screens_are_as_documented() throws IOException {
    site.open("sec", "/console");
    Screens.paths(site).forEach(page -> checks().fitsAPhone(page.path()));
    Screens.shoot(site);
    site.browser.resize(1280, 900);
    site.browser.prefer("light");
  }

  @Test
  @Order(10)
  @Tag("R170")
  void an_identity_that_is_stopped_from_its_page_loses_its_open_stream() throws Exception {
    var stream = watching(site.token());
    await().atMost(Duration.ofSeconds(20)).until(() -> stream.lines.get() > 2);
    site.open("sec", "/console/identities/claims-agent");

    site.browser.click("summary");
    site.browser.type("reason", "it watches what it should not");
    site.browser.click(".btn.danger");
    site.awaitShown("Suspended by sec");
    stream.over.get(5, TimeUnit.SECONDS);
    site.reloadUntilShown("/console/identities/claims-agent", "open calls cut");

    assertThat(site.shown()).contains("it watches what it should not");
    assertThat(row("open calls cut")).contains("1");
    assertThat(site.call("none", "lookup", "{}").statusCode()).isEqualTo(401);
  }

  private static String row(String begins) {
    return site.browser
        .evaluate(
            "[...document.querySelectorAll('tr')].map((row) => row.innerText)"
                + ".find((text) => text.startsWith('"
                + begins
                + "'))")
        .asString("");
  }

  /// @param lines how many have come so far
  private record Watching(AtomicInteger lines, CompletableFuture<Void> over) {}

  private static Watching watching(String token) {
    var lines = new AtomicInteger();
    var request =
        HttpRequest.newBuilder(site.remit.address().resolve("/mcp/payments"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", "watch")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{
                    "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                    "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
                    "io.modelcontextprotocol/clientCapabilities":{}},
                    "name":"watch","arguments":{}}}
                    """))
            .build();
    var over =
        HttpClient.newHttpClient()
            .sendAsync(request, BodyHandlers.ofLines())
            .thenAccept(answer -> answer.body().forEach(_ -> lines.incrementAndGet()))
            // A stream that is cut ends in an error for whoever reads it.
            .<Void>handle((_, _) -> null);
    return new Watching(lines, over);
  }

  private static int count(String selector) {
    return site.browser
        .evaluate("document.querySelectorAll(\"" + selector + "\").length")
        .asInt(-1);
  }

  private static String focused() {
    return site.browser.evaluate("document.activeElement.innerText").asString("");
  }

  private static void tabTo(String condition) {
    for (int i = 0; i < 60; i++) {
      if (site.browser.evaluate(condition).asBoolean(false)) {
        return;
      }
      site.browser.press("Tab");
    }
    throw new AssertionError("Tab never leads to where " + condition);
  }
}
