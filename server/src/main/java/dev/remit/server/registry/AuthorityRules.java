package dev.remit.server.registry;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which roles may change which kind: the one table. Nobody makes themselves more than they are.
final class AuthorityRules {
  static final Map<Kind, Set<Role>> MAY_CHANGE =
      Map.of(
          Kind.PERSON, Set.of(Role.ADMIN),
          Kind.DATA_CLASS, Set.of(Role.SECURITY, Role.ADMIN),
          Kind.MODEL, Set.of(Role.OWNER, Role.SECURITY, Role.ADMIN),
          Kind.WORKFLOW, Set.of(Role.OWNER, Role.SECURITY, Role.ADMIN),
          Kind.IDENTITY, Set.of(Role.OWNER, Role.SECURITY, Role.ADMIN),
          Kind.RESOURCE, Set.of(Role.OWNER, Role.SECURITY, Role.ADMIN),
          Kind.TOOL, Set.of(Role.OWNER, Role.SECURITY, Role.ADMIN),
          Kind.GRANT, Set.of(Role.OWNER, Role.SECURITY, Role.ADMIN),
          Kind.POLICY, Set.of(Role.SECURITY, Role.ADMIN));

  private AuthorityRules() {}

  static boolean mayChange(Set<Role> roles, Kind kind) {
    var any = MAY_CHANGE.getOrDefault(kind, Set.of());
    return roles.stream().anyMatch(any::contains);
  }

  /// Whether somebody says of themselves when they are away and who stands in for them, and nothing
  /// else. What they may lend is a rule of its own.
  private static boolean isOwnAccount(Change change, Proposal proposal) {
    return isOwn(change, proposal, Set.of("absent", "delegates"));
  }

  /// The same, of when they are away alone: that gives nobody anything.
  static boolean isOwnAbsence(Change change, Proposal proposal) {
    return isOwn(change, proposal, Set.of("absent"));
  }

  private static boolean isOwn(Change change, Proposal proposal, Set<String> fields) {
    var before = proposal.current().active().get(change.ref());
    var after = proposal.next().active().get(change.ref());
    return change.action() == Change.Action.UPDATE
        && change.ref().equals(new Ref(Kind.PERSON, proposal.author().name().value()))
        && before != null
        && after != null
        && before.set().equals(after.set())
        && change.fields().stream().allMatch(field -> fields.contains(first(field.path())));
  }

  private static String first(String path) {
    return path.split("[.\\[]", 2)[0];
  }

  static void check(Proposal proposal, Flaws flaws) {
    for (var change : proposal.changes()) {
      var kind = change.ref().kind();
      if (!change.isNone()
          && !mayChange(proposal.author().roles(), kind)
          && !isOwnAccount(change, proposal)) {
        flaws.always(
            "access",
            change.ref(),
            "",
            "`" + proposal.author().name() + "` may not change " + kind.plural(),
            "ask somebody with role " + words(kind));
      }
    }
  }

  private static String words(Kind kind) {
    var words = new TreeSet<String>();
    MAY_CHANGE.getOrDefault(kind, Set.of()).stream().map(Word::word).forEach(words::add);
    return "`" + String.join("` or `", words) + "`";
  }
}
