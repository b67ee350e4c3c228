package dev.remit.server.console;

import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.findings.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// What waits for a person: held calls and other people's wishes that they may answer, and findings
/// that one of their roles must act on.
final class Needs {
  /// As many held calls are looked at as an approver could ever work through.
  static final int WAITING_MAX = 500;

  private final Sources sources;
  private final Wishes wishes;

  Needs(Sources sources, Wishes wishes) {
    this.sources = sources;
    this.wishes = wishes;
  }

  /// @param approvals that the person may answer, oldest first; what the agents want to send is not
  ///   opened
  /// @param others how many wait for somebody else
  /// @param wishes of other people that one has to agree to, those that ask the visitor first
  record Waiting(List<Approval> approvals, long others, List<Wish> wishes, List<Finding> findings) {

    /// Those to which the visitor's agreement would count.
    List<Wish> wishesOfMine() {
      return wishes.stream().filter(Wish::asksVisitor).toList();
    }

    /// Those of one kind.
    List<Wish> wishesOfMine(String kind) {
      return wishesOfMine().stream().filter(one -> one.kind().equals(kind)).toList();
    }
  }

  Waiting of(Visit visit) {
    var waiting = sources.approvals().waiting(WAITING_MAX, visit.now());
    var mine = waiting.stream().filter(one -> asks(visit, one)).toList();
    return new Waiting(
        mine,
        waiting.size() - mine.size(),
        wishes.of(visit),
        sources.findings().newest().stream()
            .filter(one -> visit.person().roles().contains(one.forRole()))
            .sorted(Comparator.comparing(Finding::severity).reversed())
            .toList());
  }

  /// Whether agreeing would be taken from this person, by the approval's own rules. An auditor's
  /// role alone answers nothing, whatever a policy names.
  private boolean asks(Visit visit, Approval approval) {
    return !visit.person().roles().equals(Set.of(Role.AUDITOR))
        && switch (sources
            .approvals()
            .would(approval, visit.name(), visit.person().roles(), visit.now())) {
          case Settlement.Granted _, Settlement.Counted _ -> true;
          case Settlement.Declined _,
              Settlement.Lapsed _,
              Settlement.Settled _,
              Settlement.Voided _,
              Settlement.OwnRequest _,
              Settlement.NotAsked _,
              Settlement.Apart _,
              Settlement.AgreedAlready _,
              Settlement.NotForTask _ ->
              false;
        };
  }
}
