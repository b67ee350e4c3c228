package dev.remit.server.decisions;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Explains decisions that were made to whoever shows them, from the ledger of whichever node made
/// them: what was asked, what decided, and what to do next.
public final class Explanations {
  /// What is explained.
  static final Set<EntryType> EXPLAINED =
      Set.of(EntryType.CALL_DECIDED, EntryType.CALL_REFUSED, EntryType.DECISION_ASKED);

  /// Who may see the facts of a request, arguments among them, beside its own task.
  private static final Set<Role> OPEN = Set.of(Role.SECURITY, Role.AUDITOR, Role.ADMIN);

  private final LedgerReader ledger;
  private final NodeLogs logs;
  private final Explaining explaining;

  /// @param ledger this node's own
  /// @param logs in which a decision is looked for by its id
  /// @param declared finds what is declared, with its whole specification
  public Explanations(
      LedgerReader ledger,
      NodeLogs logs,
      PolicyDecisions decisions,
      Function<Ref, Optional<Stored>> declared) {
    this.ledger = ledger;
    this.logs = logs;
    this.explaining = new Explaining(ledger, decisions, declared);
  }

  /// Whether people with these roles may see the facts of a request.
  public static boolean areOpenTo(Set<Role> roles) {
    return roles.stream().anyMatch(OPEN::contains);
  }

  /// Explains a decision, in the form of `GET /v1/decisions/{id}`.
  ///
  /// @param id of a decision, or `last` for this node's last
  /// @param visible whether whoever asks may know of it
  /// @param open whether they may see the facts of the request
  /// @return empty if there is none that they may know of
  public Optional<ObjectNode> of(
      String id, Predicate<RecordedEntry> visible, boolean open, Instant now) {
    var log = id.equals("last") ? ledger : logs.holding(id).orElse(ledger);
    var found =
        id.equals("last") ? ledger.last(EXPLAINED.toArray(EntryType[]::new)) : log.entry(id);
    return found
        .filter(entry -> EXPLAINED.contains(entry.type()) && visible.test(entry))
        .map(entry -> explaining.in(log).past(entry, open, now));
  }

  Explaining explaining() {
    return explaining;
  }
}
