package dev.remit.server.lending;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import dev.remit.server.tokens.Taken;
import java.time.Instant;
import java.util.List;

/// What a suspension or a task's end has taken away at databases: each credential is gone once no
/// session of it is left and its role was dropped.
final class LentPart implements ControlPart {
  private final CredentialStore store = new CredentialStore();

  @Override
  public String name() {
    return "credentials";
  }

  @Override
  public Look look(Tx tx, Taken taken, Instant begun) {
    return switch (taken) {
      case Taken.OfTask(var task) -> store.count(tx, "task", List.of(task.value()), begun);
      case Taken.OfParty(var party, _, var behind) -> {
        var name = List.of(party.name());
        yield switch (party.kind()) {
          case IDENTITY -> store.count(tx, "identity", name, begun);
          case WORKFLOW -> store.count(tx, "workflow", name, begun);
          case PERSON -> store.count(tx, "owner", name, begun);
          case RESOURCE -> store.count(tx, "resource", name, begun);
          case MODEL, KEY ->
              store.count(tx, "identity", behind.stream().map(IdentityName::value).toList(), begun);
        };
      }
    };
  }
}
