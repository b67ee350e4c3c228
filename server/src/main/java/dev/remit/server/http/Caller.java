package dev.remit.server.http;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import java.util.Map;
import java.util.Set;

/// Who is calling, as far as the credential on the request proves it.
public sealed interface Caller {

  /// No credential was presented.
  record Anonymous() implements Caller {}

  /// A credential was presented and does not hold.
  ///
  /// @param why in words fit for the caller, such as "the token expired"
  /// @param headers what the answer says besides, such as the challenge; empty for the usual one
  record Unrecognised(String why, Map<String, String> headers) implements Caller {
    public Unrecognised {
      headers = Map.copyOf(headers);
    }

    public Unrecognised(String why) {
      this(why, Map.of());
    }
  }

  /// A person with an operator token.
  ///
  /// @param roles what they may do now; may be empty
  record PersonCaller(PersonName name, Set<Role> roles) implements Caller {
    public PersonCaller {
      roles = Set.copyOf(roles);
    }
  }

  /// A workload with a task token.
  record TaskCaller(IdentityName identity, TaskId task) implements Caller {}
}
