package dev.remit.server.decisions;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.LedgerReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Explains past decisions. Reads the ledger, so an answer is as good as the evidence.
public final class DecisionRoutes {
  private static final Set<EntryType> EXPLAINED =
      Set.of(EntryType.CALL_DECIDED, EntryType.CALL_REFUSED, EntryType.DECISION_ASKED);

  private final LedgerReader ledger;

  public DecisionRoutes(LedgerReader ledger) {
    this.ledger = ledger;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/decisions/{id}",
            Access.taskOr(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Explain a decision, by its id or `last`.",
            this::explain));
  }

  private Reply explain(Call call) {
    var id = call.param("id");
    var found = id.equals("last") ? last() : ledger.entry(id);
    return found
        .filter(entry -> EXPLAINED.contains(entry.type()) && maySee(call.caller(), entry))
        .map(entry -> Explanation.of(entry, entry.id().flatMap(ledger::receipt)))
        .map(explanation -> Reply.json(200, explanation.toJson()))
        .orElseGet(() -> Reply.problem(Problem.notFound("decision `" + id + "`")));
  }

  private Optional<RecordedEntry> last() {
    return ledger.last(EXPLAINED.toArray(EntryType[]::new));
  }

  /// A workload sees the decisions of its own task; that others exist is not its business.
  private static boolean maySee(Caller caller, RecordedEntry entry) {
    return switch (caller) {
      case Caller.PersonCaller _ -> true;
      case Caller.TaskCaller(_, var task) -> entry.concerns(task);
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }
}
