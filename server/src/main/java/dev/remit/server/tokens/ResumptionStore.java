package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResumptionId;
import dev.remit.kernel.identity.Word;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.Resumption.State;
import java.util.List;
import java.util.Optional;

/// Resumptions at rest: table `resumption`, one row each, never deleted.
final class ResumptionStore {
  private static final String SELECT =
      """
      SELECT id, kind, name, epoch, state, requested_by, reason, requested_at, lapses_at,
             answered_by
        FROM resumption
      """;

  /// Adds what is asked for; false if another one of the party is open.
  boolean insert(Tx tx, Resumption fresh) {
    return tx.update(
            """
            INSERT INTO resumption (id, kind, name, epoch, state, requested_by, reason,
                                    requested_at, lapses_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id().value(),
            fresh.party().kind().word(),
            fresh.party().name(),
            fresh.epoch(),
            fresh.state(),
            fresh.requestedBy().value(),
            fresh.reason(),
            fresh.requestedAt(),
            fresh.lapsesAt())
        == 1;
  }

  /// Settles it; false if somebody else has.
  boolean settle(Tx tx, Resumption open, State to, Optional<PersonName> by) {
    return tx.update(
            "UPDATE resumption SET state = ?, answered_by = ? WHERE id = ? AND state = 'REQUESTED'",
            to,
            by.map(PersonName::value).orElse(null),
            open.id().value())
        == 1;
  }

  Optional<Resumption> find(Tx tx, ResumptionId id) {
    return tx.one(SELECT + " WHERE id = ?", ResumptionStore::resumption, id.value());
  }

  /// The one that is open for a party.
  Optional<Resumption> open(Tx tx, Party party) {
    return tx.one(
        SELECT + " WHERE state = 'REQUESTED' AND kind = ? AND name = ?",
        ResumptionStore::resumption,
        party.kind().word(),
        party.name());
  }

  /// All that are open, oldest first.
  List<Resumption> open(Tx tx) {
    return tx.all(
        SELECT + " WHERE state = 'REQUESTED' ORDER BY requested_at", ResumptionStore::resumption);
  }

  private static Resumption resumption(Row row) {
    return new Resumption(
        new ResumptionId(row.text("id")),
        new Party(Word.parse(Party.Kind.class, row.text("kind")), row.text("name")),
        row.number("epoch"),
        State.valueOf(row.text("state")),
        new PersonName(row.text("requested_by")),
        row.text("reason"),
        row.instant("requested_at"),
        row.instant("lapses_at"),
        row.maybeText("answered_by").map(PersonName::new));
  }
}
