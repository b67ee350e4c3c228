package dev.remit.server.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The operating system account that PostgreSQL's programs run under.
///
/// PostgreSQL refuses to run as root. Where Remit does, its programs are started through `setpriv`
/// as `postgres`, or as `nobody` where that account is missing; otherwise they run as Remit does.
///
/// @param name for messages
/// @param prefix command that gives up root before it becomes what follows; empty when not root
record Account(String name, List<String> prefix) {

  Account {
    prefix = List.copyOf(prefix);
  }

  /// @throws PostgresNotStarted when this is root and there is no way to give that up
  static Account choose() {
    var user = System.getProperty("user.name");
    if (!"0".equals(id("-u").orElse(""))) {
      return new Account(user, List.of());
    }
    return List.of("postgres", "nobody").stream()
        .flatMap(name -> unprivileged(name).stream())
        .findFirst()
        .orElseThrow(() ->
            new PostgresNotStarted(
                "PostgreSQL never runs as root, and this root cannot become `postgres` or "
                    + "`nobody`: install `setpriv` (package util-linux), start Remit as an "
                    + "ordinary user, or give a database with --database-url"));
  }

  private static Optional<Account> unprivileged(String name) {
    return id("-u", name)
        .flatMap(uid -> id("-g", name).map(gid -> viaSetpriv(name, uid, gid)))
        .filter(account -> account.attempt(List.of("true")).ok());
  }

  private static Account viaSetpriv(String name, String uid, String gid) {
    return new Account(
        name,
        List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs"));
  }

  private static Optional<String> id(String... arguments) {
    var command = new ArrayList<>(List.of("id"));
    command.addAll(List.of(arguments));
    var ran = new Account("", List.of()).attempt(command);
    return ran.ok() ? Optional.of(ran.output().strip()) : Optional.empty();
  }

  boolean isOther() {
    return !prefix.isEmpty();
  }

  /// A command that runs under this account with nothing of Remit's environment: no secret in it
  /// can be read from the database's process.
  ProcessBuilder command(List<String> command) {
    var whole = new ArrayList<>(prefix);
    whole.addAll(command);
    var builder = new ProcessBuilder(whole).directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    return builder;
  }

  private static Map<String, String> environment() {
    var path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return Map.of("PATH", path, "LC_ALL", "C", "TZ", "UTC");
  }

  /// Runs a short command to its end, or throws with what it printed.
  void run(String attempted, List<String> command, String input) {
    var ran = attempt(command, input);
    if (!ran.ok()) {
      throw new PostgresNotStarted(attempted + ": " + ran.output().strip());
    }
  }

  Ran attempt(List<String> command) {
    return attempt(command, "");
  }

  private Ran attempt(List<String> command, String input) {
    try {
      var process = command(command).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The command ended without reading its input; its status and output say why.
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(process.waitFor() == 0, output);
    } catch (IOException e) {
      return new Ran(false, e.getMessage() == null ? "" : e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresNotStarted("interrupted while running " + command.getFirst(), e);
    }
  }

  /// How a short command ended, and what it printed.
  record Ran(boolean ok, String output) {}

  /// Makes `directory`, private to this account.
  void makeOwnDirectory(Path directory) {
    try {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      if (isOther()) {
        var users = directory.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(directory, users.lookupPrincipalByName(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("make `" + directory + "` for " + name, e);
    }
  }

  /// Lets this account pass through `directory`, the one that was given to Remit for its data, if
  /// that is Remit's to decide: its own, and nobody's home.
  void openWay(@Nullable Path directory) throws IOException {
    if (directory == null || !isOther() || mayEnter(directory)) {
      return;
    }
    var user = System.getProperty("user.name");
    boolean isHome = directory.equals(Path.of(System.getProperty("user.home")));
    if (!isHome && Files.getOwner(directory).getName().equals(user)) {
      var permissions = EnumSet.of(PosixFilePermission.OTHERS_EXECUTE);
      permissions.addAll(Files.getPosixFilePermissions(directory));
      Files.setPosixFilePermissions(directory, permissions);
    }
  }

  /// Checks that this account may pass through every directory down to `directory`.
  ///
  /// @throws PostgresNotStarted naming the first that stops it
  void requireEntry(Path directory) {
    if (!isOther() || mayEnter(directory)) {
      return;
    }
    var closed = directory;
    for (var at = directory; at != null && !mayEnter(at); at = at.getParent()) {
      closed = at;
    }
    throw new PostgresNotStarted(
        "the database runs as user `%s`, which cannot enter `%s`: run `chmod o+x %s`, or choose a "
                .formatted(name, closed, closed)
            + "directory that it can enter, such as --data /var/lib/remit");
  }

  private boolean mayEnter(Path directory) {
    return attempt(List.of("test", "-x", directory.toString())).ok();
  }
}
