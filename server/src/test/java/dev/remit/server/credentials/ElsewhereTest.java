package dev.remit.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Secrets whose value is somewhere else. The vault is [TestVault], which is not Vault.
@Tag("R67")
@Tag("R73")
class ElsewhereTest {
  private static final PersonName ADMIN = new PersonName("admin");
  private static final SecretName NAME = new SecretName("crm.key");
  private static final Duration STALE = Duration.ofMinutes(1);

  @TempDir Path data;
  @TempDir Path files;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
  private final CommitFaults faults = new CommitFaults();
  private final Database database = TestDatabase.fresh(faults);
  private final TestVault vault = new TestVault();
  private Elsewhere elsewhere;
  private Ledger ledger;
  private Secrets secrets;

  @BeforeEach
  void open() {
    var master = MasterKey.open(data, Map.of());
    ledger =
        Ledger.open(
            database,
            new LedgerConfig("node-1", "elsewhere.test"),
            KeyWrap.of(master),
            InstantSource.system());
    elsewhere = elsewhere(Vaults.token(TestVault.TOKEN));
    secrets = new Secrets(database, ledger, master, elsewhere);
  }

  private static final class Vaults {
    static Vault.Token token(String token) {
      return new Vault.Token.Given(new SecretValue(token));
    }
  }

  private Elsewhere elsewhere(Vault.Token token) {
    var limits = new OutsideConfig(Duration.ofSeconds(4), 65_536, Duration.ofHours(1), STALE);
    return new Elsewhere(
        now::get,
        limits,
        Map.of("REMIT_SECRET_CRM", "from the environment", "REMIT_MASTER_KEY", "ours"),
        Optional.of(files),
        Optional.of(new Vault(now::get, limits, vault.url(), "", token)));
  }

  @AfterEach
  void close() {
    elsewhere.close();
    vault.close();
    ledger.close();
    database.close();
  }

  @Test
  void a_secret_may_be_in_the_environment_of_the_server() {
    put("{\"environment\":\"REMIT_SECRET_CRM\"}");

    assertThat(opened()).isEqualTo("from the environment");
    assertThat(secrets.place(NAME).orElseThrow().toString())
        .isEqualTo("{\"environment\":\"REMIT_SECRET_CRM\"}");
  }

  @Test
  void a_variable_that_is_not_there_is_a_refusal_that_names_it() {
    put("{\"environment\":\"REMIT_SECRET_OTHER\"}");

    assertThatThrownBy(this::opened)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("`REMIT_SECRET_OTHER`");
  }

  @Test
  void a_file_is_read_at_each_use_so_that_it_may_change() throws IOException {
    var file = file("crm", "first\n", "rw-------");
    put("{\"file\":\"" + file + "\"}");

    assertThat(opened()).isEqualTo("first");
    Files.writeString(file, "second");

    assertThat(opened()).isEqualTo("second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw--w----", "rw-----w-"})
  void a_file_that_others_may_read_or_write_is_refused(String permissions) throws IOException {
    put("{\"file\":\"" + file("crm", "open", permissions) + "\"}");

    assertThatThrownBy(this::opened)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void a_file_is_below_the_directory_for_them_even_behind_a_link() throws IOException {
    var outside = Files.writeString(data.resolve("outside"), "x");
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-------"));
    var link = Files.createSymbolicLink(files.resolve("link"), outside);
    put("{\"file\":\"" + link + "\"}");

    assertThatThrownBy(this::opened)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("secrets.filesBelow");
  }

  @Test
  void a_file_that_is_not_there_is_a_refusal() {
    put("{\"file\":\"" + files.resolve("nowhere") + "\"}");

    assertThatThrownBy(this::opened)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("is not there");
  }

  @Test
  void a_vault_is_read_at_each_use() {
    vault.kv.put("/v1/kv/data/team/crm", Map.of("token", "first"));
    put(KV);

    assertThat(opened()).isEqualTo("first");
    vault.kv.put("/v1/kv/data/team/crm", Map.of("token", "second"));

    assertThat(opened()).isEqualTo("second");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, -1})
  void while_a_vault_is_away_its_last_answer_serves_for_a_while_and_no_longer(int fails) {
    vault.kv.put("/v1/kv/data/team/crm", Map.of("token", "first"));
    put(KV);
    assertThat(opened()).isEqualTo("first");
    vault.fails = fails;

    now.updateAndGet(before -> before.plus(STALE));
    assertThat(opened()).isEqualTo("first");
    now.updateAndGet(before -> before.plusSeconds(1));

    assertThatThrownBy(this::opened)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("the vault");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void a_vault_that_says_no_is_believed_at_once(int fails) {
    vault.kv.put("/v1/kv/data/team/crm", Map.of("token", "first"));
    put(KV);
    assertThat(opened()).isEqualTo("first");
    vault.fails = fails;

    assertThatThrownBy(this::opened).isInstanceOf(SecretUnavailable.class);
    vault.fails = 500;
    assertThatThrownBy(this::opened).isInstanceOf(SecretUnavailable.class);
  }

  @Test
  void what_a_vault_makes_comes_from_one_lease_until_that_is_renewed() {
    put("{\"vaultDynamic\":{\"path\":\"database/creds/reader\",\"field\":\"username\"}}");
    var password = new SecretName("crm.password");
    put(password, "{\"vaultDynamic\":{\"path\":\"database/creds/reader\",\"field\":\"password\"}}");

    assertThat(opened()).isEqualTo("v-reader-1");
    assertThat(secrets.open(password).orElseThrow().reveal()).isEqualTo("made-password-1");
    now.updateAndGet(before -> before.plusSeconds(41));
    assertThat(opened()).isEqualTo("v-reader-1");

    assertThat(vault.asked)
        .containsExactly("GET /v1/database/creds/reader", "PUT /v1/sys/leases/renew");
  }

  @Test
  void a_lease_that_can_live_no_longer_is_replaced_and_given_back() {
    put(DYNAMIC);
    assertThat(opened()).isEqualTo("v-reader-1");
    vault.renewedSeconds = 5;

    now.updateAndGet(before -> before.plusSeconds(41));

    assertThat(opened()).isEqualTo("v-reader-2");
    assertThat(vault.revoked).containsExactly("database/creds/reader/1");
  }

  @Test
  void a_lease_serves_to_its_end_while_the_vault_is_away_and_no_longer() {
    put(DYNAMIC);
    assertThat(opened()).isEqualTo("v-reader-1");
    vault.fails = 503;

    now.updateAndGet(before -> before.plusSeconds(59));
    assertThat(opened()).isEqualTo("v-reader-1");
    now.updateAndGet(before -> before.plusSeconds(1));

    assertThatThrownBy(this::opened).isInstanceOf(SecretUnavailable.class);
  }

  @Test
  void leases_are_given_back_when_the_server_stops() {
    put(DYNAMIC);
    assertThat(opened()).isEqualTo("v-reader-1");

    elsewhere.close();

    assertThat(vault.revoked).containsExactly("database/creds/reader/1");
  }

  @Test
  void a_vaults_token_may_be_in_a_file_that_somebody_keeps_fresh() throws IOException {
    vault.kv.put("/v1/kv/data/team/crm", Map.of("token", "first"));
    var file = file("vault-token", "old", "rw-------");
    put(KV);
    var other = elsewhere(new Vault.Token.InFile(file));
    var reference = Kept.read(JsonMapper.shared().readTree(KV));

    assertThatThrownBy(() -> other.value(NAME, reference))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("refuses");
    Files.writeString(file, TestVault.TOKEN.concat("\n"));

    assertThat(other.value(NAME, reference).reveal()).isEqualTo("first");
  }

  @Test
  void a_reference_is_bound_to_its_name_and_to_where_it_leads() {
    put("{\"environment\":\"REMIT_SECRET_CRM\"}");
    database.run(tx -> tx.update("UPDATE secret SET kept = 'here'"));

    assertThatThrownBy(this::opened).isInstanceOf(IllegalStateException.class);
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void a_reference_is_there_exactly_when_its_entry_is(Fault fault) {
    faults.failNext(fault);

    try {
      put("{\"environment\":\"REMIT_SECRET_CRM\"}");
    } catch (DatabaseUnavailable e) {
      assertThat(fault).isEqualTo(Fault.LOST);
    }

    assertThat(entries()).isEqualTo(secrets.exists(NAME) ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"value\":\"\"}",
        "{\"value\":1}",
        "{\"value\":\"x\",\"file\":\"/x\"}",
        "{\"environment\":\"REMIT_MASTER_KEY\"}",
        "{\"environment\":\"PATH\"}",
        "{\"file\":\"relative\"}",
        "{\"file\":\"/run/secrets/../../etc/passwd\"}",
        "{\"vault\":{\"mount\":\"kv\",\"path\":\"../sys\",\"field\":\"x\"}}",
        "{\"vault\":{\"mount\":\"sys/raw\",\"path\":\"x\",\"field\":\"x\"}}",
        "{\"vault\":{\"mount\":\"kv\",\"path\":\"a?b=c\",\"field\":\"x\"}}",
        "{\"vault\":{\"mount\":\"kv\",\"path\":\"a\"}}",
        "{\"vaultDynamic\":{\"path\":\"auth/token/create\",\"field\":\"x\"}}",
        "{\"vaultDynamic\":\"database/creds/x\"}"
      })
  void a_reference_that_leads_elsewhere_is_refused(String written) {
    assertThatThrownBy(() -> put(written)).isInstanceOf(IllegalArgumentException.class);
  }

  private static final String KV =
      "{\"vault\":{\"mount\":\"kv\",\"path\":\"team/crm\",\"field\":\"token\"}}";
  private static final String DYNAMIC =
      "{\"vaultDynamic\":{\"path\":\"database/creds/reader\",\"field\":\"username\"}}";

  private void put(String written) {
    put(NAME, written);
  }

  private void put(SecretName name, String written) {
    secrets.put(name, Kept.read(JsonMapper.shared().readTree(written)), false, ADMIN, now.get());
  }

  private String opened() {
    return secrets.open(NAME).orElseThrow().reveal();
  }

  private Path file(String name, String text, String permissions) throws IOException {
    var file = Files.writeString(files.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private int entries() {
    return database
        .transact(tx ->
            tx.all(
                "SELECT type AS text FROM ledger_entry WHERE type = 'secret.stored'",
                row -> row.text("text")))
        .size();
  }
}
