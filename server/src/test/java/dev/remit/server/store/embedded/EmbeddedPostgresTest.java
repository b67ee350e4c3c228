package dev.remit.server.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R99")
class EmbeddedPostgresTest {
  private final Path directory = TestDatabase.enterable("embedded-");

  @AfterEach
  void discard() {
    TestDatabase.discard(directory);
  }

  @Test
  void what_was_stored_is_there_at_the_second_start_on_the_same_port_with_the_same_password() {
    var first = start();
    var config = first.config(2);
    write(first, "kept");
    first.close();

    try (var second = start()) {
      assertThat(read(second)).containsExactly("kept");
      assertThat(second.config(2)).isEqualTo(config);
    }
  }

  @Test
  void it_never_runs_as_root_and_is_reachable_by_password_from_this_machine_only()
      throws Exception {
    try (var postgres = start()) {
      var user = ProcessHandle.of(postgres.pid()).flatMap(p -> p.info().user()).orElse("");
      assertThat(user).isNotEmpty().isNotEqualTo("root");

      var wrong = new DatabaseConfig(postgres.url("remit"), "remit", "not-the-password", 1);
      assertThatThrownBy(() -> Database.open(wrong)).hasMessageContaining("connect to");
      assertThat(Files.readString(directory.resolve("postgresql.conf")))
          .contains("listen_addresses = '127.0.0.1'", "unix_socket_directories = ''");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("password"))))
          .isEqualTo("rw-------");
    }
  }

  /// `remit serve` uses `./data` unless told otherwise.
  @Test
  void a_relative_directory_is_as_good_as_an_absolute_one() {
    var here = Path.of("").toAbsolutePath();
    var relative = here.relativize(directory.toAbsolutePath());

    try (var postgres = EmbeddedPostgres.start(relative)) {
      assertThat(read(postgres)).isEmpty();
    }
  }

  @Test
  void checksums_and_durability_are_on() {
    try (var postgres = start();
        var database = Database.open(postgres.config(2))) {
      for (var setting :
          List.of("data_checksums", "fsync", "full_page_writes", "synchronous_commit")) {
        assertThat(setting(database, setting)).as(setting).isEqualTo("on");
      }
      assertThat(setting(database, "server_encoding")).isEqualTo("UTF8");
    }
  }

  @Test
  void no_secret_of_this_process_is_in_the_environment_of_the_server() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs /proc to look");
    try (var postgres = start()) {
      var environment = Files.readString(Path.of("/proc/" + postgres.pid() + "/environ"));

      assertThat(environment.split("\0"))
          .allSatisfy(variable -> assertThat(variable).matches("(PATH|LC_ALL|TZ|PG\\w+|PWD)=.*"));
    }
  }

  @Test
  void two_servers_never_share_a_directory() {
    try (var _ = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(PostgresNotStarted.class)
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid())
          .hasMessageContaining("--data");
    }
  }

  @Test
  void a_server_that_is_killed_is_started_again_with_everything_it_had_acknowledged() {
    try (var postgres = start()) {
      write(postgres, "acknowledged");
      long before = postgres.pid();

      ProcessHandle.of(before).orElseThrow().destroyForcibly();

      await().atMost(Duration.ofSeconds(30)).until(() -> postgres.pid() != before);
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(read(postgres)).containsExactly("acknowledged"));
    }
  }

  @Test
  void when_remit_is_killed_the_server_stops_by_itself() throws Exception {
    var holder = hold();
    long server = Long.parseLong(firstLine(holder));

    holder.destroyForcibly().waitFor();

    await().atMost(Duration.ofSeconds(20)).until(() -> isGone(server));
    assertThat(directory.resolve("cluster-18/postmaster.pid")).doesNotExist();
  }

  @Test
  void after_a_kill_the_next_start_has_the_data_at_once_whatever_the_old_server_is_doing()
      throws Exception {
    try (var first = start()) {
      write(first, "kept");
    }
    var holder = hold();
    firstLine(holder);

    holder.destroyForcibly().waitFor();

    try (var postgres = start()) {
      assertThat(read(postgres)).containsExactly("kept");
    }
  }

  @Test
  void an_orphan_whose_watcher_was_killed_too_is_stopped_by_the_next_start() throws Exception {
    var holder = hold();
    long server = Long.parseLong(firstLine(holder));
    watchersOf(server).forEach(ProcessHandle::destroyForcibly);
    holder.destroyForcibly().waitFor();
    assertThat(isGone(server)).isFalse();

    try (var postgres = start()) {
      assertThat(postgres.pid()).isNotEqualTo(server);
      await().atMost(Duration.ofSeconds(10)).until(() -> isGone(server));
    }
  }

  @Test
  void a_number_in_the_pid_file_that_belongs_to_another_program_does_no_harm() throws Exception {
    start().close();
    var account = Account.choose();
    var stranger = account.command(List.of("sleep", "60")).start();
    try {
      account.run(
          "leave a stale pid file",
          List.of("tee", directory.resolve("cluster-18/postmaster.pid").toString()),
          stranger.pid() + "\n" + directory.resolve("cluster-18") + "\n1\n1\n\n127.0.0.1\n\n");

      try (var postgres = start()) {
        assertThat(read(postgres)).isEmpty();
      }

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void what_an_interrupted_first_start_left_is_ignored_and_removed() throws IOException {
    Files.createDirectories(directory.resolve("making-0123/base"));

    try (var postgres = start()) {
      assertThat(read(postgres)).isEmpty();
    }

    assertThat(directory.resolve("making-0123")).doesNotExist();
  }

  @Test
  void a_directory_that_the_database_cannot_enter_is_named_with_the_command_that_opens_it()
      throws IOException {
    assumeTrue(Account.choose().isOther(), "only root gives the database another account");
    var closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    var inside = Files.createDirectories(closed.resolve("a/b"));

    assertThatThrownBy(() -> EmbeddedPostgres.start(inside, TestDatabase.programs()))
        .isInstanceOf(PostgresNotStarted.class)
        .hasMessageContaining("chmod o+x " + closed)
        .hasMessageContaining("--data");
  }

  @Test
  void an_ordinary_user_runs_it_as_themselves() throws Exception {
    assumeTrue(Account.choose().isOther(), "only root can play another user");
    var account = Account.choose();
    account.makeOwnDirectory(directory.resolve("theirs"));

    var data = directory.resolve("theirs/data");
    var holder =
        account
            .command(holderCommand(readableClassPath(), data, data))
            .redirectErrorStream(true)
            .start();
    try {
      var server = Long.parseLong(firstLine(holder));

      assertThat(ProcessHandle.of(server).flatMap(p -> p.info().user())).contains(account.name());
    } finally {
      holder.destroy();
      holder.waitFor();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> holder.descendants().findAny().isEmpty());
  }

  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(directory, TestDatabase.programs());
  }

  private Process hold() throws IOException {
    var classes = System.getProperty("java.class.path");
    return new ProcessBuilder(holderCommand(classes, directory, TestDatabase.programs()))
        .redirectErrorStream(true)
        .start();
  }

  /// A copy of this class path that another user can read; the original may lie in a private home.
  private String readableClassPath() throws IOException {
    var copies = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      var copy = directory.resolve("copy-" + copies.size() + ".jar");
      copyTree(Path.of(entry), copy);
      copies.add(copy.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (var path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static List<String> holderCommand(String classes, Path directory, Path programs) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        classes,
        Holder.class.getName(),
        directory.toString(),
        programs.toString());
  }

  private static String firstLine(Process process) throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.matches("\\d+")) {
        return line;
      }
    }
    throw new IllegalStateException("the holder ended without a line");
  }

  private static List<ProcessHandle> watchersOf(long server) {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(p -> p.pid() != server && p.info().command().orElse("").matches(".*/(da|ba)?sh"))
        .filter(
            p -> String.join(" ", p.info().arguments().orElse(new String[0])).contains("kill -INT"))
        .filter(p -> isNear(p.pid(), server))
        .toList();
  }

  /// The watcher is started by the process that becomes the server, just before it does.
  private static boolean isNear(long pid, long server) {
    return pid > server && pid < server + 50;
  }

  private static boolean isGone(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
  }

  private static void write(EmbeddedPostgres postgres, String text) {
    try (var database = Database.open(postgres.config(2))) {
      database.run(tx -> {
        tx.update("CREATE TABLE IF NOT EXISTS kept (text text)");
        tx.update("INSERT INTO kept VALUES (?)", text);
      });
    }
  }

  private static List<String> read(EmbeddedPostgres postgres) {
    try (var database = Database.open(postgres.config(2))) {
      return database.transact(tx -> {
        tx.update("CREATE TABLE IF NOT EXISTS kept (text text)");
        return tx.all("SELECT text FROM kept", row -> row.text("text"));
      });
    }
  }

  private static String setting(Database database, String name) {
    return database.transact(tx ->
        tx.one("SELECT current_setting(?) AS value", row -> row.text("value"), name).orElseThrow());
  }
}
