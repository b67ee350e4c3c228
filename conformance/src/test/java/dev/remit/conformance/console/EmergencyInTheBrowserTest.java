package dev.remit.conformance.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.console.Screens.Screen;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Two people break glass at the console, a call goes on that policy denies, and a third one
/// reviews it. Here owners and approvers may break glass, and security may not.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmergencyInTheBrowserTest {
  private static final String PATH = "/console/emergencies";

  @TempDir private static Path folder;

  private static ConsoleSite site;

  @BeforeAll
  static void start() throws IOException {
    site =
        new ConsoleSite(
            folder, "enforcement: {emergency: {roles: [owner, approver], callsMax: 2}}\n");
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
  @Tag("R44")
  void only_the_roles_that_are_configured_are_offered_it() {
    site.open("sec", PATH);
    var security = site.shown();
    site.open("anna", PATH);

    assertThat(security).contains("No glass was ever broken here").doesNotContain("Ask for it");
    assertThat(site.shown()).contains("Ask for it");
  }

  @Test
  @Order(2)
  @Tag("R44")
  @Tag("R171")
  void a_denied_call_goes_on_once_two_people_have_broken_glass_and_everybody_sees_it() {
    var token = site.token();
    var before = site.call(token, "export", "{\"payment\":\"1\"}");
    site.open("anna", PATH);
    site.browser.click("summary");
    site.browser.type("identity", "claims-agent");
    site.browser.type("tool", "payments/export");
    site.browser.type("calls", "2");
    site.browser.type("reason", "the bank asks for it within the hour");
    site.browser.click("[value=request]");
    site.awaitShown("You asked for it, so somebody else has to agree");
    var stillDenied = site.call(token, "export", "{\"payment\":\"1\"}");

    site.open("bea", "/console");
    site.reloadUntilShown("/console", "go on whatever policy says");
    var inbox = site.shown();
    site.open(PATH);
    site.browser.click("[value=agree]");
    site.awaitShown("End it now");
    var goesOn = site.call(token, "export", "{\"payment\":\"1\"}");
    site.open("sec", "/console");
    var loud = site.shown();

    assertThat(before.body()).contains("denied-by-policy");
    assertThat(stillDenied.body()).contains("denied-by-policy");
    assertThat(inbox).contains("anna asks that", "the bank asks for it within the hour");
    assertThat(goesOn.body()).contains("did export");
    assertThat(loud).contains("Glass is broken", "1 more");
  }

  @Test
  @Order(3)
  @Tag("R44")
  void whoever_took_part_cannot_review_it_and_somebody_else_does() {
    site.open("anna", PATH);
    site.browser.click("[value=end]");
    site.awaitShown("You had a part in it");

    site.open("sec", PATH);
    site.browser.type("reason", "the bank had asked for it, and one call was made");
    site.browser.click("[value=yes]");
    site.awaitShown("justified, says sec");

    assertThat(site.shown()).contains("1 of 2");
    assertThat(site.call(site.token(), "export", "{\"payment\":\"1\"}").body())
        .contains("denied-by-policy");
  }

  @Test
  @Order(4)
  void the_page_is_walked_by_keyboard_fits_a_phone_and_an_accessibility_checker_is_content()
      throws IOException {
    site.open("anna", PATH);
    var checks = new PageChecks(site.browser, site.people);
    checks.isWalkedByKeyboard(PATH);
    checks.fitsAPhone(PATH);
    Screens.shootIfAsked(site, new Screen("emergencies", PATH));
    checks.isAccessible(PageChecks.axe(), PATH);
  }
}
