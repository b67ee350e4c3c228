package dev.remit.server.approvals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.server.ledger.Subject;
import dev.remit.server.ledger.SubjectKeys;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who has agreed, at rest: table `approval_agreement`, one row for each person, never changed.
final class AgreementStore {
  private final SubjectKeys keys;

  AgreementStore(SubjectKeys keys) {
    this.keys = keys;
  }

  /// Writes down that somebody agrees.
  ///
  /// @return false if the person has agreed before
  boolean insert(Tx tx, Approval approval, Agreement agreement) {
    var forTask = agreement.forTask();
    return tx.update(
            """
            INSERT INTO approval_agreement
                   (approval, person, roles, uses, until, free, agreed_at, said, stands_in_for)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            approval.id().value(),
            agreement.by().value(),
            words(agreement.roles()),
            forTask.map(ForTask::uses).orElse(1),
            forTask.map(ForTask::until).orElse(null),
            forTask.map(it -> it.free().stream().sorted().toList()).orElse(List.of()),
            agreement.at(),
            keys.seal(
                tx,
                Subject.task(approval.binding().task(), approval.binding().workflow())
                    .writtenBy(agreement.by().value()),
                agreement.at(),
                agreement.reason().getBytes(UTF_8),
                purpose(approval.id(), agreement.by().value())),
            agreement.standsInFor().map(PersonName::value).orElse(null))
        == 1;
  }

  /// In the order in which they were given.
  List<Agreement> of(Tx tx, ApprovalId approval) {
    return tx.all(
        "SELECT * FROM approval_agreement WHERE approval = ? ORDER BY agreed_at, person",
        row -> agreement(tx, approval, row),
        approval.value());
  }

  private Agreement agreement(Tx tx, ApprovalId approval, Row row) {
    var person = row.text("person");
    return new Agreement(
        new PersonName(person),
        row.texts("roles").stream()
            .map(word -> Word.parse(Role.class, word))
            .collect(Collectors.toUnmodifiableSet()),
        row.maybeText("stands_in_for").map(PersonName::new),
        keys.open(tx, row.bytes("said"), purpose(approval, person))
            .map(bytes -> new String(bytes, UTF_8))
            .orElse(ApprovalStore.ERASED),
        forTask(row),
        row.instant("agreed_at"));
  }

  private static Optional<ForTask> forTask(Row row) {
    return row.maybeInstant("until")
        .map(until ->
            new ForTask(Math.toIntExact(row.number("uses")), until, Set.copyOf(row.texts("free"))));
  }

  static List<String> words(Set<Role> roles) {
    return roles.stream().map(Role::word).sorted().toList();
  }

  private static String purpose(ApprovalId approval, String person) {
    return "remit approval agreement v1 " + approval.value() + " " + person;
  }
}
