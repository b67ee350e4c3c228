package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the server and the operator command once, so that every later start finds read and linked
/// what its Java would read and link anew. It is what `./remit` does after each build, with the
/// same files.
///
/// Only where `remit.rehearses` is set, as for the tests, which start hundreds of processes; a
/// benchmark measures starts as it finds them. Whatever fails here only leaves starts slower.
final class Rehearsal {
  private static final boolean IS_ASKED = Boolean.getBoolean("remit.rehearses");
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  /// What was linked is written at the end, which takes as long as a start on a busy machine.
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(5);

  private static final List<String> QUIET = List.of("-Xlog:aot=off", "-Xlog:cds=off");
  private static final List<String> SHORT_LIVED =
      List.of(
          "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable", "-Xlog:all=error:stderr");

  private static boolean isDone;

  private Rehearsal() {}

  /// Options with which the server is started as `./remit serve` starts it, and then `more`. What
  /// was rehearsed is of use to the heap of the rehearsal only; with another Java refuses to start.
  static List<String> server(List<String> more) {
    once();
    var options = new ArrayList<>(serverOptions());
    options.addAll(more);
    var cache = serverCache();
    if (more.isEmpty() && Files.exists(cache)) {
      options.addAll(QUIET);
      options.add("-XX:AOTCache=" + cache);
    }
    return options;
  }

  /// Options with which the operator command is started as `./remit` starts it.
  static List<String> cli() {
    once();
    var options = new ArrayList<>(SHORT_LIVED);
    var archive = cliArchive();
    if (Files.exists(archive)) {
      options.addAll(List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive));
    }
    return options;
  }

  /// Other processes of the same run wait until it is done.
  private static synchronized void once() {
    if (!IS_ASKED || isDone) {
      return;
    }
    isDone = true;
    var turn = Home.directory().resolve("conformance/target/rehearsal.lock");
    try (var channel = FileChannel.open(turn, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      if (isOlder(serverTried(), "server")) {
        rehearseServer();
        Files.writeString(serverTried(), "");
      }
      if (isOlder(cliArchive(), "cli")) {
        rehearseCli();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("rehearse the starts", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isOlder(Path kept, String module) throws IOException {
    var jar = Path.of(Home.classPath(module).split(":", -1)[0]);
    return !Files.exists(kept)
        || Files.getLastModifiedTime(kept).compareTo(Files.getLastModifiedTime(jar)) < 0;
  }

  private static void rehearseServer() throws IOException, InterruptedException {
    var stage = Files.createTempDirectory("remit-rehearsal-");
    Files.setPosixFilePermissions(stage, PosixFilePermissions.fromString("rwx--x--x"));
    var said = stage.resolve("said");
    var command = new ArrayList<>(List.of(Home.java()));
    command.addAll(serverOptions());
    command.addAll(QUIET);
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + stage.resolve("cache"),
            "-cp",
            Home.classPath("server"),
            "dev.remit.server.Main",
            "--data",
            stage.resolve("data").toString(),
            "--listen",
            "127.0.0.1:0"));
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (process.isAlive()
        && System.nanoTime() < deadline
        && !Files.readString(said).contains("Remit is ready")) {
      Thread.sleep(50);
    }
    process.destroy();
    awaitEnd(process);
    keep(stage.resolve("cache"), serverCache());
    discard(stage);
  }

  private static void rehearseCli() throws IOException, InterruptedException {
    var fresh = cliArchive().resolveSibling("rehearsed.jsa");
    Files.createDirectories(fresh.getParent());
    var command = new ArrayList<>(List.of(Home.java()));
    command.addAll(SHORT_LIVED);
    command.addAll(
        List.of(
            "-XX:ArchiveClassesAtExit=" + fresh,
            "-cp",
            Home.classPath("cli"),
            "dev.remit.cli.Main",
            "status"));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("REMIT_ADDR", "http://127.0.0.1:1");
    awaitEnd(builder.start());
    keep(fresh, cliArchive());
  }

  private static void awaitEnd(Process process) throws InterruptedException {
    if (!process.waitFor(ENDED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private static void keep(Path fresh, Path place) throws IOException {
    if (Files.exists(fresh)) {
      Files.move(fresh, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path stage) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", stage.toString()).start().waitFor();
  }

  private static List<String> serverOptions() {
    return List.of("@" + Home.directory().resolve("build/serve.options"));
  }

  private static Path serverCache() {
    return Home.directory().resolve("server/target/serve.aot");
  }

  /// So that one that fails is not tried by every process.
  private static Path serverTried() {
    return serverCache().resolveSibling("serve.rehearsed");
  }

  private static Path cliArchive() {
    return Home.directory().resolve("target/remit-cli.jsa");
  }
}
