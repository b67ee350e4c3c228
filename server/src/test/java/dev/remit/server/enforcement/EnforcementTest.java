package dev.remit.server.enforcement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.enforcement.Enforcement.Requested;
import dev.remit.server.enforcement.Observation.Settlement;
import dev.remit.server.enforcement.Observation.State;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R93")
@Tag("R99")
class EnforcementTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration TWO_HOURS = Duration.ofHours(2);
  private static final PersonName ANNA = new PersonName("anna");
  private static final PersonName BEN = new PersonName("ben");
  private static final Set<EntryType> OURS =
      Set.of(
          EntryType.ENFORCEMENT_REQUESTED,
          EntryType.ENFORCEMENT_SETTLED,
          EntryType.ENFORCEMENT_CHANGED);

  @TempDir private Path data;
  private final CommitFaults faults = new CommitFaults();
  private Database database;
  private Ledger ledger;
  private LedgerReader reader;
  private Enforcement enforcement;

  @BeforeEach
  void open() {
    // Faults are for changes, which the ledger's sequencer commits; whoever reads is left alone.
    database =
        Database.open(
            TestDatabase.freshConfig(),
            connection -> {
              if (Thread.currentThread().getName().equals("ledger-sequencer")) {
                faults.commit(connection);
              } else {
                connection.commit();
              }
            });
    var kek = KeyWrap.of(MasterKey.open(data, Map.of()));
    ledger =
        Ledger.open(
            database, new LedgerConfig("node-1", "ledger.test/e"), kek, InstantSource.fixed(NOW));
    reader = new LedgerReader(database, ledger, kek);
    enforcement = node();
  }

  @AfterEach
  void close() {
    enforcement.close();
    ledger.close();
    database.close();
  }

  private Enforcement node() {
    return new Enforcement(
        database,
        ledger,
        EnforcementConfig.DEFAULT,
        () -> new Registered(1, List.of(account("anna-ops", Optional.of(ANNA)))),
        InstantSource.fixed(NOW));
  }

  private static Person account(String name, Optional<PersonName> of) {
    return new Person(
        new PersonName(name),
        name,
        Optional.empty(),
        Optional.empty(),
        Set.of(Role.BREAK_GLASS),
        true,
        of,
        Optional.empty(),
        List.of());
  }

  private EnforcementId requested() {
    var requested = enforcement.request(ANNA, TWO_HOURS, "policy holds up the night run", NOW);
    return ((Requested.Open) requested).observation().id();
  }

  private List<String> recorded() {
    return reader.page(0, 1_000).stream()
        .filter(entry -> OURS.contains(entry.type()))
        .map(EnforcementTest::said)
        .toList();
  }

  private static String said(RecordedEntry entry) {
    return entry.type().word().replace("enforcement.", "")
        + entry.text("outcome").map(word -> " " + word).orElse("")
        + entry.text("mode").map(word -> " " + word).orElse("")
        + entry.text("why").map(word -> " " + word).orElse("")
        + " by "
        + entry.text("by").orElse("");
  }

  @Test
  void asking_alone_changes_nothing() {
    requested();

    assertThat(enforcement.observing(NOW)).isEmpty();
    assertThat(recorded()).containsExactly("requested observe by anna");
  }

  @Test
  void a_second_person_switches_it_off_for_as_long_as_was_asked() {
    var id = requested();

    var settlement = enforcement.answer(id, BEN, true, NOW);

    assertThat(settlement).contains(new Settlement.Agreed(NOW.plus(TWO_HOURS)));
    assertThat(enforcement.observing(NOW)).contains(id);
    assertThat(enforcement.observing(NOW.plus(TWO_HOURS).minusMillis(1))).contains(id);
    assertThat(recorded())
        .containsExactly(
            "requested observe by anna", "settled agreed by ben", "changed observe agreed by ben");
  }

  @Test
  void nobody_agrees_to_their_own_request() {
    var id = requested();

    var settlement = enforcement.answer(id, ANNA, true, NOW);

    assertThat(settlement).contains(new Settlement.OwnRequest(ANNA));
    assertThat(enforcement.observing(NOW)).isEmpty();
    assertThat(recorded()).hasSize(1);
  }

  @Test
  @Tag("R172")
  void nobody_agrees_to_their_own_request_by_a_second_account() {
    var id = requested();

    var settlement = enforcement.answer(id, new PersonName("anna-ops"), true, NOW);

    assertThat(settlement).contains(new Settlement.OwnRequest(ANNA));
    assertThat(enforcement.observing(NOW)).isEmpty();
  }

  @Test
  void it_ends_by_the_clock_also_while_nothing_can_be_written() {
    enforcement.answer(requested(), BEN, true, NOW);

    assertThat(enforcement.observing(NOW.plus(TWO_HOURS))).isEmpty();
  }

  @Test
  void its_end_is_recorded_once_by_whichever_node_sees_it_first() {
    enforcement.answer(requested(), BEN, true, NOW);
    try (var another = node()) {
      var later = NOW.plus(TWO_HOURS);

      enforcement.sweep(later);
      another.sweep(later);

      assertThat(recorded().getLast()).isEqualTo("changed enforce expired by remit");
      assertThat(recorded()).hasSize(4);
      assertThat(enforcement.newest().getFirst().state()).isEqualTo(State.EXPIRED);
    }
  }

  @Test
  void another_node_that_starts_meanwhile_observes_too() {
    var id = requested();
    enforcement.answer(id, BEN, true, NOW);

    try (var another = node()) {
      assertThat(another.observing(NOW)).contains(id);
    }
  }

  @Test
  void one_person_is_enough_to_enforce_again() {
    enforcement.answer(requested(), BEN, true, NOW);

    enforcement.end(ANNA, NOW.plusSeconds(60));

    assertThat(enforcement.observing(NOW.plusSeconds(60))).isEmpty();
    assertThat(recorded().getLast()).isEqualTo("changed enforce ended by anna");
    assertThat(enforcement.end(ANNA, NOW)).isEmpty();
  }

  @Test
  void a_wish_that_nobody_answers_lapses_and_cannot_be_agreed_to_later() {
    var id = requested();
    var late = NOW.plus(Duration.ofHours(1));

    var settlement = enforcement.answer(id, BEN, true, late);

    assertThat(settlement).contains(new Settlement.Lapsed(late));
    assertThat(enforcement.observing(late)).isEmpty();
    assertThat(recorded().getLast()).isEqualTo("settled lapsed by remit");
    assertThat(enforcement.request(ANNA, TWO_HOURS, "again", late))
        .isInstanceOf(Requested.Open.class);
  }

  @Test
  void a_declined_wish_is_over_and_there_is_only_one_at_a_time() {
    var id = requested();

    var second = enforcement.request(BEN, TWO_HOURS, "mine", NOW);
    enforcement.answer(id, BEN, false, NOW);
    var afterwards = enforcement.answer(id, BEN, true, NOW);

    assertThat(second).isInstanceOf(Requested.Another.class);
    assertThat(afterwards).contains(new Settlement.Settled(State.DECLINED));
    assertThat(enforcement.observing(NOW)).isEmpty();
    assertThat(recorded()).containsExactly("requested observe by anna", "settled declined by ben");
  }

  @Test
  void an_agreement_whose_commit_was_lost_leaves_policy_enforced() {
    var id = requested();
    faults.failNext(CommitFaults.Fault.LOST);

    assertThatThrownBy(() -> enforcement.answer(id, BEN, true, NOW))
        .isInstanceOf(DatabaseUnavailable.class);

    assertThat(enforcement.observing(NOW)).isEmpty();
    assertThat(recorded()).hasSize(1);
    assertThat(enforcement.answer(id, BEN, true, NOW)).isPresent();
  }

  /// The ledger reads back what became of a commit whose answer never came.
  @Test
  void an_agreement_that_was_stored_and_reported_failed_counts_once() {
    var id = requested();
    faults.failNext(CommitFaults.Fault.STORED);

    enforcement.answer(id, BEN, true, NOW);

    assertThat(enforcement.observing(NOW)).contains(id);
    assertThat(recorded()).hasSize(3);
  }

  @Test
  void the_reason_is_not_in_the_entry() {
    requested();

    var entry = reader.last(EntryType.ENFORCEMENT_REQUESTED).orElseThrow();
    assertThat(entry.content().toString()).doesNotContain("night run");
    assertThat(reader.body(entry, "reason")).isPresent();
  }
}
