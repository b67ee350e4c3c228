package dev.remit.server.console;

import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.EnforcementId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.enforcement.EnforcementProblems;
import dev.remit.server.enforcement.Observation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Whether policy is enforced, and the emergency in which two people let it be only observed.
final class EnforcementPage {
  static final String PATH = "/console/enforcement";
  static final Set<Role> MAY_END = EnumSet.of(Role.BREAK_GLASS, Role.SECURITY, Role.ADMIN);

  private static final int HOURS = 1;

  private final Sources sources;
  private final Frame frame;
  private final Wishes wishes;

  EnforcementPage(Sources sources, Frame frame, Wishes wishes) {
    this.sources = sources;
    this.frame = frame;
    this.wishes = wishes;
  }

  Reply show(Visit visit) {
    var current = sources.enforcement().current(visit.now());
    boolean observed = current.filter(one -> one.holds(visit.now())).isPresent();
    var body = new ArrayList<Html>();
    body.add(
        current
            .map(one -> current(visit, one, observed))
            .orElseGet(() -> Parts.card("Now", Html.p("Policy is enforced."))));
    if (current.isEmpty() && visit.holdsAny(Wishes.MAY_BREAK_GLASS)) {
      body.add(ask(visit));
    }
    body.add(history(visit));
    return frame.page(
        visit,
        Frame.Place.POLICIES,
        observed ? "Policy is NOT enforced" : "Enforcement",
        "Two people with the role break-glass may let policy be only observed, for a while. Tokens,"
            + " suspensions, grants and the record stay as they are.",
        body);
  }

  private Element current(Visit visit, Observation one, boolean observed) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.notice(
            observed
                ? "What policy denies, holds or narrows goes on unchanged until "
                    + one.expiresAt()
                        .map(at -> Wording.moment(at, visit.now()) + " UTC")
                        .orElse("somebody ends it")
                    + "."
                : "Policy is enforced. "
                    + one.requestedBy()
                    + " asks that it be only observed for "
                    + Wording.span(one.lasts())
                    + "."));
    inner.add(
        Parts.facts(
            Parts.Fact.of("Asked by", one.requestedBy().value()),
            Parts.Fact.of("Why", one.reason()),
            Parts.Fact.of(
                "Agreed by", one.answeredBy().map(Object::toString).orElse("nobody yet"))));
    if (!observed) {
      inner.add(
          new WishForm(
                  PATH + "/" + one.id().value() + "/answer",
                  one.requestedBy(),
                  "Agree: stop enforcing policy",
                  "Decline: policy stays enforced",
                  false,
                  Visit::unfresh)
              .shown(
                  visit, wishes.mayAnswer(visit, one), "another person with the role break-glass"));
    }
    if (visit.holdsAny(MAY_END)) {
      inner.add(
          visit
              .form(PATH + "/end")
              .holding(
                  Parts.submit(
                      observed ? "primary" : "",
                      "answer",
                      "end",
                      observed ? "Enforce policy again, now" : "Take the wish back")));
    }
    return Parts.card("Now", inner);
  }

  private static Element ask(Visit visit) {
    return Parts.card(
        "In an emergency",
        Parts.fold(
            "Ask that policy be only observed",
            visit
                .form(PATH)
                .holding(
                    Html.p(
                        "For when a wrong policy stops what must go on. Everything that happens"
                            + " meanwhile is recorded with what policy would have said, and reviewed"
                            + " afterwards."),
                    Parts.lasts("For how long", HOURS, "hours"),
                    Parts.reason("What the emergency is"),
                    Parts.submit("danger", "answer", "observe", "Ask a second person to agree"))));
  }

  private Element history(Visit visit) {
    var rows =
        sources.enforcement().newest().stream()
            .map(one ->
                Parts.cells(
                    Wording.when(one.requestedAt(), visit.now()),
                    text(one.requestedBy().value()),
                    text(one.state().name().toLowerCase(Locale.ROOT)),
                    text(one.answeredBy().map(Object::toString).orElse("")),
                    text(one.reason())))
            .toList();
    return Parts.card(
        "Before",
        rows.isEmpty()
            ? Parts.soft("Policy was always enforced.")
            : Parts.table(
                "When it was asked for", List.of("Asked", "By", "Became", "With", "Why"), rows));
  }

  Reply request(Visit visit) {
    var lasts = visit.lasts(sources.enforcement().config().observeMax());
    var unfresh = visit.unfresh();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var asked = sources.enforcement().request(visit.name(), lasts, visit.reason(), visit.now());
    return Visit.done(EnforcementProblems.of(asked), PATH);
  }

  Reply answer(Visit visit) {
    var id = visit.call().param("id", EnforcementId::new);
    var unfresh = visit.agrees() ? visit.unfresh() : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var settled = sources.enforcement().answer(id, visit.name(), visit.agrees(), visit.now());
    return Visit.done(EnforcementProblems.of(id, settled), PATH);
  }

  Reply end(Visit visit) {
    var problem =
        sources.enforcement().end(visit.name(), visit.now()).isPresent()
            ? Optional.<Problem>empty()
            : Optional.of(
                new Problem(
                    409, "already-enforced", "policy is enforced", "nothing is left to be done"));
    return Visit.done(problem, PATH);
  }
}
