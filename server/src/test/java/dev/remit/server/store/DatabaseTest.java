package dev.remit.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  private final CommitFaults faults = new CommitFaults();
  private final DatabaseConfig config = TestDatabase.freshConfig();
  private final Database database = Database.open(config, faults);

  @BeforeEach
  void makeATable() {
    database.run(tx -> tx.update("CREATE TABLE note (id text PRIMARY KEY, body text)"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void what_a_transaction_wrote_is_there_for_the_next() {
    database.run(tx -> write(tx, "a", "one"));

    assertThat(ids()).containsExactly("a");
  }

  @Test
  void a_thrown_exception_comes_out_unchanged_and_nothing_is_stored() {
    var bug = new IllegalStateException("a bug in the caller");

    assertThatThrownBy(() ->
            database.run(tx -> {
              write(tx, "a", "one");
              throw bug;
            }))
        .isSameAs(bug);
    assertThat(ids()).isEmpty();
  }

  @Test
  void every_type_of_argument_comes_back_as_it_went_in() {
    var at = Instant.parse("2026-11-21T10:15:30.123456Z");
    var bytes = "bytes".getBytes(StandardCharsets.UTF_8);

    var row =
        database.transact(tx ->
            tx.one(
                    """
                    SELECT ?::text AS t, ?::bigint AS n, ?::boolean AS f, ?::timestamptz AS i,
                           ?::bytea AS b, ?::text[] AS ts, ?::text AS nothing, ?::text AS e,
                           (?::bigint[])[2] AS second, octet_length((?::bytea[])[1]) AS size
                    """,
                    found ->
                        List.of(
                            found.text("t"),
                            found.number("n"),
                            found.flag("f"),
                            found.instant("i"),
                            new String(found.bytes("b"), StandardCharsets.UTF_8),
                            found.texts("ts"),
                            found.maybeText("nothing"),
                            found.text("e"),
                            found.number("second"),
                            found.number("size")),
                    "text",
                    7L,
                    true,
                    at,
                    bytes,
                    List.of("x", "y"),
                    null,
                    CommitFaults.Fault.LOST,
                    new long[] {1, 2},
                    new byte[][] {bytes})
                .orElseThrow());

    assertThat(row)
        .containsExactly(
            "text", 7L, true, at, "bytes", List.of("x", "y"), Optional.empty(), "LOST", 2L, 5L);
  }

  @Test
  void a_null_where_a_value_must_be_is_named() {
    database.run(tx -> write(tx, "a", null));

    assertThatThrownBy(
            () -> database.run(tx -> tx.all("SELECT body FROM note", row -> row.text("body"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("`body` is null");
  }

  @Test
  void a_refused_statement_says_which_and_why() {
    database.run(tx -> write(tx, "a", "one"));

    var refused =
        catchThrowableOfType(
            StatementFailed.class, () -> database.run(tx -> write(tx, "a", "two")));

    assertThat(refused).hasMessageContaining("INSERT INTO note");
    assertThat(refused.isDuplicate()).isTrue();
    assertThat(refused.isConflict()).isFalse();
  }

  @Test
  void two_rows_where_one_was_expected_is_a_bug() {
    database.run(tx -> write(tx, "a", "one"));
    database.run(tx -> write(tx, "b", "two"));

    assertThatThrownBy(
            () -> database.run(tx -> tx.one("SELECT id FROM note", row -> row.text("id"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected one row, got 2");
  }

  /// Both halves of a lost commit: the caller learns only that it cannot know.
  @ParameterizedTest
  @EnumSource
  void a_commit_without_an_answer_is_unknown_and_reading_back_tells(CommitFaults.Fault fault) {
    faults.failNext(fault);

    assertThatThrownBy(() -> database.run(tx -> write(tx, "a", "one")))
        .isInstanceOf(CommitUnknown.class)
        .hasMessageContaining("INSERT INTO note");

    assertThat(ids())
        .containsExactlyElementsOf(
            Map.of(
                    CommitFaults.Fault.LOST,
                    List.<String>of(),
                    CommitFaults.Fault.STORED,
                    List.of("a"))
                .get(fault));
  }

  @Test
  void a_connection_that_breaks_in_mid_transaction_stores_nothing_and_the_next_one_works() {
    assertThatThrownBy(() ->
            database.run(tx -> {
              write(tx, "a", "one");
              TestDatabase.cut(config);
              write(tx, "b", "two");
            }))
        .isInstanceOf(NotCommitted.class)
        .hasMessageContaining("INSERT INTO note");

    assertThat(ids()).isEmpty();
  }

  @Test
  void a_connection_that_breaks_before_the_commit_is_reported_as_unknown() {
    assertThatThrownBy(() ->
            database.run(tx -> {
              write(tx, "a", "one");
              TestDatabase.cut(config);
            }))
        .isInstanceOf(CommitUnknown.class);

    assertThat(ids()).isEmpty();
  }

  @Test
  void a_database_that_goes_away_is_unavailable_soon_and_comes_back_by_itself() {
    database.run(tx -> write(tx, "a", "one"));
    TestDatabase.stop();
    try {
      long before = System.nanoTime();

      assertThatThrownBy(() -> database.run(tx -> write(tx, "b", "two")))
          .isInstanceOf(NotCommitted.class);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(database.isReachable()).isFalse();
    } finally {
      TestDatabase.start();
    }

    assertThat(ids()).containsExactly("a");
    assertThat(database.isReachable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"synchronous_commit"})
  void a_server_that_may_lose_acknowledged_rows_is_refused_with_the_remedy(String setting) {
    database.run(tx -> tx.update("ALTER ROLE CURRENT_USER SET " + setting + " = off"));
    try {
      assertThatThrownBy(() -> Database.open(config))
          .isInstanceOf(UnsafeDatabase.class)
          .hasMessageContaining("`" + setting + "` is off")
          .hasMessageContaining("postgresql.conf");
    } finally {
      database.run(tx -> tx.update("ALTER ROLE CURRENT_USER RESET " + setting));
    }
  }

  @Test
  void an_address_without_a_database_is_named() {
    var nowhere =
        new DatabaseConfig(
            "jdbc:postgresql://127.0.0.1:1/remit",
            "remit",
            "secret",
            1,
            Duration.ofMillis(500),
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> Database.open(nowhere))
        .isInstanceOf(NotCommitted.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/remit")
        .hasMessageNotContaining("secret");
  }

  private static void write(Tx tx, String id, @Nullable String body) {
    tx.update("INSERT INTO note (id, body) VALUES (?, ?)", id, body);
  }

  private List<String> ids() {
    return database.transact(tx -> tx.all("SELECT id FROM note ORDER BY id", r -> r.text("id")));
  }
}
