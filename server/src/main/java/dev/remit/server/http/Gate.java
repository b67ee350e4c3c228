package dev.remit.server.http;

import dev.remit.kernel.identity.Role;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether a caller may call an operation, and how a refusal is said.
///
/// 401 when no credential was presented or it does not hold; 403 when it holds and is not enough.
final class Gate {

  private Gate() {}

  /// Returns why not, or empty if `caller` may pass.
  static Optional<Problem> refusal(Access access, Caller caller) {
    return switch (access) {
      case Access.Open() -> Optional.empty();
      case Access.Own() -> Optional.empty();
      case Access.People(var anyOf) -> forPeople(anyOf, caller);
      case Access.Asked(var anyOf) -> forPeople(anyOf, caller);
      case Access.SignedIn(var anyOf) -> forPeople(anyOf, caller);
      case Access.TaskOr(var anyOf) -> forTaskOr(anyOf, caller);
    };
  }

  private static Optional<Problem> forPeople(Set<Role> anyOf, Caller caller) {
    return switch (caller) {
      case Caller.Anonymous() -> Optional.of(unauthenticated("no credential was presented"));
      case Caller.Unrecognised(var why, _) -> Optional.of(unauthenticated(why));
      case Caller.TaskCaller _ ->
          Optional.of(
              forbidden(
                  "a task token cannot do this", "let a person with an operator token do it"));
      case Caller.PersonCaller(_, var roles) -> holdsAny(anyOf, roles);
    };
  }

  private static Optional<Problem> forTaskOr(Set<Role> anyOf, Caller caller) {
    return switch (caller) {
      case Caller.TaskCaller _ -> Optional.empty();
      case Caller.Anonymous _, Caller.Unrecognised _, Caller.PersonCaller _ ->
          forPeople(anyOf, caller);
    };
  }

  private static Optional<Problem> holdsAny(Set<Role> anyOf, Set<Role> roles) {
    if (roles.stream().anyMatch(anyOf::contains)) {
      return Optional.empty();
    }
    return Optional.of(
        anyOf.isEmpty()
            ? forbidden("only a task's own token can do this", "present the task token")
            : forbidden(
                "this needs one of the roles " + words(anyOf),
                "ask a person who holds it, or have the role added to your Person manifest"));
  }

  private static String words(Set<Role> roles) {
    return new TreeSet<>(roles).stream().map(Role::word).collect(Collectors.joining(", "));
  }

  private static Problem unauthenticated(String detail) {
    return new Problem(
        401,
        "unauthenticated",
        detail,
        "send `Authorization: Bearer …` with an operator token; the first one is in the file"
            + " operator.token in the server's data directory");
  }

  private static Problem forbidden(String detail, String remedy) {
    return new Problem(403, "forbidden", detail, remedy);
  }
}
