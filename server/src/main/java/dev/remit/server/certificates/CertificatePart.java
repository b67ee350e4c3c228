package dev.remit.server.certificates;

import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import dev.remit.server.tokens.Taken;
import java.time.Instant;

/// What a suspension or a task's end has taken away of certificates: each is gone once a list says
/// so that everybody can have.
final class CertificatePart implements ControlPart {
  private final SvidStore store = new SvidStore();

  @Override
  public String name() {
    return "certificates";
  }

  @Override
  public Look look(Tx tx, Taken taken, Instant begun) {
    return switch (taken) {
      case Taken.OfTask(var task) -> store.count(tx, "task = ?", task.value(), begun);
      case Taken.OfParty(var party, _, _) ->
          switch (party.kind()) {
            case IDENTITY -> store.count(tx, "identity = ?", party.name(), begun);
            case WORKFLOW -> store.count(tx, "workflow = ?", party.name(), begun);
            case PERSON -> store.count(tx, "owner = ?", party.name(), begun);
            case MODEL, KEY -> store.count(tx, "? = ANY (beside)", party.path(), begun);
            case RESOURCE -> new Look(0, 0);
          };
    };
  }
}
