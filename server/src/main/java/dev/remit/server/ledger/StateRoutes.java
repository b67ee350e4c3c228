package dev.remit.server.ledger;

import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.store.Database;
import java.util.List;

/// Serves the rows of the state to those who compare them with the ledger.
public final class StateRoutes {
  private final StateExport export;

  /// @param tables all that is governed, beside the ledger's own keys
  public StateRoutes(Database database, List<Governed> tables) {
    this.export = new StateExport(database, tables);
  }

  public List<Operation> operations() {
    return List.of(
        Operation.flowing(
            Method.GET,
            "/v1/ledger/state",
            Access.people(Role.AUDITOR, Role.SECURITY, Role.ADMIN),
            "Get every governed row as it is stored, as NDJSON, to be compared with the entries.",
            call -> export.flow(call.at())));
  }
}
