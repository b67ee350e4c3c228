package dev.remit.server.exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.exceptions.Acceptance.Settlement;
import dev.remit.server.exceptions.Acceptance.State;
import dev.remit.server.exceptions.Exceptions.Requested;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Accepting a finding, over a real database and a real ledger.
class ExceptionsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final PersonName ANNA = new PersonName("anna");
  private static final PersonName BEN = new PersonName("ben");
  private static final PersonName ANNA_AT_NIGHT = new PersonName("anna-at-night");

  private final CommitFaults faults = new CommitFaults();
  private final Database database = Database.open(TestDatabase.freshConfig(), this::commit);
  private final KeyWrap wrap =
      KeyWrap.of(MasterKey.open(TestDatabase.enterable("exceptions-"), Map.of()));
  private final Ledger ledger =
      Ledger.open(database, new LedgerConfig("node-1", "exceptions.test/1"), wrap, () -> NOW);
  private final Findings findings = new Findings(database, ledger);
  private final Exceptions exceptions =
      new Exceptions(database, ledger, findings, ExceptionsTest::people, ExceptionsConfig.DEFAULT);
  private FindingId finding = FindingId.fresh(NOW);

  private static Registered people() {
    return new Registered(
        1,
        List.of(
            person(ANNA, Optional.empty()),
            person(ANNA_AT_NIGHT, Optional.of(ANNA)),
            person(BEN, Optional.empty())));
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

  @BeforeEach
  void something_is_wrong() {
    findings.raise(
        new Finding.Sighting(
            "shared-credential", "clerk", Finding.Severity.HIGH, "shared", "split", Role.SECURITY),
        NOW);
    finding = findings.newest().getFirst().id();
  }

  @AfterEach
  void rows_and_ledger_agree() {
    Accounted.check(database, NOW);
    ledger.close();
    database.close();
  }

  @Test
  @Tag("R124")
  void two_people_accept_a_finding_and_it_ends_by_the_clock() {
    var asked = asked();
    assertThat(exceptions.accepted(NOW)).isEmpty();

    var meant = exceptions.answer(asked.id(), BEN, true, NOW);

    var until = NOW.plus(Duration.ofDays(30));
    assertThat(meant).contains(new Settlement.Agreed(until));
    assertThat(exceptions.accepted(NOW)).containsOnlyKeys(finding);
    assertThat(exceptions.accepted(until)).isEmpty();
    assertThat(exceptions.sweep(until)).isEqualTo(1);
    assertThat(exceptions.find(asked.id()).orElseThrow().state()).isEqualTo(State.EXPIRED);
    assertThat(findings.find(finding).orElseThrow().closed()).isEmpty();
  }

  @Test
  void nobody_agrees_to_their_own_wish() {
    var id = asked().id();
    assertThat(exceptions.answer(id, ANNA, true, NOW)).contains(new Settlement.OwnRequest(ANNA));
    assertThat(exceptions.answer(id, ANNA_AT_NIGHT, true, NOW))
        .contains(new Settlement.OwnRequest(ANNA_AT_NIGHT));
    assertThat(exceptions.accepted(NOW)).isEmpty();
  }

  @Test
  void a_wish_that_nobody_answers_lapses_and_another_may_be_made() {
    var asked = asked();
    var late = NOW.plus(Duration.ofHours(25));

    assertThat(exceptions.answer(asked.id(), BEN, true, late))
        .contains(new Settlement.Lapsed(NOW.plus(Duration.ofHours(24))));
    assertThat(exceptions.request(finding, ANNA, Duration.ofDays(1), "again", late))
        .isInstanceOf(Requested.Open.class);
  }

  @Test
  void one_person_ends_it_and_there_is_never_a_second_one() {
    var asked = asked();
    assertThat(exceptions.request(finding, BEN, Duration.ofDays(1), "mine", NOW))
        .isInstanceOf(Requested.Another.class);
    var _ = exceptions.answer(asked.id(), BEN, true, NOW);

    assertThat(exceptions.end(asked.id(), BEN, NOW)).isPresent();

    assertThat(exceptions.accepted(NOW)).isEmpty();
    assertThat(exceptions.end(asked.id(), BEN, NOW)).isEmpty();
  }

  @Test
  void what_is_closed_or_was_never_found_cannot_be_accepted() {
    var _ = findings.close(finding, BEN, "split in two", NOW);

    assertThat(exceptions.request(finding, ANNA, Duration.ofDays(1), "why not", NOW))
        .isEqualTo(new Requested.NothingToAccept());
    assertThat(exceptions.request(FindingId.fresh(NOW), ANNA, Duration.ofDays(1), "why not", NOW))
        .isEqualTo(new Requested.NothingToAccept());
  }

  @ParameterizedTest
  @EnumSource
  void an_answer_that_could_not_be_stored_is_none_or_whole(CommitFaults.Fault fault) {
    var asked = asked();
    faults.failNext(fault);

    var thrown = catchThrowable(() -> exceptions.answer(asked.id(), BEN, true, NOW));

    boolean stored = fault == CommitFaults.Fault.STORED;
    assertThat(thrown instanceof DatabaseUnavailable).isEqualTo(!stored);
    assertThat(exceptions.accepted(NOW)).hasSize(stored ? 1 : 0);
  }

  private Acceptance asked() {
    var asked = exceptions.request(finding, ANNA, Duration.ofDays(30), "split by Christmas", NOW);
    assertThat(asked).isInstanceOf(Requested.Open.class);
    return ((Requested.Open) asked).acceptance();
  }
}
