package dev.remit.conformance.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What is asked of every page, as whoever is signed in sees it.
record PageChecks(Chromium browser, People people) {

  /// It is walked through by keyboard in the order in which it is read.
  void isWalkedByKeyboard(String path) {
    people.open(path);
    int all =
        browser
            .evaluate(
                """
                (() => {
                  const all = [...document.querySelectorAll(
                    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
                    .filter((one) => one.checkVisibility());
                  // Of the choices of one group the keyboard stops at one.
                  const stops = all.filter((one) => one.type !== 'radio'
                    || one === all.find((other) => other.type === 'radio' && other.name === one.name));
                  stops.forEach((one, n) => { one.dataset.walked = n; });
                  return stops.length;
                })()
                """)
            .asInt(0);
    var walked = new ArrayList<Integer>();
    // A field for a time has several places within.
    for (int i = 0; i < 10 * all && walked.size() < all; i++) {
      browser.press("Tab");
      int at = browser.evaluate("Number(document.activeElement.dataset.walked ?? -1)").asInt(-1);
      // A row that has come in meanwhile was not counted.
      if (at >= 0 && (walked.isEmpty() || walked.getLast() != at)) {
        walked.add(at);
      }
    }

    // What a live page has taken away meanwhile need not be reached.
    var stays =
        browser.numbers(
            "[...document.querySelectorAll('[data-walked]')]"
                + ".filter((one) => one.checkVisibility()).map((one) => Number(one.dataset.walked))");
    assertThat(walked.stream().filter(stays::contains).distinct().toList())
        .as(path)
        .isEqualTo(stays);
  }

  /// Returns the checker of accessibility, as a script; where npm is not there, nothing is checked.
  static String axe() throws IOException {
    return switch (NodeTools.prepare()) {
      case NodeTools.Ready node -> Files.readString(node.modules().resolve("axe-core/axe.min.js"));
      case NodeTools.Missing(var why) -> abort("skipped: " + why);
    };
  }

  /// The checker finds nothing serious, in light and in dark.
  void isAccessible(String axe, String path) {
    for (var scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      people.open(path);
      browser.evaluate(axe + "; true");
      var found =
          browser.evaluate(
              """
              axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa',
                  'best-practice']}).then((found) => ({
                passed: found.passes.map((one) => one.id),
                wrong: found.violations
                  .filter((one) => ['serious', 'critical', 'moderate'].includes(one.impact))
                  .map((one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' '))}))
              """);

      assertThat(texts(found.path("passed")))
          .contains("color-contrast", "landmark-one-main", "bypass", "document-title");
      assertThat(texts(found.path("wrong"))).as("%s, %s", path, scheme).isEmpty();
    }
    browser.prefer("light");
  }

  private static List<String> texts(JsonNode all) {
    return all.valueStream().map(JsonNode::stringValue).toList();
  }

  /// Nothing has to be scrolled sideways on a phone, but tables within themselves.
  void fitsAPhone(String path) {
    browser.resize(380, 800);
    people.open(path);

    assertThat(browser.evaluate("document.documentElement.scrollWidth - innerWidth").asInt(99))
        .as(path)
        .isNotPositive();
    browser.resize(1280, 900);
  }
}
