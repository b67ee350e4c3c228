package dev.remit.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final PersonName ADMIN = new PersonName("admin");
  private static final SecretName NAME = new SecretName("github-token");

  @TempDir Path data;

  private final CommitFaults faults = new CommitFaults();
  private final Database database = TestDatabase.fresh(faults);
  private Ledger ledger;
  private Secrets secrets;

  @BeforeEach
  void open() {
    var master = MasterKey.open(data, Map.of());
    ledger =
        Ledger.open(
            database,
            new LedgerConfig("node-1", "secrets.test"),
            KeyWrap.of(master),
            InstantSource.system());
    secrets = new Secrets(database, ledger, master);
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  @Test
  void a_stored_secret_opens_to_what_it_was_and_is_nowhere_in_the_clear() {
    secrets.put(NAME, new SecretValue("hunter2 ☂"), true, ADMIN, NOW);

    assertThat(secrets.open(NAME).orElseThrow().reveal()).isEqualTo("hunter2 ☂");
    assertThat(secrets.names()).containsExactly(new StoredSecret(NAME, true, "admin", NOW));
    assertThat(everything()).doesNotContain("hunter2");
    assertThat(entries()).singleElement().satisfies(entry -> assertThat(entry).contains("github"));
  }

  @Test
  void what_many_calls_present_is_new_here_at_once_and_elsewhere_a_second_later() {
    var elsewhere = new Secrets(database, ledger, MasterKey.open(data, Map.of()));
    secrets.put(NAME, new SecretValue("first-value"), false, ADMIN, NOW);
    assertThat(secrets.presented(NAME).reveal()).isEqualTo("first-value");
    assertThat(elsewhere.presented(NAME).reveal()).isEqualTo("first-value");

    secrets.put(NAME, new SecretValue("second-value"), false, ADMIN, NOW);

    assertThat(secrets.presented(NAME).reveal()).isEqualTo("second-value");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> elsewhere.presented(NAME).reveal().equals("second-value"));

    secrets.delete(NAME, ADMIN, NOW);

    assertThatThrownBy(() -> secrets.presented(NAME)).isInstanceOf(SecretUnavailable.class);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() ->
            assertThatThrownBy(() -> elsewhere.presented(NAME))
                .isInstanceOf(SecretUnavailable.class));
  }

  /// Stored although it was said to have failed: what is presented is what is stored.
  @Test
  void a_change_of_which_nobody_knows_whether_it_was_stored_is_looked_up() {
    secrets.put(NAME, new SecretValue("first-value"), false, ADMIN, NOW);
    assertThat(secrets.presented(NAME).reveal()).isEqualTo("first-value");
    faults.failNext(CommitFaults.Fault.STORED);

    try {
      secrets.put(NAME, new SecretValue("second-value"), false, ADMIN, NOW);
    } catch (DatabaseUnavailable e) {
      assertThat(e).isNotNull();
    }

    assertThat(secrets.presented(NAME).reveal())
        .isEqualTo(secrets.open(NAME).orElseThrow().reveal());
  }

  @Test
  void what_was_stored_later_replaces_what_was_there() {
    secrets.put(NAME, new SecretValue("old"), true, ADMIN, NOW);

    secrets.put(NAME, new SecretValue("new"), false, ADMIN, NOW);

    assertThat(secrets.open(NAME).orElseThrow().reveal()).isEqualTo("new");
    assertThat(secrets.names()).singleElement().matches(stored -> !stored.rotate());
  }

  @Test
  void a_deleted_secret_is_gone_and_was_recorded() {
    secrets.put(NAME, new SecretValue("x"), false, ADMIN, NOW);

    assertThat(secrets.delete(NAME, ADMIN, NOW)).isTrue();
    assertThat(secrets.delete(NAME, ADMIN, NOW)).isFalse();
    assertThat(secrets.open(NAME)).isEmpty();
    assertThat(entries()).hasSize(2);
  }

  @Test
  void a_row_moved_to_another_name_or_altered_does_not_open() {
    secrets.put(NAME, new SecretValue("x"), false, ADMIN, NOW);
    database.run(tx -> tx.update("UPDATE secret SET name = 'other'"));

    assertThatThrownBy(() -> secrets.open(new SecretName("other")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("secret/other");
  }

  @Test
  void another_master_key_opens_nothing(@TempDir Path elsewhere) {
    secrets.put(NAME, new SecretValue("x"), false, ADMIN, NOW);
    var stranger = new Secrets(database, ledger, MasterKey.open(elsewhere, Map.of()));

    assertThatThrownBy(() -> stranger.open(NAME)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".hidden", "../etc", "a b", "a/b", "ä"})
  void a_name_that_could_be_something_else_is_refused(String name) {
    assertThatThrownBy(() -> new SecretName(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_secret_never_prints_itself() {
    assertThat(new SecretValue("hunter2")).hasToString("[redacted]");
    assertThat(MasterKey.open(data, Map.of()).toString()).contains("redacted");
    assertThatThrownBy(() -> new SecretValue("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SecretValue("x".repeat(65_537)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void a_secret_is_there_exactly_when_its_entry_is(CommitFaults.Fault fault) {
    faults.failNext(fault);

    boolean told = stored();

    assertThat(secrets.open(NAME).isPresent())
        .isEqualTo(told || fault == CommitFaults.Fault.STORED);
    assertThat(entries()).hasSize(secrets.open(NAME).isPresent() ? 1 : 0);
  }

  private boolean stored() {
    try {
      secrets.put(NAME, new SecretValue("x"), false, ADMIN, NOW);
      return true;
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  private List<String> entries() {
    return database.transact(tx ->
        tx.all(
            """
            SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry
             WHERE type = 'secret.stored' ORDER BY index
            """,
            row -> row.text("text")));
  }

  private String everything() {
    return database.transact(tx ->
        tx.all("SELECT wrapped FROM secret", row -> row.bytes("wrapped")).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList()
                .toString()
            + entries());
  }
}
