package dev.remit.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.NamedTest;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official runner's client mode, directly and through Remit. Runs where npm is installed.
@Tag("R99")
class ClientConformanceTest {
  @TempDir private static Path folder;

  private static List<Comparison> comparisons = List.of();

  @BeforeAll
  static void run() {
    switch (NodeTools.prepare()) {
      case NodeTools.Ready node -> {
        folder.toFile().setExecutable(true, false);
        comparisons = ClientTables.compare(node, folder);
      }
      case NodeTools.Missing(var why) -> abort("skipped: " + why);
    }
  }

  @Test
  void our_client_passes_everything_directly() {
    assertThat(comparisons)
        .hasSize(2)
        .extracting(Comparison::direct)
        .allSatisfy(direct -> {
          assertThat(direct.failedScored()).isZero();
          assertThat(direct.failedNotScored()).isZero();
          assertThat(direct.passed()).isGreaterThan(200);
        });
  }

  @Test
  void what_is_not_a_sign_in_reaches_the_server_unchanged() {
    assertThat(comparisons).flatExtracting(ClientReport::differences).isEmpty();
  }

  @Test
  void every_scenario_has_its_bearing_on_remit() {
    assertThat(comparisons)
        .flatExtracting(comparison -> comparison.direct().scenarios().keySet())
        .isSubsetOf(Bearing.all().keySet());
  }

  /// The page is the record of what was reached; where a result has become better, `./remit
  /// conformance` writes it down.
  @Test
  void no_scenario_fails_more_checks_than_the_page_says() throws IOException {
    var page = Files.readString(Home.directory().resolve("docs/conformance.md"));
    var rows =
        Pattern.compile("\\| (\\S+) \\| (\\S+) \\| \\d+ / (\\d+) \\| \\d+ / (\\d+) \\|")
            .matcher(page)
            .results()
            .toList();
    var known = new HashMap<String, List<Integer>>();
    rows.forEach(row ->
        known.put(
            row.group(1) + " " + row.group(2),
            List.of(Integer.valueOf(row.group(3)), Integer.valueOf(row.group(4)))));

    for (var comparison : comparisons) {
      for (var name : comparison.direct().scenarios().keySet()) {
        var key = name + " " + comparison.direct().revision();
        var before = Optional.ofNullable(known.get(key)).orElseThrow(() -> notInTable(key));
        assertThat(failures(comparison.direct(), name))
            .as(key + " directly")
            .isLessThanOrEqualTo(before.getFirst());
        assertThat(failures(comparison.governed(), name))
            .as(key + " through Remit")
            .isLessThanOrEqualTo(before.getLast());
      }
    }
  }

  @Test
  void every_test_that_stands_for_a_scenario_exists() {
    var tests =
        Bearing.all().values().stream()
            .flatMap(bearing ->
                bearing instanceof Bearing.RemitItself(_, var named)
                    ? named.stream()
                    : Stream.<String>of())
            .distinct()
            .toList();

    assertThat(tests).isNotEmpty().allMatch(NamedTest::exists);
  }

  private static int failures(RunnerResult result, String scenario) {
    var cell = result.cell(scenario);
    return Integer.parseInt(cell.substring(cell.indexOf('/') + 2));
  }

  private static AssertionError notInTable(String key) {
    return new AssertionError(
        "docs/conformance.md lacks `" + key + "`; write it anew with ./remit conformance");
  }
}
