package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.ApplyId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.registry.ApplyRequest;
import dev.remit.server.registry.ApplyRequest.Settlement;
import dev.remit.server.registry.Change;
import dev.remit.server.registry.Planned;
import dev.remit.server.registry.RiskChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Applies that take a second person: which wait, what one would change to the letter, and
/// answering it.
final class ApplyRequestPages {
  static final String PATH = "/console/apply-requests";
  static final Set<Role> MAY_ANSWER = EnumSet.of(Role.OWNER, Role.SECURITY, Role.ADMIN);

  private static final int FIELDS_SHOWN = 200;

  private final Sources sources;
  private final Frame frame;
  private final Wishes wishes;

  ApplyRequestPages(Sources sources, Frame frame, Wishes wishes) {
    this.sources = sources;
    this.frame = frame;
    this.wishes = wishes;
  }

  static String path(ApplyId id) {
    return PATH + "/" + id.value();
  }

  Reply list(Visit visit) {
    var rows =
        sources.requests().newest().stream()
            .map(one ->
                Parts.cells(
                    Wording.when(one.requestedAt(), visit.now()),
                    Parts.link(
                        path(one.id()),
                        one.requestedBy() + ": " + Wording.count(one.changes(), "change")),
                    text(one.why()),
                    text(word(one)),
                    text(one.answeredBy().map(Object::toString).orElse(""))))
            .toList();
    return frame.page(
        visit,
        Frame.Place.APPROVALS,
        "Apply requests",
        "What somebody wants to declare and production rests on: nothing changes until another"
            + " person has agreed.",
        List.of(
            Parts.card(
                "Newest first",
                rows.isEmpty()
                    ? Parts.soft("Nobody has asked for anything that takes two people.")
                    : Parts.table(
                        "Apply requests", List.of("Asked", "What", "Why two", "Is", "By"), rows))));
  }

  private static String word(ApplyRequest one) {
    return one.state() == ApplyRequest.State.REQUESTED
        ? "waits"
        : one.state().name().toLowerCase(Locale.ROOT);
  }

  Reply show(Visit visit) {
    var one = found(visit);
    boolean open =
        one.state() == ApplyRequest.State.REQUESTED && visit.now().isBefore(one.lapsesAt());
    var planned = open ? sources.requests().shown(one, visit.now()) : Optional.<Planned>empty();
    var body = new ArrayList<Html>();
    body.add(facts(visit, one));
    planned.ifPresent(plan -> body.addAll(plan(one, plan)));
    if (open) {
      body.add(
          Parts.card(
              "Answer",
              Html.p(
                  "Agreeing plans it again and does it, if that is to the letter what is shown"
                      + " here. Once anything else is changed, it is void."),
              new WishForm(
                      path(one.id()) + "/answer",
                      one.requestedBy(),
                      "Agree: apply it",
                      "Decline: nothing changes",
                      true)
                  .shown(
                      visit,
                      wishes.mayAnswer(visit, one),
                      "another person who could have made all of it, or with the role security or"
                          + " admin")));
    }
    return frame.page(
        visit,
        Frame.Place.APPROVALS,
        one.requestedBy() + " wants to apply " + Wording.count(one.changes(), "change"),
        open ? "Nothing is changed until somebody else has agreed." : "It is " + word(one) + ".",
        body);
  }

  private static Element facts(Visit visit, ApplyRequest one) {
    return Parts.card(
        "What is asked",
        Parts.facts(
            Parts.Fact.of("Asked by", one.requestedBy().value()),
            Parts.Fact.of("Asked", Wording.when(one.requestedAt(), visit.now()), text(" UTC")),
            Parts.Fact.of("Why it takes two", one.why()),
            Parts.Fact.of("Lapses", Wording.when(one.lapsesAt(), visit.now()), text(" UTC")),
            Parts.Fact.of("Planned on version", Wording.count(one.version())),
            Parts.Fact.of(
                "Answered by", one.answeredBy().map(Object::toString).orElse("nobody yet"))));
  }

  private static List<Html> plan(ApplyRequest one, Planned planned) {
    var cards = new ArrayList<Html>();
    if (planned.version() != one.version()) {
      cards.add(
          Parts.notice(
              "Something else was changed since it was planned, so agreeing would make it void."
                  + " Let "
                  + one.requestedBy()
                  + " plan and apply again."));
    }
    planned.flaws().stream()
        .limit(FIELDS_SHOWN)
        .forEach(flaw -> cards.add(Parts.notice(flaw.message() + ": " + flaw.remedy())));
    for (var change : planned.changes()) {
      if (!change.isNone()) {
        cards.add(change(change));
      }
    }
    if (!planned.risks().isEmpty()) {
      cards.add(
          Parts.card(
              "Risk", Parts.list(planned.risks().stream().map(risk -> text(risk(risk))).toList())));
    }
    return cards;
  }

  private static String risk(RiskChange risk) {
    return risk.workflow()
        + ": "
        + risk.before().map(was -> was.riskClass().word()).orElse("new")
        + " → "
        + risk.after().riskClass().word();
  }

  private static Element change(Change change) {
    var rows =
        change.fields().stream()
            .limit(FIELDS_SHOWN)
            .map(field ->
                Parts.cells(Parts.code(field.path()), value(field.before()), value(field.after())))
            .toList();
    var heading = change.action().name().toLowerCase(Locale.ROOT) + " " + change.ref();
    var table = Parts.table(heading, List.of("Field", "Is", "Would be"), rows);
    int more = change.fields().size() - rows.size();
    return more > 0
        ? Parts.card(heading, table, Parts.soft("And " + more + " fields more."))
        : Parts.card(heading, table);
  }

  private static Html value(Optional<JsonNode> value) {
    return value
        .<Html>map(
            json -> element("span").saying(json.isString() ? json.stringValue() : json.toString()))
        .orElseGet(() -> Parts.span("soft", "not there"));
  }

  Reply answer(Visit visit) {
    var one = found(visit);
    var settled =
        sources
            .requests()
            .answer(
                one.id(),
                visit.name(),
                visit.person().roles(),
                visit.agrees(),
                visit.reason(),
                visit.now())
            .orElseThrow();
    return Visit.done(problem(one.id(), settled), path(one.id()));
  }

  private static Optional<Problem> problem(ApplyId id, Settlement settled) {
    return switch (settled) {
      case Settlement.Agreed _, Settlement.Declined _ -> Optional.empty();
      case Settlement.Lapsed(Instant at) ->
          refused(
              409, "apply-lapsed", id + " lapsed at " + at, "let it be planned and asked again");
      case Settlement.Settled(var state) ->
          refused(
              409,
              "apply-settled",
              id + " is " + state.name().toLowerCase(Locale.ROOT) + " already",
              "nothing is left to answer");
      case Settlement.Voided(var why) ->
          refused(
              409,
              "apply-void",
              id + " does not hold any more: " + why,
              "let it be planned again, and look at what would change now");
      case Settlement.OwnRequest(var by) ->
          refused(
              403,
              "own-request",
              "`" + by + "` asked for it; nobody approves their own request",
              "let another person with role security or admin agree");
      case Settlement.NotPermitted() ->
          refused(
              403,
              "not-permitted",
              "this needs somebody who could have made all of it, or keeps security",
              "let a person with role security or admin agree");
    };
  }

  private static Optional<Problem> refused(int status, String slug, String detail, String remedy) {
    return Optional.of(new Problem(status, slug, detail, remedy));
  }

  private ApplyRequest found(Visit visit) {
    var id = visit.call().param("id", ApplyId::new);
    return sources
        .requests()
        .find(id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("apply request `" + id + "`")));
  }
}
