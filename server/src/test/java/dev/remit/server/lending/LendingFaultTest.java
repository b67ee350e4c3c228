package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is left of a credential when its database, or ours, is away, slow, restored or copied.
class LendingFaultTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  @Tag("R12")
  void a_database_that_is_away_is_an_alarm_until_it_is_back_and_then_nothing_is_left() {
    try (var world = new LendingWorld()) {
      var reader = world.given("reader");
      OrdersDatabase.stop();
      try {
        var completed = world.complete(reader);

        assertThat(LendingWorld.json(completed).at("/credentials/left").asLong()).isEqualTo(1);
        await().atMost(SOON).until(() -> world.state(reader).equals("STUCK"));
        assertThat(LendingWorld.slug(world.ask(world.token(), "reader")))
            .isEqualTo("database-unreachable");
        await()
            .atMost(SOON)
            .untilAsserted(() ->
                assertThat(world.findings.newest())
                    .anyMatch(finding ->
                        finding.kind().equals("credential-stuck")
                            && finding.subject().equals(reader.id())));
      } finally {
        OrdersDatabase.start();
      }

      var again =
          world.post("/v1/credentials/" + reader.id() + "/revoke", world.person("admin"), "");

      assertThat(LendingWorld.json(again).path("state").asString()).isEqualTo("revoked");
      assertThat(world.entries("credential.stuck")).hasSize(1);
      assertThat(world.entries("credential.ended").getLast().path("attempts").asLong())
          .isPositive();
      world.lending.sweep();
      await()
          .atMost(SOON)
          .until(() ->
              world.stored("SELECT id AS text FROM credential WHERE state <> 'REVOKED'").isEmpty());
    }
  }

  /// It takes connections and never says a word.
  @Test
  void a_database_that_does_not_answer_is_given_up_in_time() throws IOException {
    try (var world = new LendingWorld();
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      world.declare(world.database("silent", silent.getLocalPort(), "[reader]"));
      var body = "{\"resource\":\"silent\",\"profile\":\"reader\"}";
      var token = world.tokenFor("silent");

      long began = System.nanoTime();
      var refused = world.post("/v1/credentials", token, body);

      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      assertThat(world.stored("SELECT id AS text FROM credential")).isEmpty();
    }
  }

  private static String changing(String state) {
    return "SELECT 1 FROM credential WHERE xmin = pg_current_xact_id_if_assigned()::xid"
        + " AND state = '"
        + state
        + "'";
  }

  private static void awaitNothing(LendingWorld world) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          world.lending.sweep();
          assertThat(world.roles()).isEmpty();
          assertThat(world.stored("SELECT id AS text FROM credential WHERE state <> 'REVOKED'"))
              .isEmpty();
        });
  }

  /// Each half of a failing commit, at the intent and at what makes it active.
  @ParameterizedTest
  @EnumSource
  @Tag("R69")
  void nobody_gets_a_credential_whose_record_failed_and_none_is_left(CommitFaults.Fault fault) {
    try (var world = new LendingWorld()) {
      var token = world.token();
      for (var state : List.of("INTENT", "ACTIVE")) {
        world.faults.fail(fault, changing(state));

        var answer = world.ask(token, "reader");

        assertThat(world.faults.hasFailed()).as(state).isTrue();
        // The ledger reads back what it does not know; then what was stored simply goes on.
        assertThat(answer.statusCode())
            .as(state)
            .isIn(fault == CommitFaults.Fault.LOST ? List.of(503) : List.of(201, 503));
        assertThat(answer.body().contains("password")).isEqualTo(answer.statusCode() == 201);
      }
      world.post("/v1/tasks/" + LendingWorld.task(token) + "/complete", token, "");
      awaitNothing(world);
    }
  }

  /// And at the mark that it ends, and at the record that it has ended.
  @ParameterizedTest
  @EnumSource
  @Tag("R69")
  void one_ends_although_the_record_of_its_ending_failed(CommitFaults.Fault fault) {
    try (var world = new LendingWorld()) {
      for (var state : List.of("REVOKING", "REVOKED")) {
        var reader = world.given("reader");
        world.faults.fail(fault, changing(state));

        world.complete(reader);

        await().atMost(SOON).until(world.faults::hasFailed);
        awaitNothing(world);
        assertThat(world.entries("credential.ended"))
            .filteredOn(entry -> entry.path("credential").asString("").equals(reader.id()))
            .hasSize(1);
      }
    }
  }

  @Test
  @Tag("R73")
  void a_role_that_comes_back_with_its_restored_database_is_swept_and_reported() throws Exception {
    try (var world = new LendingWorld()) {
      var reader = world.given("reader");
      world.complete(reader);
      world.orders.run(
          "CREATE ROLE " + reader.user() + " LOGIN PASSWORD 'as it was'",
          "GRANT " + reader.user() + " TO remit_admin WITH ADMIN OPTION",
          "CREATE ROLE remit_t_othersys_00000000000000000000000000 LOGIN");
      try (var session = world.orders.login(reader.user(), "as it was")) {
        world.lending.sweep();

        assertThatThrownBy(() -> session.createStatement().execute("SELECT 1"))
            .isInstanceOf(SQLException.class);
      }
      assertThat(world.roles()).isEmpty();
      assertThat(world.entries("credential.swept").getFirst().path("role").asString())
          .isEqualTo(reader.user());
      assertThat(world.findings.newest())
          .anyMatch(finding -> finding.kind().equals("credential-orphan"));
      assertThat(OrdersDatabase.roles("othersys")).as("what another deployment owns").hasSize(1);
    } finally {
      OrdersDatabase.asSuperuser(
          "postgres", "DROP ROLE IF EXISTS remit_t_othersys_00000000000000000000000000");
    }
  }

  /// Our database is set back to before a credential was issued. Nothing on record says that the
  /// role may be there; it may as well be that of the deployment that we were copied from.
  @Test
  @Tag("R73")
  void after_a_restore_of_our_own_database_nothing_is_dropped_until_somebody_says_so()
      throws Exception {
    var where = TestDatabase.freshConfig();
    var data = TestDatabase.enterable("lending-");
    var world = new LendingWorld(LendingWorld.QUICK, where, data);
    var orders = world.orders;
    world.complete(world.given("reader"));
    var deployment = world.deployment();
    world.close();
    var backup = copied(where);

    try (var running = new LendingWorld(LendingWorld.QUICK, where, data, orders)) {
      running.leaves = true;
      running.given("reader");
      running.lending.sweep();
    }
    assertThat(OrdersDatabase.roles(deployment)).hasSize(1);

    try (var restored = new LendingWorld(LendingWorld.QUICK, backup, data, orders)) {
      restored.lending.sweep();
      var refused = restored.ask(restored.token(), "reader");

      assertThat(LendingWorld.slug(refused)).as(refused.body()).isEqualTo("place-quarantined");
      assertThat(restored.roles()).hasSize(1);
      assertThat(restored.entries("credential.quarantined").getFirst().path("behind").asLong())
          .isPositive();
      assertThat(restored.findings.newest())
          .anyMatch(finding -> finding.kind().equals("place-quarantined"));

      var released = restored.post("/v1/databases/orders/release", restored.person("admin"), "");
      restored.lending.sweep();

      assertThat(LendingWorld.json(released).path("released").asBoolean()).isTrue();
      assertThat(restored.roles()).isEmpty();
      assertThat(restored.entries("credential.swept")).hasSize(1);
      restored.complete(restored.given("reader"));
    }
  }

  private static DatabaseConfig copied(DatabaseConfig where) throws SQLException {
    int slash = where.url().lastIndexOf('/');
    var name = where.url().substring(slash + 1);
    var server = where.url().substring(0, slash);
    try (var connection =
            DriverManager.getConnection(server + "/postgres", where.user(), where.password());
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + "_backup TEMPLATE " + name);
    }
    return new DatabaseConfig(
        server + "/" + name + "_backup",
        where.user(),
        where.password(),
        where.poolMax(),
        where.waitMax(),
        where.statementMax());
  }

  /// The password of the administrator is replaced while credentials are out.
  @Test
  void a_replaced_password_of_the_administrator_is_used_at_once() {
    try (var world = new LendingWorld()) {
      var reader = world.given("reader");
      OrdersDatabase.asSuperuser("postgres", "ALTER ROLE remit_admin PASSWORD 'a new one'");
      try {
        world.password("a new one");

        world.complete(reader);

        assertThat(world.roles()).isEmpty();
      } finally {
        OrdersDatabase.asSuperuser(
            "postgres",
            "ALTER ROLE remit_admin PASSWORD '"
                + OrdersDatabase.ADMIN_PASSWORD.replace("'", "''")
                + "'");
      }
    }
  }

  @Test
  @Tag("R170")
  void what_follows_from_a_suspension_follows_after_a_start_if_whoever_said_it_has_died()
      throws Exception {
    var where = TestDatabase.freshConfig();
    var data = TestDatabase.enterable("lending-");
    var orders = new OrdersDatabase();
    LendingWorld.Given reader;
    try (var world = new LendingWorld(LendingWorld.QUICK, where, data, orders)) {
      reader = world.given("reader");
    }
    try (var session = orders.login(reader.user(), reader.password())) {
      LendingWorld.suspendAndDie(where, data);
      assertThat(session.isValid(2)).as("nobody has ended it yet").isTrue();

      try (var next = new LendingWorld(LendingWorld.QUICK, where, data, orders)) {
        next.awaitGone(reader);
        assertThat(session.isValid(2)).isFalse();
        assertThat(next.entries("credential.ended").getLast().path("reason").stringValue())
            .isEqualTo("suspended");
      }
    }
  }
}
