package dev.remit.conformance.runner;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;

/// The tables of [ConformanceTables] and [ClientTables] as one page of Markdown.
public final class ConformanceReport {

  private ConformanceReport() {}

  /// Runs everything, prints the page and keeps it as `docs/conformance.md`.
  ///
  /// @return 0 if Remit changed nothing that must stay the same
  public static int write(NodeTools.Ready node, PrintStream out) {
    try {
      var servers = ConformanceTables.compare(node, folder());
      var clients = ClientTables.compare(node, folder());
      var page = of(servers, LocalDate.now(ZoneOffset.UTC)) + new ClientReport(clients).markdown();
      var file = Home.directory().resolve("docs/conformance.md");
      Files.createDirectories(file.getParent());
      Files.writeString(file, page);
      out.print(page);
      boolean same =
          servers.stream().allMatch(c -> c.differences().isEmpty())
              && clients.stream().allMatch(c -> ClientReport.differences(c).isEmpty());
      return same ? 0 : 1;
    } catch (IOException e) {
      throw new UncheckedIOException("write the conformance tables", e);
    }
  }

  static String of(List<Comparison> comparisons, LocalDate today) {
    var page = new StringBuilder();
    page.append(
        """
        # Conformance

        How Remit fares with the official MCP conformance runner, in both of its modes. Where Node is
        installed, `McpConformanceTest` and `ClientConformanceTest` check that it fares no worse. What
        agents and servers get wrong otherwise is in [bad-input.md](bad-input.md).

        # Server mode

        The official runner, npm `@modelcontextprotocol/conformance` 0.2.0-alpha.12, against the
        server in `conformance/fixture`: directly, and through Remit with an allow-all policy. Each
        cell is *checks passed / failed*. Written by `./remit conformance` on %s.

        | Requirements | | Passed | Failed, scored | Failed, not scored | Checks that differ |
        |---|---|---|---|---|---|
        """
            .formatted(today));
    for (var comparison : comparisons) {
      summary(page, comparison.direct(), "directly", "");
      summary(
          page,
          comparison.governed(),
          "through Remit",
          String.valueOf(comparison.differences().size()));
    }
    for (var comparison : comparisons) {
      scenarios(page, comparison);
    }
    return page.toString();
  }

  /// The private PostgreSQL runs as an unprivileged user, who must be able to pass through.
  private static Path folder() throws IOException {
    var folder = Files.createTempDirectory("remit-conformance-");
    if (!folder.toFile().setExecutable(true, false)) {
      throw new IOException("cannot open " + folder + " to the database's user");
    }
    return folder;
  }

  private static void summary(
      StringBuilder page, RunnerResult result, String way, String differences) {
    page.append(
        "| %s | %s | %d | %d | %d | %s |\n"
            .formatted(
                result.revision(),
                way,
                result.passed(),
                result.failedScored(),
                result.failedNotScored(),
                differences));
  }

  private static void scenarios(StringBuilder page, Comparison comparison) {
    page.append("\n## ").append(comparison.direct().revision()).append("\n\n");
    page.append("| Scenario | Directly | Through Remit | |\n|---|---|---|---|\n");
    var names = new TreeSet<>(comparison.direct().scenarios().keySet());
    names.addAll(comparison.governed().scenarios().keySet());
    for (var name : names) {
      page.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  name,
                  comparison.direct().cell(name),
                  comparison.governed().cell(name),
                  comparison.direct().notScored().contains(name) ? "not scored" : ""));
    }
    var differences = comparison.differences();
    if (!differences.isEmpty()) {
      page.append("\nWhat differs:\n\n");
      differences.forEach(line -> page.append("- ").append(line).append('\n'));
    }
  }
}
