package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.lending.LendingWorld.Given;
import dev.remit.server.tokens.Party;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// A credential from being asked for to being gone.
class LendingTest {
  private final LendingWorld world = new LendingWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  @Tag("R60")
  void a_task_gets_a_role_that_can_do_what_its_profile_says_and_nothing_beyond() throws Exception {
    var reader = world.given("reader");

    try (var connection = world.login(reader)) {
      run(connection, "SELECT * FROM app.orders");
      for (var beyond :
          List.of(
              "INSERT INTO app.orders VALUES (3, 'jam')",
              "SELECT * FROM app.secrets",
              "CREATE TABLE app.mine (a int)",
              "CREATE TABLE public.mine (a int)",
              "SET ROLE orders_reader",
              "CREATE ROLE another",
              "GRANT orders_reader TO orders_writer",
              "ALTER ROLE " + reader.user() + " VALID UNTIL 'infinity'")) {
        assertThatThrownBy(() -> run(connection, beyond))
            .as(beyond)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("permission denied");
      }
    }
    assertThat(world.complete(reader).statusCode()).isEqualTo(200);
  }

  @Test
  void a_profile_says_how_many_connections_there_may_be() throws Exception {
    var reader = world.given("reader");

    try (var _ = world.login(reader);
        var _ = world.login(reader)) {
      assertThatThrownBy(() -> world.login(reader)).hasMessageContaining("too many connections");
    }
    world.complete(reader);
  }

  @Test
  @Tag("R67")
  void the_password_is_told_once_and_is_nowhere_else() {
    var answer = world.ask(world.token(), "reader");
    var given = LendingWorld.json(answer);
    var password = given.path("password").stringValue();

    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.headers().firstValue("Remit-Receipt")).isPresent();
    assertThat(
            world.orders.texts(
                "SELECT rolpassword FROM pg_authid WHERE rolname = '"
                    + given.path("user").stringValue()
                    + "'"))
        .allMatch(stored -> stored.startsWith("SCRAM-SHA-256$4096:"));
    assertThat(world.stored("SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry"))
        .noneMatch(entry -> entry.contains(password));
    assertThat(world.stored("SELECT c::text AS text FROM credential c"))
        .noneMatch(row -> row.contains(password));
    var shown =
        world.get("/v1/credentials/" + given.path("id").stringValue(), world.person("anna"));
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.body()).doesNotContain(password).doesNotContain("password");
  }

  @Test
  @Tag("R68")
  @Tag("R69")
  @Tag("R204")
  void completing_the_task_leaves_no_session_and_no_role_and_the_ledger_says_when()
      throws Exception {
    var writer = world.given("writer");
    try (var connection = world.login(writer)) {
      run(connection, "INSERT INTO app.orders VALUES (7, 'jam')");

      var completed = world.complete(writer);

      var after = LendingWorld.json(completed).path("credentials");
      assertThat(after.path("gone").asLong()).as(completed.body()).isEqualTo(1);
      assertThat(after.path("left").asLong()).isZero();
      assertThat(world.roles()).isEmpty();
      assertThat(OrdersDatabase.sessions(world.deployment())).isEmpty();
      assertThatThrownBy(() -> run(connection, "SELECT 1")).isInstanceOf(SQLException.class);
    }
    assertThatThrownBy(() -> world.login(writer)).isInstanceOf(SQLException.class);
    assertThat(world.orders.texts("SELECT what FROM app.orders WHERE id = 7"))
        .containsExactly("jam");
    var ended = world.entries("credential.ended").getFirst();
    assertThat(ended.path("reason").asString()).isEqualTo("task-ended");
    assertThat(ended.path("sessions").asLong()).isEqualTo(1);
    assertThat(ended.path("tookMicros").asLong()).isPositive();
    assertThat(ended.path("task").asString()).isEqualTo(writer.task());
    for (var step : List.of("lockMicros", "terminateMicros", "dropMicros", "verifyMicros")) {
      assertThat(ended.path(step).asLong()).as(step).isPositive();
    }
  }

  @Test
  @Tag("R170")
  void a_suspension_ends_a_session_in_the_middle_of_its_query() throws Exception {
    var reader = world.given("reader");
    try (var connection = world.login(reader)) {
      var query =
          CompletableFuture.supplyAsync(() -> {
            try {
              run(connection, "SELECT count(*) FROM generate_series(1, 1000000000000)");
              return "it ended by itself";
            } catch (SQLException e) {
              return String.valueOf(e.getMessage());
            }
          });
      await()
          .until(() ->
              !world
                  .orders
                  .texts(
                      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 10%'"
                          + " AND usename = '"
                          + reader.user()
                          + "' AND state = 'active'")
                  .isEmpty());

      long began = System.nanoTime();
      world.suspend();

      assertThat(query.join()).contains("terminating connection");
      System.out.println(
          "suspended in mid-query: the session ended after "
              + Duration.ofNanos(System.nanoTime() - began).toMillis()
              + " ms");
      world.awaitGone(reader);
      assertThat(OrdersDatabase.sessions(world.deployment())).isEmpty();
    }
    assertThat(world.entries("credential.ended").getFirst().path("reason").asString())
        .isEqualTo("suspended");
    assertThat(world.ask(reader.token(), "reader").statusCode()).isEqualTo(401);
  }

  @Test
  void what_a_role_has_made_is_the_administrators_afterwards() throws Exception {
    var writer = world.given("writer");
    try (var connection = world.login(writer)) {
      run(connection, "CREATE TABLE app.found AS SELECT 42 AS answer");
      run(connection, "CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
      run(connection, "CREATE TEMPORARY TABLE passing (a int)");
      run(connection, "GRANT SELECT ON app.found TO orders_reader");
      run(
          connection,
          "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO orders_reader");
    }

    world.complete(writer);

    assertThat(world.roles()).isEmpty();
    assertThat(world.orders.texts("SELECT answer FROM app.found")).containsExactly("42");
    assertThat(
            world.orders.texts(
                "SELECT tableowner FROM pg_tables WHERE tablename = 'found' UNION ALL"
                    + " SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'one'"))
        .containsExactly("remit_admin", "remit_admin");
    assertThat(world.entries("credential.ended").getFirst().path("owned").asBoolean()).isTrue();
  }

  @Test
  void what_a_role_has_made_in_another_database_of_the_server_does_not_keep_it_alive()
      throws Exception {
    var other = new OrdersDatabase();
    var writer = world.given("writer");
    try (var connection = other.login(writer.user(), writer.password())) {
      run(connection, "SELECT lo_create(4711)");
    }

    world.complete(writer);

    assertThat(world.roles()).isEmpty();
    assertThat(other.texts("SELECT lomowner::regrole::text FROM pg_largeobject_metadata"))
        .containsExactly("remit_admin");
  }

  @Test
  void forty_at_once_are_all_different_and_all_gone_when_their_tasks_are() throws Exception {
    var tokens = IntStream.range(0, 40).mapToObj(_ -> world.token()).toList();

    var given = together(tokens, token -> world.given(token, "reader"));
    assertThat(given.stream().map(Given::user)).doesNotHaveDuplicates();
    assertThat(world.roles()).hasSize(40);
    for (var one : given.subList(0, 3)) {
      world.login(one).close();
    }
    var ended = together(given, world::complete);

    assertThat(ended)
        .allSatisfy(answer ->
            assertThat(LendingWorld.json(answer).at("/credentials/left").asLong(-1))
                .as(answer.body())
                .isZero());
    assertThat(world.roles()).isEmpty();
    assertThat(world.entries("credential.ended")).hasSize(40);
  }

  private interface Work<T, R> {
    R on(T one) throws Exception;
  }

  private static <T, R> List<R> together(List<T> all, Work<T, R> work) throws Exception {
    var go = new CountDownLatch(1);
    var futures = new ArrayList<CompletableFuture<R>>();
    for (var one : all) {
      var future = new CompletableFuture<R>();
      futures.add(future);
      Thread.startVirtualThread(() -> {
        try {
          go.await();
          future.complete(work.on(one));
        } catch (Exception | AssertionError e) {
          future.completeExceptionally(e);
        }
      });
    }
    go.countDown();
    return futures.stream().map(CompletableFuture::join).toList();
  }

  /// Whichever comes first, nobody keeps a password that opens anything. Tries 20 moments; the seed
  /// is in the message.
  @Test
  @Tag("R170")
  void a_suspension_at_any_moment_of_an_issue_leaves_nothing() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      var token = world.token();
      var asked = CompletableFuture.supplyAsync(() -> world.ask(token, "reader"));
      Thread.sleep(random.nextInt(25));

      world.suspend();

      var answer = asked.join();
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(world.roles()).as("seed " + seed).isEmpty());
      if (answer.statusCode() == 201) {
        var json = LendingWorld.json(answer);
        assertThatThrownBy(() ->
                world.orders.login(
                    json.path("user").stringValue(), json.path("password").stringValue()))
            .as("seed " + seed)
            .isInstanceOf(SQLException.class);
      }
      world.resume();
    }
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() ->
            world.stored("SELECT id AS text FROM credential WHERE state <> 'REVOKED'").isEmpty());
  }

  @Test
  @Tag("R69")
  @Tag("R204")
  void the_outcome_says_that_sessions_are_gone_and_after_how_long() throws Exception {
    var reader = world.given("reader");
    try (var session = world.login(reader)) {
      world.suspend();
      world.awaitGone(reader);
      assertThat(session.isValid(2)).isFalse();
    }

    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> !world.entries("control.measured").isEmpty());
    var entry = world.entries("control.measured").getFirst();
    assertThat(entry.path("complete").booleanValue()).isTrue();
    assertThat(
            entry
                .path("parts")
                .valueStream()
                .filter(part -> part.path("part").asString("").equals("credentials"))
                .map(part -> part.path("count").asLong(0) + " gone, " + part.path("left")))
        .containsExactly("1 gone, 0");
    assertThat(entry.path("parts").valueStream().map(part -> part.path("part").asString("")))
        .containsExactlyInAnyOrder("tokens", "streams", "holds", "credentials", "certificates");
  }

  @Test
  @Tag("R170")
  void a_suspended_resource_or_key_takes_the_credentials_and_their_sessions_away()
      throws Exception {
    for (var party : List.of(Party.of(new ResourceName("orders")), world.ownKey())) {
      var reader = world.given("reader");
      try (var session = world.login(reader)) {
        world.suspend(party);

        world.awaitGone(reader);
        assertThat(session.isValid(2)).as(party + " is suspended").isFalse();
      }
      assertThat(world.entries("credential.ended").getLast().path("reason").stringValue())
          .isEqualTo("suspended");
      world.resume(party);
    }
  }

  @Test
  void two_revocations_at_once_are_one() throws Exception {
    var reader = world.given("reader");
    var admin = world.person("admin");
    var path = "/v1/credentials/" + reader.id() + "/revoke";

    var answers = together(List.of(1, 2, 3), _ -> world.post(path, admin, ""));

    assertThat(answers)
        .allSatisfy(answer ->
            assertThat(LendingWorld.json(answer).path("state").asString("")).isEqualTo("revoked"));
    assertThat(world.entries("credential.revoking")).hasSize(1);
    assertThat(world.entries("credential.ended")).hasSize(1);
    assertThat(world.entries("credential.revoking").getFirst().path("by").asString())
        .isEqualTo("admin");
  }

  @Test
  void one_that_was_half_taken_away_is_taken_away_wholly() {
    var reader = world.given("reader");
    world.orders.run(
        "ALTER ROLE " + reader.user() + " NOLOGIN",
        "GRANT " + reader.user() + " TO remit_admin",
        "REVOKE orders_reader FROM " + reader.user() + " GRANTED BY remit_admin");

    world.complete(reader);

    assertThat(world.roles()).isEmpty();
  }

  @Test
  void one_that_somebody_else_has_dropped_already_ends_and_says_that_it_was_not_there() {
    var reader = world.given("reader");
    world.orders.run("DROP ROLE " + reader.user());

    world.complete(reader);

    assertThat(world.state(reader)).isEqualTo("REVOKED");
    assertThat(world.entries("credential.ended").getFirst().path("existed").asBoolean(true))
        .isFalse();
  }

  @Test
  void a_credential_ends_when_its_time_is_over_although_its_session_goes_on() throws Exception {
    var reader = world.given("reader");
    try (var connection = world.login(reader)) {
      world.tamper(
          "UPDATE credential SET expires_at = now() - interval '1 s' WHERE id = '"
              + reader.id()
              + "'");
      await()
          .atMost(Duration.ofSeconds(15))
          .until(() ->
              world.stored("SELECT state AS text FROM credential").equals(List.of("REVOKED")));

      assertThatThrownBy(() -> run(connection, "SELECT 1")).isInstanceOf(SQLException.class);
    }
    assertThat(world.entries("credential.ended").getFirst().path("reason").asString())
        .isEqualTo("expired");
    // As it was said to be, so that the tables agree with the ledger again.
    var said = world.entries("credential.intended").getFirst().path("expiresAt").asString();
    world.tamper("UPDATE credential SET expires_at = '" + said + "'");
  }

  @Test
  void no_credential_lives_longer_than_its_task_or_than_is_set() {
    var reader = world.given("reader");

    var until =
        Instant.parse(world.entries("credential.intended").getFirst().path("expiresAt").asString());

    assertThat(until).isBefore(Instant.now().plus(LendingWorld.QUICK.lifetimeMax()));
    assertThat(
            world.orders.texts(
                "SELECT floor(extract(epoch FROM rolvaliduntil))::bigint FROM pg_roles WHERE rolname = '"
                    + reader.user()
                    + "'"))
        .containsExactly(Long.toString(until.getEpochSecond()));
  }

  @Test
  void a_grant_that_is_withdrawn_takes_its_credentials_with_it() {
    var reader = world.given("reader");

    world.declare(world.database("orders", world.orders.port, "[writer]"));

    world.awaitGone(reader);
    assertThat(world.entries("credential.ended").getFirst().path("reason").asString())
        .isEqualTo("grant-withdrawn");
  }

  /// The announcement of a suspension, and of a task's end, can be lost: the sweep sees it all the
  /// same, also when it is over again.
  @Test
  void news_that_was_lost_is_found_by_looking() {
    var reader = world.given("reader");
    world.tamper("UPDATE credential SET epochs = epochs - 1 WHERE id = '" + reader.id() + "'");

    world.lending.sweep();

    world.awaitGone(reader);
  }

  @Test
  void a_task_has_only_so_many_at_once() {
    var token = world.token();
    var first = world.given(token, "reader");
    IntStream.range(0, 3).forEach(_ -> world.given(token, "reader"));

    var refused = world.ask(token, "reader");
    world.post("/v1/credentials/" + first.id() + "/revoke", token, "");
    var again = world.ask(token, "reader");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(LendingWorld.slug(refused)).isEqualTo("too-many-credentials");
    assertThat(again.statusCode()).isEqualTo(201);
    world.complete(first);
    assertThat(world.roles()).isEmpty();
  }

  /// Certificates are credentials of a task like those of databases: listed beside them, and taken
  /// away the same way.
  @Test
  @Tag("R12")
  @Tag("R62")
  void certificates_are_listed_with_the_credentials_of_databases_and_revoked_like_them()
      throws Exception {
    var reader = world.given("reader");
    var key = KeyPairGenerator.getInstance("EC").generateKeyPair();
    var csr =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), key.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
    var pem =
        "-----BEGIN CERTIFICATE REQUEST-----\n"
            + Base64.getMimeEncoder().encodeToString(csr.getEncoded())
            + "\n-----END CERTIFICATE REQUEST-----\n";
    var body = JsonMapper.shared().createObjectNode().put("csr", pem).toString();
    var asked = world.post("/v1/svids/x509", reader.token(), body);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(201);
    var id = LendingWorld.json(asked).path("id").asString("");

    var listed = LendingWorld.json(world.get("/v1/credentials", world.person("anna")));
    var own = LendingWorld.json(world.get("/v1/credentials/" + id, reader.token()));
    var strange = world.get("/v1/credentials/" + id, world.token());
    var notOwner = world.post("/v1/credentials/" + id + "/revoke", world.person("otto"), "");
    var revoked = world.post("/v1/credentials/" + id + "/revoke", world.person("anna"), "");

    assertThat(listed.path("credentials").valueStream().map(one -> one.path("kind").asString("")))
        .containsExactlyInAnyOrder("database", "certificate");
    assertThat(own.path("state").asString("")).isEqualTo("active");
    assertThat(strange.statusCode()).isEqualTo(404);
    assertThat(notOwner.statusCode()).isIn(401, 403);
    assertThat(LendingWorld.json(revoked).path("state").asString("")).isEqualTo("revoked");
    assertThat(world.state(reader)).isEqualTo("ACTIVE");
  }
}
