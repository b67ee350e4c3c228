package dev.remit.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.fixture.Fixture;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official MCP conformance runner. Runs where npm is installed.
class McpConformanceTest {

  @Test
  void the_fixture_passes_everything_that_is_scored(@TempDir Path folder) {
    var runner = new OfficialRunner(node(), folder);

    try (var fixture = Fixture.start(0)) {
      var legacy = runner.server("direct", fixture.url(), "2025-11-25");
      var modern = runner.server("direct", fixture.url(), "2026-07-28");

      assertThat(legacy.failedScored()).isZero();
      assertThat(legacy.passed()).isEqualTo(84);
      assertThat(modern.failedScored()).isZero();
      assertThat(modern.passed()).isEqualTo(164);
    }
  }

  @Test
  @Tag("R99")
  void remit_with_an_allow_all_policy_changes_no_check(@TempDir Path folder) throws IOException {
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));

    var comparisons = ConformanceTables.compare(node(), folder);

    assertThat(comparisons)
        .hasSize(2)
        .allSatisfy(comparison -> {
          assertThat(comparison.differences()).isEmpty();
          assertThat(comparison.governed().failedScored()).isZero();
          assertThat(comparison.governed().passed()).isGreaterThanOrEqualTo(84);
        });
  }

  private static NodeTools.Ready node() {
    return switch (NodeTools.prepare()) {
      case NodeTools.Ready ready -> ready;
      case NodeTools.Missing(var why) -> abort("skipped: " + why);
    };
  }
}
