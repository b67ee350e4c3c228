package dev.remit.conformance.runner;

import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The npm package `@modelcontextprotocol/conformance` as a process; its result is read from the
/// files it writes.
public final class OfficialRunner {
  /// The revisions whose requirements are run.
  public static final List<String> REVISIONS = List.of("2025-11-25", "2026-07-28");

  private static final String PACKAGE = "@modelcontextprotocol/conformance";
  private static final Pattern FOLDER =
      Pattern.compile("(?:server-)?(.*)-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d-\\d{3}Z");
  private static final int WHY_CHARS_MAX = 200;
  private static final long MINUTES_MAX = 10;

  /// All scenarios of a set are started at once, each with its client, on whatever machine this is.
  private static final String CLIENT_TIMEOUT_MS = "120000";

  /// Fails a client that is late by half a second, so it counts when it has run alone.
  private static final String TIMED = "sse-retry";

  private final NodeTools.Ready node;
  private final Path folder;

  /// @param folder where the runner's output goes; one subfolder for each run
  public OfficialRunner(NodeTools.Ready node, Path folder) {
    this.node = node;
    this.folder = folder;
  }

  /// Runs everything that `revision` requires of a server.
  public RunnerResult server(String label, URI url, String revision) {
    var arguments = List.of("--requirements", revision, "--url", url.toString());
    return run("server", label, revision, arguments, Map.of());
  }

  /// Runs everything that `revision` requires of a client.
  ///
  /// @param script one of ours, which the runner starts with the address of a scenario's server
  /// @param environment what the script sees beside what the runner tells it
  public RunnerResult client(
      String label, String script, String revision, Map<String, String> environment) {
    var node = this.node.node();
    var program = node.isAbsolute() ? scripts().relativize(node) : node;
    var command = List.of("--command", program + " " + script, "--timeout", CLIENT_TIMEOUT_MS);
    var set = new ArrayList<>(List.of("--requirements", revision));
    set.addAll(command);
    var result = run("client", label, revision, set, environment);
    if (!result.scenarios().containsKey(TIMED)) {
      return result;
    }
    var alone = new ArrayList<>(List.of("--scenario", TIMED, "--spec-version", revision));
    alone.addAll(command);
    return result.with(run("client", label + "-alone", revision, alone, environment));
  }

  /// The folder of our scripts, in which the runner works: its commands are split at blanks.
  private Path scripts() {
    return Objects.requireNonNull(node.modules().getParent(), "node_modules lies in a folder");
  }

  private RunnerResult run(
      String role,
      String label,
      String revision,
      List<String> more,
      Map<String, String> environment) {
    var output = folder.resolve("%s-%s-%s".formatted(role, label, revision));
    var arguments = new ArrayList<>(List.of(role, "--output-dir", output.toString()));
    arguments.addAll(more);
    try {
      Files.createDirectories(output);
      var log = output.resolve("runner.log");
      var builder =
          new ProcessBuilder(node.command(PACKAGE + "/dist/index.js", arguments))
              .directory(scripts().toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("the runner did not end; see " + log);
      }
      return new RunnerResult(revision, read(output), notScored(role, revision));
    } catch (IOException e) {
      throw new UncheckedIOException("run the conformance runner in " + output, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the runner works", e);
    }
  }

  private static SortedMap<String, List<Check>> read(Path output) throws IOException {
    var scenarios = new TreeMap<String, List<Check>>();
    try (var files = Files.walk(output)) {
      for (var file : files.filter(f -> f.endsWith("checks.json")).toList()) {
        var name = FOLDER.matcher(output.relativize(file.getParent()).toString());
        if (!name.matches()) {
          throw new IllegalStateException("the runner wrote an unknown folder: " + file);
        }
        scenarios.put(name.group(1), checks(JsonMapper.shared().readTree(file)));
      }
    }
    return scenarios;
  }

  private static List<Check> checks(JsonNode rows) {
    var checks = new ArrayList<Check>();
    for (var row : rows) {
      checks.add(
          new Check(
              row.path("id").asString(""),
              row.path("name").asString(""),
              row.path("status").asString(""),
              firstLine(row.path("errorMessage").asString(""))));
    }
    return List.copyOf(checks);
  }

  private static String firstLine(String message) {
    var line = message.lines().findFirst().orElse("");
    return line.substring(0, Math.min(WHY_CHARS_MAX, line.length()));
  }

  private Set<String> notScored(String role, String revision) throws IOException {
    var file = node.modules().resolve(PACKAGE + "/requirements/" + revision + ".yaml");
    var loaded = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    var names = new TreeSet<String>();
    if (loaded instanceof Map<?, ?> yaml && yaml.get("not_scored") instanceof List<?> rows) {
      for (var row : rows) {
        if (row instanceof Map<?, ?> scenario && role.equals(scenario.get("leg"))) {
          names.add(String.valueOf(scenario.get("scenario")));
        }
      }
    }
    return names;
  }
}
