package dev.remit.server.console;

import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.ExceptionId;
import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.exceptions.Acceptance;
import dev.remit.server.exceptions.Acceptance.State;
import dev.remit.server.exceptions.ExceptionProblems;
import dev.remit.server.findings.Finding;
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

/// Findings that two people accept for a while: asking, from the finding; answering and ending.
final class ExceptionPages {
  static final String PATH = "/console/exceptions";
  static final Set<Role> MAY_ASK = EnumSet.of(Role.OWNER, Role.SECURITY);
  static final Set<Role> MAY_END = EnumSet.of(Role.OWNER, Role.APPROVER, Role.SECURITY);

  private static final int DAYS = 30;

  private final Sources sources;
  private final Frame frame;
  private final Wishes wishes;

  ExceptionPages(Sources sources, Frame frame, Wishes wishes) {
    this.sources = sources;
    this.frame = frame;
    this.wishes = wishes;
  }

  /// What stands beside an open finding.
  static Element form(Visit visit, FindingId finding) {
    return Parts.fold(
        "Ask that it be accepted for a while",
        visit
            .form("/console/findings/" + finding.value() + "/exception")
            .holding(
                Html.p(
                    "Somebody else has to agree. It stays open and visible, ends by itself, and"
                        + " meanwhile does not keep a workflow from production."),
                Parts.lasts("For how long", DAYS, "days"),
                Parts.reason("Why the risk can be borne that long"),
                Parts.submit("", "answer", "accept", "Ask a second person to accept it")));
  }

  Reply list(Visit visit) {
    var all = sources.exceptions().newest();
    var body = new ArrayList<Html>();
    all.stream().filter(one -> isAlive(visit, one)).forEach(one -> body.add(card(visit, one)));
    if (body.isEmpty()) {
      body.add(Parts.card("Now", Parts.soft("No finding is accepted, and nobody asks for it.")));
    }
    body.add(over(visit, all.stream().filter(one -> !isAlive(visit, one)).toList()));
    return frame.page(
        visit,
        Frame.Place.FINDINGS,
        "Exceptions",
        "Findings that two people accept for a while. Nothing else accepts a risk.",
        body);
  }

  private static boolean isAlive(Visit visit, Acceptance one) {
    return one.holds(visit.now())
        || (one.state() == State.REQUESTED && visit.now().isBefore(one.lapsesAt()));
  }

  private Element card(Visit visit, Acceptance one) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.sentence(
            Parts.link("/console/findings#f-" + one.finding().value(), "The finding"),
            text(" is " + (one.holds(visit.now()) ? "accepted" : "not accepted yet") + ".")));
    inner.add(
        Parts.facts(
            Parts.Fact.of("Asked by", one.requestedBy().value()),
            Parts.Fact.of("Why", one.reason()),
            Parts.Fact.of("For", Wording.span(one.lasts())),
            Parts.Fact.of("Agreed by", one.answeredBy().map(Object::toString).orElse("nobody yet")),
            Parts.Fact.of(
                one.expiresAt().isPresent() ? "Ends" : "Lapses",
                Wording.when(one.expiresAt().orElse(one.lapsesAt()), visit.now()),
                text(" UTC"))));
    if (one.state() == State.REQUESTED) {
      inner.add(
          new WishForm(
                  PATH + "/" + one.id().value() + "/answer",
                  one.requestedBy(),
                  "Agree: accept it",
                  "Decline: it is not accepted",
                  false,
                  asking -> isSerious(one) ? asking.unfresh() : Optional.empty())
              .shown(
                  visit,
                  wishes.mayAnswer(visit, one),
                  "another person with the role approver or security"));
    }
    if (visit.holdsAny(MAY_END)) {
      inner.add(
          visit
              .form(PATH + "/" + one.id().value() + "/end")
              .holding(Parts.submit("danger", "answer", "end", "End it now")));
    }
    return Parts.card(
        sources
            .exceptions()
            .finding(one)
            .map(Finding::summary)
            .orElse("a finding that is not kept any more"),
        inner);
  }

  private static Element over(Visit visit, List<Acceptance> over) {
    var rows =
        over.stream()
            .map(one ->
                Parts.cells(
                    Wording.when(one.requestedAt(), visit.now()),
                    Parts.code(one.finding().value()),
                    text(one.requestedBy().value()),
                    text(one.state().name().toLowerCase(Locale.ROOT)),
                    text(one.reason())))
            .toList();
    return Parts.card(
        "Over",
        rows.isEmpty()
            ? Parts.soft("None yet.")
            : Parts.table(
                "Exceptions that are over",
                List.of("Asked", "Finding", "By", "Became", "Why"),
                rows));
  }

  Reply ask(Visit visit) {
    var finding = visit.call().param("id", FindingId::new);
    var lasts = visit.lasts(sources.exceptions().config().lastsMax());
    var asked =
        sources.exceptions().request(finding, visit.name(), lasts, visit.reason(), visit.now());
    return Visit.done(ExceptionProblems.of(finding, asked), PATH);
  }

  Reply answer(Visit visit) {
    var id = visit.call().param("id", ExceptionId::new);
    boolean serious = sources.exceptions().find(id).filter(this::isSerious).isPresent();
    var unfresh = serious && visit.agrees() ? visit.unfresh() : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var settled = sources.exceptions().answer(id, visit.name(), visit.agrees(), visit.now());
    return Visit.done(
        settled.isEmpty()
            ? Optional.of(Problem.notFound("exception `" + id + "`"))
            : ExceptionProblems.of(id, settled.get()),
        PATH);
  }

  private boolean isSerious(Acceptance one) {
    return sources.exceptions().isSerious(one);
  }

  Reply end(Visit visit) {
    var id = visit.call().param("id", ExceptionId::new);
    var problem =
        sources.exceptions().end(id, visit.name(), visit.now()).isPresent()
            ? Optional.<Problem>empty()
            : Optional.of(
                new Problem(
                    409, "wish-settled", id + " is over already", "nothing is left to be done"));
    return Visit.done(problem, PATH);
  }
}
