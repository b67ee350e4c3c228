package dev.remit.server.console;

import dev.remit.kernel.identity.Role;
import dev.remit.server.changes.Change;
import dev.remit.server.emergency.Emergency;
import dev.remit.server.enforcement.Observation;
import dev.remit.server.exceptions.Acceptance;
import dev.remit.server.promotion.Promotion;
import dev.remit.server.registry.ApplyRequest;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.Resumption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything that waits for a second person, asked of the features whose rules say who that is.
final class Wishes {
  static final Set<Role> MAY_ACCEPT = EnumSet.of(Role.APPROVER, Role.SECURITY);
  static final Set<Role> MAY_BREAK_GLASS = EnumSet.of(Role.BREAK_GLASS);

  /// Who may agree to any apply; owners may to those that they could have made.
  private static final Set<Role> MAY_APPLY_ALL = EnumSet.of(Role.SECURITY, Role.ADMIN);

  /// The kind of wish that a change is until somebody approves it.
  static final String CHANGE = "change";

  private final Sources sources;

  Wishes(Sources sources) {
    this.sources = sources;
  }

  /// Returns what waits, that which asks the visitor first, and then what lapses first.
  List<Wish> of(Visit visit) {
    var all = new ArrayList<Wish>();
    sources.promotions().open().forEach(one -> all.add(of(visit, one)));
    sources.requests().open().forEach(one -> all.add(of(visit, one)));
    sources.exceptions().open().forEach(one -> all.add(of(visit, one)));
    sources.authorization().resumptions().open().forEach(one -> all.add(of(visit, one)));
    sources
        .enforcement()
        .current(visit.now())
        .filter(one -> one.state() == Observation.State.REQUESTED)
        .ifPresent(one -> all.add(of(visit, one)));
    sources.changes().waiting().forEach(one -> all.add(of(visit, one)));
    sources.emergencies().newest().stream()
        .filter(one -> one.state() == Emergency.State.REQUESTED)
        .forEach(one -> all.add(of(visit, one)));
    return all.stream()
        .filter(one -> one.waits(visit.now()))
        .sorted(
            Comparator.comparing((Wish one) -> !one.asksVisitor())
                .thenComparing(one -> one.lapsesAt().orElse(Instant.MAX)))
        .toList();
  }

  private Wish of(Visit visit, Promotion one) {
    return new Wish(
        "promotion",
        one.requestedBy(),
        "that " + one.workflow() + " be promoted to production",
        "",
        Optional.of(one.lapsesAt()),
        PromotionPages.path(one.workflow()),
        mayAnswer(visit, one));
  }

  boolean mayAnswer(Visit visit, Promotion one) {
    var known = sources.registered().get();
    var owner = known.workflow(one.workflow()).map(Workflow::owner).orElse(one.requestedBy());
    return visit.holdsAny(MAY_ACCEPT)
        && one.settle(visit.name(), owner, true, known, visit.now())
            instanceof Promotion.Settlement.Agreed;
  }

  private Wish of(Visit visit, ApplyRequest one) {
    return new Wish(
        "apply",
        one.requestedBy(),
        "to apply " + Wording.count(one.changes(), "change"),
        one.why(),
        Optional.of(one.lapsesAt()),
        ApplyRequestPages.path(one.id()),
        visit.holdsAny(MAY_APPLY_ALL) && mayAnswer(visit, one));
  }

  /// As far as people go; what it changes decides, too.
  boolean mayAnswer(Visit visit, ApplyRequest one) {
    return visit.holdsAny(ApplyRequestPages.MAY_ANSWER)
        && one.settle(visit.name(), true, sources.registered().get(), visit.now())
            instanceof ApplyRequest.Settlement.Agreed;
  }

  private Wish of(Visit visit, Acceptance one) {
    return new Wish(
        "exception",
        one.requestedBy(),
        "that a finding be accepted for " + Wording.span(one.lasts()),
        one.reason(),
        Optional.of(one.lapsesAt()),
        ExceptionPages.PATH,
        mayAnswer(visit, one));
  }

  boolean mayAnswer(Visit visit, Acceptance one) {
    return visit.holdsAny(MAY_ACCEPT)
        && one.settle(visit.name(), true, sources.registered().get(), visit.now())
            instanceof Acceptance.Settlement.Agreed;
  }

  private Wish of(Visit visit, Observation one) {
    return new Wish(
        "enforcement",
        one.requestedBy(),
        "that policy be only observed for " + Wording.span(one.lasts()),
        one.reason(),
        Optional.of(one.lapsesAt()),
        EnforcementPage.PATH,
        mayAnswer(visit, one));
  }

  boolean mayAnswer(Visit visit, Observation one) {
    return visit.holdsAny(MAY_BREAK_GLASS)
        && one.settle(visit.name(), true, sources.registered().get(), visit.now())
            instanceof Observation.Settlement.Agreed;
  }

  private Wish of(Visit visit, Resumption one) {
    return new Wish(
        "resume",
        one.requestedBy(),
        "that " + one.party() + " may act again",
        one.reason(),
        Optional.of(one.lapsesAt()),
        StandingForms.page(one.party()),
        !one.requestedBy().equals(visit.name())
            && sources
                .authorization()
                .stopping()
                .may(one.party().kind(), one.party().name(), visit.person()));
  }

  private Wish of(Visit visit, Change one) {
    return new Wish(
        CHANGE,
        one.requestedBy(),
        "that "
            + one.model()
            + " may decide "
            + Wording.last(one.identity().value())
            + " as it is declared now",
        one.why(),
        Optional.empty(),
        ChangePages.path(one.id()),
        mayAnswer(visit, one));
  }

  /// As far as people go; what must be on record of the model is asked when they agree.
  boolean mayAnswer(Visit visit, Change one) {
    return visit.holdsAny(MAY_ACCEPT) && one.waitsFor(visit.name(), sources.registered().get());
  }

  private Wish of(Visit visit, Emergency one) {
    return new Wish(
        "emergency",
        one.requestedBy(),
        "that " + one.lifted().said() + " go on whatever policy says",
        one.reason(),
        Optional.of(one.lapsesAt()),
        EmergencyPages.PATH,
        mayAnswer(visit, one));
  }

  boolean mayAnswer(Visit visit, Emergency one) {
    return visit.holdsAny(sources.emergencies().config().roles())
        && one.settle(visit.name(), true, sources.registered().get(), visit.now())
            instanceof Emergency.Settlement.Agreed;
  }
}
