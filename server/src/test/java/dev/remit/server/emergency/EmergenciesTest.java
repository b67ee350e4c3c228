package dev.remit.server.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.EmergencyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.emergency.Emergencies.Requested;
import dev.remit.server.emergency.Emergency.Reviewed;
import dev.remit.server.emergency.Emergency.Settlement;
import dev.remit.server.emergency.Emergency.State;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitHook;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Breaking glass, over a real database and a real ledger.
@Tag("R44")
@Tag("R93")
class EmergenciesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Instant OVER = NOW.plus(QUARTER);
  private static final PersonName ANNA = new PersonName("anna");
  private static final PersonName ANNA_AT_NIGHT = new PersonName("anna-at-night");
  private static final PersonName BEN = new PersonName("ben");
  private static final PersonName BEN_TOO = new PersonName("ben-too");
  private static final PersonName CLEO = new PersonName("cleo");
  private static final Lifted PAYING =
      new Lifted(
          new WorkflowName("invoices"),
          Optional.empty(),
          new ResourceName("bank"),
          Optional.of("pay"));

  private final CommitFaults faults = new CommitFaults();
  private final Database database = Database.open(TestDatabase.freshConfig(), this::commit);
  private final KeyWrap wrap =
      KeyWrap.of(MasterKey.open(TestDatabase.enterable("emergencies-"), Map.of()));
  private final Ledger ledger =
      Ledger.open(database, new LedgerConfig("node-1", "emergencies.test/1"), wrap, () -> NOW);
  private final Findings findings = new Findings(database, ledger);
  private final Emergencies emergencies = emergencies(EmergencyConfig.DEFAULT);

  private Emergencies emergencies(EmergencyConfig config) {
    return new Emergencies(database, ledger, findings, config, EmergenciesTest::people);
  }

  private static Registered people() {
    return new Registered(
        1,
        List.of(
            person(ANNA, Optional.empty()),
            person(ANNA_AT_NIGHT, Optional.of(ANNA)),
            person(BEN, Optional.empty()),
            person(BEN_TOO, Optional.of(BEN)),
            person(CLEO, Optional.empty())));
  }

  private static Person person(PersonName name, Optional<PersonName> accountOf) {
    return new Person(
        name,
        name.value(),
        Optional.of(name + "@example.org"),
        Optional.empty(),
        Set.of(Role.SECURITY),
        true,
        accountOf,
        Optional.empty(),
        List.of());
  }

  private void commit(Connection connection) throws SQLException {
    boolean changes = Thread.currentThread().getName().equals("ledger-sequencer");
    (changes ? faults : CommitHook.PLAIN).commit(connection);
  }

  @AfterEach
  void rows_and_ledger_agree() {
    Accounted.check(database, NOW);
    emergencies.close();
    ledger.close();
    database.close();
  }

  @Test
  void asking_alone_breaks_nothing() {
    var asked = asked(2);

    assertThat(emergencies.open(NOW)).isEmpty();
    assertThat(emergencies.use(asked.id(), use(), NOW)).isFalse();
    assertThat(findings.count()).isZero();
  }

  @Test
  void a_second_person_opens_it_for_so_many_calls_and_everybody_hears_of_it() {
    var id = opened(2);

    assertThat(emergencies.open(NOW)).extracting(Emergency::id).containsExactly(id);
    assertThat(emergencies.use(id, use(), NOW)).isTrue();
    assertThat(emergencies.use(id, use(), NOW)).isTrue();
    assertThat(emergencies.use(id, use(), NOW)).isFalse();
    assertThat(emergencies.find(id).orElseThrow().state()).isEqualTo(State.SPENT);
    var finding = findings.newest().getFirst();
    assertThat(finding.kind()).isEqualTo("break-glass");
    assertThat(finding.severity()).isEqualTo(Finding.Severity.HIGH);
    assertThat(finding.subject()).isEqualTo("invoices " + id);
    assertThat(finding.summary()).contains("anna opened an emergency", "up to 2 calls", "bank/pay");
  }

  @Test
  void it_ends_by_the_clock_whether_or_not_anybody_writes_that_down() {
    var id = opened(5);

    assertThat(emergencies.open(OVER.minusMillis(1))).hasSize(1);
    assertThat(emergencies.open(OVER)).isEmpty();
    assertThat(emergencies.use(id, use(), OVER)).isFalse();

    emergencies.sweep(OVER);
    assertThat(emergencies.find(id).orElseThrow().state()).isEqualTo(State.EXPIRED);
  }

  @Test
  @Tag("R172")
  void nobody_agrees_to_their_own_wish_by_whichever_account() {
    var id = asked(1).id();

    assertThat(emergencies.answer(id, ANNA, true, NOW)).contains(new Settlement.OwnRequest(ANNA));
    assertThat(emergencies.answer(id, ANNA_AT_NIGHT, true, NOW))
        .contains(new Settlement.OwnRequest(ANNA_AT_NIGHT));
    assertThat(emergencies.open(NOW)).isEmpty();
  }

  @Test
  void a_wish_that_nobody_answers_lapses_and_one_that_is_declined_is_over() {
    var late = NOW.plus(Duration.ofMinutes(31));
    var lapsed = asked(1).id();
    assertThat(emergencies.answer(lapsed, BEN, true, late))
        .contains(new Settlement.Lapsed(NOW.plus(Duration.ofMinutes(30))));

    var declined = asked(1).id();
    emergencies.answer(declined, BEN, false, NOW);

    assertThat(emergencies.answer(declined, CLEO, true, NOW))
        .contains(new Settlement.Settled(State.DECLINED));
    assertThat(emergencies.review(declined, CLEO, true, "fine", NOW))
        .contains(new Reviewed.NothingToReview(State.DECLINED));
  }

  @Test
  void a_workflow_has_one_at_a_time_and_one_person_ends_it() {
    var id = opened(5);
    assertThat(emergencies.request(wish(1), BEN, NOW)).isInstanceOf(Requested.Another.class);

    assertThat(emergencies.end(id, CLEO, NOW)).isPresent();

    assertThat(emergencies.open(NOW)).isEmpty();
    assertThat(emergencies.use(id, use(), NOW)).isFalse();
    assertThat(emergencies.end(id, CLEO, NOW)).isEmpty();
  }

  @Test
  void one_person_is_enough_where_that_is_configured_and_it_is_said_aloud() {
    var config =
        new EmergencyConfig(Set.of(Role.SECURITY), true, QUARTER, 3, QUARTER, Duration.ofDays(1));
    try (var alone = emergencies(config)) {
      var made = (Requested.Made) alone.request(wish(1), ANNA, NOW);

      assertThat(made.emergency().state()).isEqualTo(State.OPEN);
      assertThat(made.emergency().answeredBy()).isEmpty();
      assertThat(findings.newest().getFirst().summary()).contains("ALONE");
      assertThat(alone.review(made.emergency().id(), ANNA_AT_NIGHT, true, "mine", OVER))
          .contains(new Reviewed.TookPart(ANNA_AT_NIGHT));
      alone.sweep(OVER);
    }
  }

  @Test
  @Tag("R53")
  void it_is_reviewed_by_somebody_who_had_no_part_in_it() {
    var id = opened(1);
    assertThat(emergencies.review(id, CLEO, true, "early", NOW))
        .contains(new Reviewed.StillOpen(OVER));

    for (var person : List.of(ANNA, ANNA_AT_NIGHT, BEN, BEN_TOO)) {
      assertThat(emergencies.review(id, person, true, "fine", OVER))
          .contains(new Reviewed.TookPart(person));
    }
    assertThat(findings.count()).isEqualTo(1);

    assertThat(emergencies.review(id, CLEO, false, "policy was right", OVER))
        .contains(new Reviewed.Done());
    assertThat(findings.count()).isZero();
    assertThat(emergencies.find(id).orElseThrow().review().orElseThrow().justified()).isFalse();
    assertThat(emergencies.review(id, CLEO, true, "again", OVER).orElseThrow())
        .isInstanceOf(Reviewed.Already.class);
  }

  /// The gate of promotion is shut by any serious finding about the workflow.
  @Test
  @Tag("R53")
  void a_review_that_does_not_come_is_found_and_closing_that_helps_nobody() {
    var id = opened(1);
    var due = OVER.plus(Duration.ofDays(3));
    emergencies.sweep(due.minusMillis(1));
    assertThat(kinds()).containsExactly("break-glass");

    emergencies.sweep(due);
    emergencies.sweep(due.plusSeconds(60));

    assertThat(kinds()).containsExactlyInAnyOrder("break-glass", "break-glass-unreviewed");
    findings.newest().forEach(found -> findings.close(found.id(), ANNA, "no time", due));
    emergencies.sweep(due.plusSeconds(120));
    assertThat(kinds()).containsExactly("break-glass-unreviewed");
    assertThat(findings.newest().getFirst().subject()).startsWith("invoices ");
    assertThat(emergencies.review(id, CLEO, true, "seen", due.plusSeconds(180)))
        .contains(new Reviewed.Done());
    assertThat(kinds()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void an_opening_that_could_not_be_stored_is_none_or_whole(CommitFaults.Fault fault) {
    var asked = asked(1);
    faults.failNext(fault);

    var thrown = catchThrowable(() -> emergencies.answer(asked.id(), BEN, true, NOW));

    boolean stored = fault == CommitFaults.Fault.STORED;
    assertThat(thrown instanceof DatabaseUnavailable).isEqualTo(!stored);
    assertThat(emergencies.open(NOW)).hasSize(stored ? 1 : 0);
    assertThat(findings.count()).isEqualTo(stored ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource
  void a_call_is_taken_once_or_not_at_all(CommitFaults.Fault fault) {
    var id = opened(1);
    faults.failNext(fault);

    var thrown = catchThrowable(() -> emergencies.use(id, use(), NOW));

    boolean stored = fault == CommitFaults.Fault.STORED;
    assertThat(thrown instanceof DatabaseUnavailable).isEqualTo(!stored);
    assertThat(emergencies.use(id, use(), NOW)).isEqualTo(!stored);
    assertThat(emergencies.find(id).orElseThrow().used()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_review_that_could_not_be_stored_is_none_or_whole(CommitFaults.Fault fault) {
    var id = opened(1);
    emergencies.sweep(OVER);
    faults.failNext(fault);

    var thrown = catchThrowable(() -> emergencies.review(id, CLEO, true, "fine", OVER));

    boolean stored = fault == CommitFaults.Fault.STORED;
    assertThat(thrown instanceof DatabaseUnavailable).isEqualTo(!stored);
    assertThat(findings.count()).isEqualTo(stored ? 0 : 1);
  }

  @Test
  void what_people_write_is_kept_beside_the_entries() {
    opened(1);
    var reader = new LedgerReader(database, ledger, wrap);

    var entry = reader.last(dev.remit.kernel.ledger.EntryType.EMERGENCY_REQUESTED).orElseThrow();

    assertThat(entry.content().toString()).doesNotContain("payday");
    assertThat(reader.body(entry, "reason")).isPresent();
  }

  private List<String> kinds() {
    return findings.newest().stream().map(Finding::kind).toList();
  }

  private EmergencyId opened(int calls) {
    var id = asked(calls).id();
    assertThat(emergencies.answer(id, BEN, true, NOW)).contains(new Settlement.Agreed(OVER));
    return id;
  }

  private Emergency asked(int calls) {
    var asked = emergencies.request(wish(calls), ANNA, NOW);
    assertThat(asked).isInstanceOf(Requested.Made.class);
    return ((Requested.Made) asked).emergency();
  }

  private static Emergencies.Wish wish(int calls) {
    return new Emergencies.Wish(PAYING, calls, QUARTER, "payday, and the approver is in the air");
  }

  private static Use use() {
    return new Use(
        DecisionId.fresh(NOW),
        new SpiffeId("spiffe://remit.local/invoices/clerk"),
        TaskId.fresh(NOW));
  }
}
