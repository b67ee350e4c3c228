package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import java.util.List;

/// What was taken away as one: all that is beneath a party by one suspension, or all that a task
/// was given.
public sealed interface Taken {

  /// Names it among all others.
  String key();

  /// Returns the key of the suspension that is the standing's last.
  static String key(PartyStanding standing) {
    return OfParty.key(standing.party(), standing.epoch());
  }

  /// All that is beneath a party.
  ///
  /// @param epoch of the suspension
  /// @param behind whose model or key the party is
  record OfParty(Party party, long epoch, List<IdentityName> behind) implements Taken {
    public OfParty {
      behind = List.copyOf(behind);
    }

    @Override
    public String key() {
      return key(party, epoch);
    }

    static String key(Party party, long epoch) {
      return party.path() + "@" + epoch;
    }
  }

  /// All that a task was given.
  record OfTask(TaskId task) implements Taken {
    @Override
    public String key() {
      return task.value();
    }
  }
}
