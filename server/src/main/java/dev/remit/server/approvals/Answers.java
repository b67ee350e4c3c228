package dev.remit.server.approvals;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.assumptions.Present;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.StandIns;
import dev.remit.server.registry.StandIns.Lent;
import dev.remit.server.registry.TwoPeople;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// How a person's answer is taken. Read it from top to bottom: it still rests on what it rested on,
/// the person is here and may answer, and then it counts, together with what others have said.
final class Answers {
  private final ApprovalStore store;
  private final Moves moves;
  private final Separation separation;
  private final Part part;
  private final ApprovalsConfig.ForTask limits;

  Answers(
      ApprovalStore store,
      Moves moves,
      Separation separation,
      Part part,
      ApprovalsConfig.ForTask limits) {
    this.store = store;
    this.moves = moves;
    this.separation = separation;
    this.part = part;
    this.limits = limits;
  }

  Settlement answer(
      Recording recording,
      News news,
      Approval approval,
      PersonName person,
      Set<Role> shown,
      Answering said,
      Present present,
      Instant now) {
    if (approval.state() == State.PENDING && now.isBefore(approval.lapsesAt())) {
      var broken = approval.brokenIn(present);
      if (broken.isPresent()) {
        moves.breakOff(recording, news, approval, broken.get(), now);
        return new Settlement.Voided(broken.get());
      }
    }
    var own = stillHolds(person, shown, present);
    var lent = lent(approval, person, own, present, now);
    var standsInFor = lent.map(Lent::by);
    var meant =
        approval.settle(
            person,
            lent.map(Lent::roles).orElse(own),
            conflict(approval, person),
            said.agrees(),
            now);
    return switch (meant) {
      case Settlement.Granted(var as) ->
          agreed(recording, news, approval, person, as, standsInFor, said, meant, now);
      case Settlement.Counted(var as) ->
          agreed(recording, news, approval, person, as, standsInFor, said, meant, now);
      case Settlement.Declined() ->
          settled(
              recording,
              news,
              approval,
              State.DECLINED,
              person.value(),
              standsInFor,
              said.reason(),
              now,
              meant);
      case Settlement.Lapsed _ ->
          settled(
              recording,
              news,
              approval,
              State.LAPSED,
              Moves.NOBODY,
              Optional.empty(),
              Moves.TIME_RAN_OUT,
              now,
              meant);
      case Settlement.Settled _,
          Settlement.Voided _,
          Settlement.OwnRequest _,
          Settlement.NotAsked _,
          Settlement.Apart _,
          Settlement.AgreedAlready _,
          Settlement.NotForTask _ ->
          meant;
    };
  }

  /// What agreeing would come to, if it were said now.
  Settlement would(
      Approval approval, PersonName person, Set<Role> shown, Present present, Instant now) {
    var holds = stillHolds(person, shown, present);
    var meant = approval.settle(person, holds, Optional.empty(), true, now);
    boolean counts = meant instanceof Settlement.Granted || meant instanceof Settlement.Counted;
    if (!counts) {
      return meant;
    }
    return approval
        .brokenIn(present)
        .<Settlement>map(Settlement.Voided::new)
        .orElseGet(() -> approval.settle(person, holds, conflict(approval, person), true, now));
  }

  /// The roles that the person showed at the door and holds now: one may be gone since.
  private static Set<Role> stillHolds(PersonName person, Set<Role> shown, Present present) {
    return present
        .declared()
        .person(person)
        .filter(Person::active)
        .map(known ->
            shown.stream().filter(known.roles()::contains).collect(Collectors.toUnmodifiableSet()))
        .orElse(Set.of());
  }

  /// What somebody lends the person who could answer this themselves, has not, and in whose place
  /// nobody else has: otherwise one person's word would count twice.
  private Optional<Lent> lent(
      Approval approval, PersonName person, Set<Role> own, Present present, Instant now) {
    var known = present.declared();
    var spoken =
        approval.agreements().stream()
            .flatMap(one -> Stream.concat(Stream.of(one.by()), one.standsInFor().stream()))
            .toList();
    return StandIns.to(
        person,
        own,
        approval.roles(),
        by ->
            conflict(approval, by).isEmpty()
                && TwoPeople.are(by, approval.binding().asker(), known)
                && spoken.stream().allMatch(other -> TwoPeople.are(by, other, known)),
        known,
        now);
  }

  /// Whoever has agreed under another name has agreed.
  private Optional<Duty> conflict(Approval approval, PersonName person) {
    var others =
        approval.agreements().stream().map(Agreement::by).filter(by -> !by.equals(person)).toList();
    return separation.conflict(
        approval.terms().apart(), part.in(approval).and(Duty.APPROVER, others), person);
  }

  private Settlement agreed(
      Recording recording,
      News news,
      Approval approval,
      PersonName person,
      Set<Role> as,
      Optional<PersonName> standsInFor,
      Answering said,
      Settlement meant,
      Instant now) {
    var unfit = said.forTask().flatMap(asked -> unfit(approval, asked, now));
    if (unfit.isPresent()) {
      return unfit.get();
    }
    var agreement = new Agreement(person, as, standsInFor, said.reason(), said.forTask(), now);
    if (!moves.agree(recording, approval, agreement)) {
      return new Settlement.AgreedAlready(person);
    }
    var then = approval.and(agreement);
    if (meant instanceof Settlement.Counted) {
      news.add(then, Notices::agreed);
      return meant;
    }
    var settlement =
        settled(
            recording,
            news,
            then,
            State.GRANTED,
            person.value(),
            standsInFor,
            said.reason(),
            now,
            meant);
    if (settlement instanceof Settlement.Granted) {
      then.forTask().ifPresent(agreedTo -> allow(recording, then, agreedTo, now));
    }
    return settlement;
  }

  private void allow(Recording recording, Approval approval, ForTask limits, Instant now) {
    var given = JsonMapper.shared().readTree(approval.shown().orElseThrow());
    moves.allow(
        recording,
        approval,
        new Allowance(
            approval.id(),
            approval.binding().kind(),
            SameArguments.but(given, limits.free()),
            limits,
            Allowance.State.OPEN,
            1,
            Optional.empty()),
        now);
  }

  private Optional<Settlement> unfit(Approval approval, ForTask asked, Instant now) {
    if (approval.terms().usesMax() == 1) {
      return notForTask("policy wants each of these calls asked for", "agree to this one only");
    }
    int uses = Math.min(approval.terms().usesMax(), limits.usesMax());
    if (asked.uses() > uses) {
      return notForTask(
          "at most " + uses + " calls may be agreed to at once", "agree to fewer `uses`");
    }
    var latest = now.plus(limits.lastsMax());
    if (!now.isBefore(asked.until()) || asked.until().isAfter(latest)) {
      return notForTask(
          "it may last from now until " + latest + " at most", "agree until a time in between");
    }
    return approval.shown().isEmpty()
        ? notForTask("what the agent wants to send was erased", "agree to this one only")
        : Optional.empty();
  }

  private static Optional<Settlement> notForTask(String why, String next) {
    return Optional.of(new Settlement.NotForTask(why, next));
  }

  private Settlement settled(
      Recording recording,
      News news,
      Approval approval,
      State to,
      String by,
      Optional<PersonName> standsInFor,
      String reason,
      Instant now,
      Settlement meant) {
    return moves.move(recording, news, approval, approval.state(), to, by, standsInFor, reason, now)
        ? meant
        : new Settlement.Settled(
            store.find(recording.tx(), approval.id()).orElse(approval).state());
  }
}
