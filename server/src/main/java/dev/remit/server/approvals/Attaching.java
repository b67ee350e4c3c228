package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.assumptions.Present;
import dev.remit.server.ledger.Recording;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How a held call finds its approval. Read it from top to bottom: the one that is alive for the
/// same request, the one whose outcome is still kept, a use of one that was given for the task, or
/// a new one, unless people are asked too much already.
final class Attaching {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ApprovalStore store;
  private final AllowanceStore allowances;
  private final CrowdStore crowds;
  private final Moves moves;
  private final ApprovalsConfig.Crowding crowding;

  Attaching(
      ApprovalStore store,
      AllowanceStore allowances,
      CrowdStore crowds,
      Moves moves,
      ApprovalsConfig.Crowding crowding) {
    this.store = store;
    this.allowances = allowances;
    this.crowds = crowds;
    this.moves = moves;
    this.crowding = crowding;
  }

  Attached attach(Recording recording, News news, Asking asking, Present present, Instant now) {
    var current = store.current(recording.tx(), asking.binding(), now);
    if (current.isPresent() && stillCovers(current.get(), asking, present, now)) {
      return new Attached.To(current.get());
    }
    current.filter(Approval::isAlive).ifPresent(old -> leave(recording, news, old, present, now));
    var use =
        asking.coverable()
            ? use(recording, news, asking, present, now)
            : Optional.<Approval>empty();
    if (use.isPresent()) {
      return new Attached.To(use.get());
    }
    var crowd = crowd(recording, asking.binding(), now);
    if (crowd.isPresent()) {
      news.saw(Worries.worn(crowd.get(), asking.binding()));
      return new Attached.TooMany(crowd.get());
    }
    return new Attached.To(ask(recording, news, asking, now));
  }

  private static boolean stillCovers(
      Approval current, Asking asking, Present present, Instant now) {
    return current.isAlive()
        ? now.isBefore(current.lapsesAt()) && current.brokenIn(present).isEmpty()
        : !Optional.of(current.id()).equals(asking.after());
  }

  /// Settles one that does not cover the request any more, and says why.
  private void leave(Recording recording, News news, Approval old, Present present, Instant now) {
    var broken = old.brokenIn(present);
    if (broken.isPresent()) {
      moves.breakOff(recording, news, old, broken.get(), now);
    } else {
      moves.move(recording, news, old, State.LAPSED, Moves.NOBODY, Moves.TIME_RAN_OUT, now);
    }
  }

  /// Takes one use of an approval that was given for the task, if one covers the call.
  ///
  /// A use is an approval of its own, granted from the start, so that from here on it goes the way
  /// of every other: checked again at release, used up once, its outcome kept.
  private Optional<Approval> use(
      Recording recording, News news, Asking asking, Present present, Instant now) {
    for (var allowance : allowances.open(recording.tx(), asking.binding().kind())) {
      var given = store.find(recording.tx(), allowance.approval()).orElseThrow();
      var broken = given.brokenIn(present);
      if (!now.isBefore(allowance.limits().until())) {
        moves.end(recording, given, Allowance.State.LAPSED, Moves.TIME_RAN_OUT, now);
      } else if (broken.isPresent()) {
        breakOff(recording, news, given, broken.get(), now);
      } else if (covers(allowance, given, asking)) {
        return Optional.of(used(recording, news, allowance, given, asking, now));
      }
    }
    return Optional.empty();
  }

  private void breakOff(
      Recording recording, News news, Approval given, Broken broken, Instant now) {
    if (moves.end(recording, given, Allowance.State.VOID, broken.how(), now)) {
      news.add(given, Notices::voided);
      news.broken(given, broken);
    }
  }

  /// A call that other policies hold, or on other terms, is not what people agreed to.
  private static boolean covers(Allowance allowance, Approval given, Asking asking) {
    return allowance.used() < allowance.limits().uses()
        && given.terms().equals(asking.hold().terms())
        && given.because().equals(because(asking))
        && allowance
            .fixed()
            .equals(SameArguments.but(plain(asking.given()), allowance.limits().free()));
  }

  private Approval used(
      Recording recording,
      News news,
      Allowance allowance,
      Approval given,
      Asking asking,
      Instant now) {
    var lapsesAt = now.plus(asking.hold().patience());
    var until = allowance.limits().until();
    var use =
        fresh(
            asking,
            Optional.empty(),
            lapsesAt.isBefore(until) ? lapsesAt : until,
            Optional.of(given.id()),
            now);
    if (moves.open(recording, use)) {
      moves.move(
          recording,
          news,
          use,
          State.GRANTED,
          Moves.givenBy(given),
          "for the task, under " + given.id(),
          now);
      if (allowance.used() + 1 >= allowance.limits().uses()) {
        moves.end(recording, given, Allowance.State.SPENT, "every use is taken", now);
      }
    }
    return store.current(recording.tx(), asking.binding(), now).orElse(use);
  }

  private Approval ask(Recording recording, News news, Asking asking, Instant now) {
    var fresh =
        fresh(
            asking,
            Optional.of(asking.given().toString()),
            now.plus(asking.hold().patience()),
            Optional.empty(),
            now);
    if (moves.open(recording, fresh)) {
      news.add(fresh, Notices::opened);
      return fresh;
    }
    // Another node was faster; its approval covers this call just as well.
    return store.current(recording.tx(), asking.binding(), now).orElse(fresh);
  }

  private Optional<Attached.Crowd> crowd(Recording recording, Binding binding, Instant now) {
    var tx = recording.tx();
    record Place(ApprovalStore.Under under, String word, String name, int max) {}
    var places =
        List.of(
            new Place(ApprovalStore.Under.TASK, "task", binding.task().value(), crowding.taskMax()),
            new Place(
                ApprovalStore.Under.IDENTITY,
                "identity",
                binding.identity().value(),
                crowding.identityMax()),
            new Place(
                ApprovalStore.Under.WORKFLOW,
                "workflow",
                binding.workflow().value(),
                crowding.workflowMax()));
    for (var place : places) {
      if (crowds.waiting(tx, place.under(), place.name(), place.max()) >= place.max()) {
        return Optional.of(new Attached.Crowd(place.word(), place.name(), true, place.max()));
      }
    }
    var since = now.minus(crowding.askedWithin());
    int max = crowding.askedMax();
    return crowds.asked(tx, binding.identity(), since, max) >= max
        ? Optional.of(new Attached.Crowd("identity", binding.identity().value(), false, max))
        : Optional.empty();
  }

  private static Approval fresh(
      Asking asking,
      Optional<String> shown,
      Instant lapsesAt,
      Optional<ApprovalId> under,
      Instant now) {
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    return new Approval(
        ApprovalId.fresh(now),
        asking.decision(),
        asking.binding(),
        asking.assumptions(),
        because(asking),
        terms(asking),
        HexFormat.of().formatHex(nonce),
        shown,
        now,
        lapsesAt,
        State.PENDING,
        List.of(),
        under,
        Optional.empty());
  }

  /// What the server has opened with the agent is never the same twice.
  private static Terms terms(Asking asking) {
    var terms = asking.hold().terms();
    return asking.coverable() ? terms : new Terms(terms.quorums(), 1, terms.apart());
  }

  private static List<String> because(Asking asking) {
    return asking.hold().because().stream().map(PolicyId::value).toList();
  }

  /// As it is read back from what was shown, so that one text has one digest.
  static JsonNode plain(JsonNode given) {
    return JsonMapper.shared().readTree(given.toString());
  }
}
