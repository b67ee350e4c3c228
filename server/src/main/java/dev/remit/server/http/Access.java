package dev.remit.server.http;

import dev.remit.kernel.identity.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Who may call an operation. Checked by [Edge] before the operation's own code runs.
public sealed interface Access {

  /// Anybody who can reach the server: health, metadata, public keys, schemas.
  record Open() implements Access {}

  /// A person who holds at least one of the roles; never empty.
  record People(Set<Role> anyOf) implements Access {
    public People {
      anyOf = Set.copyOf(anyOf);
      if (anyOf.isEmpty()) {
        throw new IllegalArgumentException("an operation for people names a role");
      }
    }
  }

  /// A person whom the thing in question asks. The edge lets in who could be asked at all, by one
  /// of the roles; the operation itself refuses whoever this one thing does not ask.
  record Asked(Set<Role> anyOf) implements Access {
    public Asked {
      anyOf = Set.copyOf(anyOf);
      if (anyOf.isEmpty()) {
        throw new IllegalArgumentException("somebody is asked");
      }
    }
  }

  /// A workload with a task token, or a person who holds at least one of the roles (none: tasks
  /// only). The operation itself checks that the task is the caller's own.
  record TaskOr(Set<Role> anyOf) implements Access {
    public TaskOr {
      anyOf = Set.copyOf(anyOf);
    }
  }

  /// A page: for a person who is signed in at a browser and holds at least one of the roles; never
  /// empty. Known by the cookie of a session and by nothing else, so no token opens a page. What a
  /// form sends is believed only from a page that this browser was shown ([PageDoor]).
  record SignedIn(Set<Role> anyOf) implements Access {
    public SignedIn {
      anyOf = Set.copyOf(anyOf);
      if (anyOf.isEmpty()) {
        throw new IllegalArgumentException("a page is for somebody");
      }
    }
  }

  /// The operation authenticates its callers itself and refuses strangers: the OAuth endpoints and
  /// the gateway, whose protocols say how.
  record Own() implements Access {}

  static Access people(Role... anyOf) {
    return new People(Set.copyOf(Arrays.asList(anyOf)));
  }

  /// Any person, whatever their role.
  static Access anyPerson() {
    return new People(EnumSet.allOf(Role.class));
  }

  /// Whoever may change something; an auditor reads and changes nothing.
  static Access asked() {
    return new Asked(EnumSet.complementOf(EnumSet.of(Role.AUDITOR)));
  }

  /// A page for people with one of the roles.
  static Access signedIn(Role... anyOf) {
    return new SignedIn(Set.copyOf(Arrays.asList(anyOf)));
  }

  /// A page for anybody who is signed in and holds any role.
  static Access anySignedIn() {
    return new SignedIn(EnumSet.allOf(Role.class));
  }

  static Access taskOr(Role... anyOf) {
    return new TaskOr(Set.copyOf(Arrays.asList(anyOf)));
  }
}
