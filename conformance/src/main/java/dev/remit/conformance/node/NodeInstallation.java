package dev.remit.conformance.node;

import dev.remit.conformance.harness.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Keeps `conformance/target/node` equal to the committed lock file, and likewise folders of
/// packages that are kept apart from these.
///
/// No script of a package is run. Node 22 itself comes as a package too, since the runner needs it
/// and many machines have an older one.
final class NodeInstallation {
  private static final List<String> FILES = List.of("package.json", "package-lock.json");
  private static final List<String> SCRIPTS =
      List.of(
          "agent.mjs",
          "anthropic-client.mjs",
          "openai-client.mjs",
          "sdk-client.mjs",
          "scenario-client.mjs",
          "sign-in.mjs",
          "through-remit.mjs",
          "sign-in-at-remit.mjs",
          "sign-in-by-browser.mjs",
          "sigstore-verify.mjs");
  private static final long MINUTES_MAX = 10;

  private NodeInstallation() {}

  static synchronized NodeTools prepare() {
    return prepare("", SCRIPTS, target -> ready(target));
  }

  /// @param folder beneath `conformance/src/node`, with a lock file of its own
  static synchronized NodeTools prepare(String folder) {
    return switch (prepare()) {
      case NodeTools.Missing missing -> missing;
      case NodeTools.Ready(var node, _) ->
          prepare(
              folder,
              List.of(),
              target -> new NodeTools.Ready(node, target.resolve("node_modules")));
    };
  }

  private interface Finding {
    NodeTools in(Path target) throws IOException, InterruptedException;
  }

  private static NodeTools prepare(String folder, List<String> scripts, Finding finding) {
    var sources = Home.directory().resolve("conformance/src/node").resolve(folder);
    var target =
        Home.directory()
            .resolve("conformance/target")
            .resolve(folder.isEmpty() ? "node" : "node-" + folder);
    try (var _ = lock(target)) {
      if (!isCurrent(sources, target)) {
        var problem = install(sources, target);
        if (!problem.isEmpty()) {
          return new NodeTools.Missing(problem);
        }
      }
      copy(scripts, sources, target);
      return finding.in(target);
    } catch (IOException e) {
      throw new UncheckedIOException("install npm packages into " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while npm installs", e);
    }
  }

  /// Tests run in several processes, of which one installs.
  private static FileChannel lock(Path target) throws IOException {
    Files.createDirectories(target);
    var file = target.resolveSibling(target.getFileName() + ".lock");
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  private static boolean isCurrent(Path sources, Path target) throws IOException {
    var installed = target.resolve("installed");
    return Files.exists(installed)
        && Files.mismatch(installed, sources.resolve("package-lock.json")) < 0;
  }

  /// Returns why it failed, or nothing.
  private static String install(Path sources, Path target)
      throws IOException, InterruptedException {
    Files.createDirectories(target);
    copy(FILES, sources, target);
    var log = target.resolve("npm.log");
    Process npm;
    try {
      npm =
          new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(target.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      return "npm is not installed; with Node 20 or newer this would run (" + e.getMessage() + ")";
    }
    if (!npm.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      npm.destroyForcibly();
      return "`npm ci` did not end in " + MINUTES_MAX + " minutes; see " + log;
    }
    if (npm.exitValue() != 0) {
      return "`npm ci` failed, perhaps for want of a network; see " + log;
    }
    Files.copy(
        sources.resolve("package-lock.json"),
        target.resolve("installed"),
        StandardCopyOption.REPLACE_EXISTING);
    return "";
  }

  private static void copy(List<String> files, Path sources, Path target) throws IOException {
    for (var file : files) {
      var copy = target.resolve(file);
      // What is already there may be running.
      if (!Files.exists(copy) || Files.mismatch(sources.resolve(file), copy) >= 0) {
        Files.copy(sources.resolve(file), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static NodeTools ready(Path target) throws IOException, InterruptedException {
    var modules = target.resolve("node_modules");
    var packaged = modules.resolve(platform()).resolve("bin/node");
    var node = Files.isExecutable(packaged) ? packaged : Path.of("node");
    return isRecent(node)
        ? new NodeTools.Ready(node, modules)
        : new NodeTools.Missing("the runner needs Node 22 or newer, and `node` is older");
  }

  private static String platform() {
    var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return "node-%s-%s"
        .formatted(
            system.startsWith("mac") ? "darwin" : "linux",
            machine.equals("aarch64") ? "arm64" : "x64");
  }

  private static boolean isRecent(Path node) throws InterruptedException {
    try {
      var process = new ProcessBuilder(node.toString(), "--version").start();
      var version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return Integer.parseInt(version.strip().substring(1).split("\\.", 2)[0]) >= 22;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
