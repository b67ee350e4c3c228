package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.EmergencyId;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.emergency.Emergency;
import dev.remit.server.emergency.EmergencyRoutes;
import dev.remit.server.emergency.EmergencySaid;
import dev.remit.server.emergency.WishReader;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Breaking glass, ending it and reviewing it, for people in a hurry: what is open comes first,
/// then what waits for an answer or a review, then the form.
final class EmergencyPages {
  static final String PATH = "/console/emergencies";
  private static final int SHOWN = 30;

  private final Sources sources;
  private final Frame frame;

  EmergencyPages(Sources sources, Frame frame) {
    this.sources = sources;
    this.frame = frame;
  }

  /// Loud on the first page, as long as one is open.
  Optional<Element> notice(Visit visit) {
    var open = sources.emergencies().open(visit.now());
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(
            element("div")
                .with("class", "notice")
                .with("role", "alert")
                .holding(open.stream().map(one -> lifting(visit, one)).toList()));
  }

  private static Element lifting(Visit visit, Emergency one) {
    return element("p")
        .holding(
            Parts.strong("Glass is broken"),
            text(
                ": "
                    + one.lifted().said()
                    + " go on whatever policy says, "
                    + (one.calls() - one.used())
                    + " more, until "
                    + one.expiresAt().map(at -> Wording.moment(at, visit.now())).orElse("now")
                    + " UTC. "),
            Parts.link(PATH, "Look at it, or end it"));
  }

  Reply show(Visit visit) {
    var all = sources.emergencies().newest();
    var body = new ArrayList<Html>();
    all.stream().limit(SHOWN).forEach(one -> body.add(card(visit, one)));
    if (all.isEmpty()) {
      body.add(Parts.card("None yet", Parts.soft("No glass was ever broken here.")));
    }
    if (mayBreak(visit)) {
      body.addFirst(wish(visit));
    }
    return frame.page(
        visit,
        Frame.Place.OVERVIEW,
        "Emergencies",
        "Where a call must go on that policy denies or holds, and nobody can wait: for one identity"
            + " or workflow, a few calls, minutes. Security, the owner and the escalation contact"
            + " hear of it at once, and somebody reviews it afterwards.",
        body);
  }

  private boolean mayBreak(Visit visit) {
    return visit.holdsAny(sources.emergencies().config().roles());
  }

  private Element wish(Visit visit) {
    if (visit.visits().refusal(visit.call()).isPresent()) {
      return unfresh(visit);
    }
    var config = sources.emergencies().config();
    return Parts.card(
        "Break glass",
        element("details")
            .holding(
                element("summary").saying("Ask for it"),
                visit
                    .form(PATH)
                    .holding(
                        Html.p(
                            "It lifts what policy says and nothing else: no suspension, no grant,"
                                + " no task. "
                                + (config.alone()
                                    ? "One person is enough here, and everybody hears of it."
                                    : "Somebody else has to agree.")),
                        Parts.field("Identity", ActivityPage.input("identity", "")),
                        Parts.field(
                            "or workflow, for all of its identities",
                            ActivityPage.input("workflow", "")),
                        Parts.field("Tool, such as bank/pay", ActivityPage.input("tool", "")),
                        Parts.field(
                            "or resource, for all of its tools",
                            ActivityPage.input("resource", "")),
                        Parts.field(
                            "How many calls, at most " + config.callsMax(),
                            ActivityPage.input("calls", "1")),
                        Parts.reason("What the emergency is"),
                        Parts.submit("danger", "do", "request", "Ask to break glass"))));
  }

  private static Element unfresh(Visit visit) {
    return Parts.card(
        "Break glass",
        Parts.notice("To ask for it or agree to it, show first that it is still you."),
        Parts.div(
            "actions", Parts.button(visit.visits().again(visit.call()), "Show that it is you")));
  }

  private Element card(Visit visit, Emergency one) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.facts(
            Parts.Fact.of("State", EmergencySaid.word(one.state())),
            Parts.Fact.of("For", one.lifted().said()),
            Parts.Fact.of("Because", one.reason()),
            Parts.Fact.of("Asked by", one.requestedBy().value()),
            Parts.Fact.of(
                "Agreed or declined by",
                one.answeredBy()
                    .map(by -> by.value())
                    .orElse(one.wasOpened() ? "nobody: one person was enough" : "nobody yet")),
            Parts.Fact.of("Calls", one.used() + " of " + one.calls()),
            Parts.Fact.of("Reviewed", review(visit, one))));
    if (one.state() == Emergency.State.REQUESTED && visit.now().isBefore(one.lapsesAt())) {
      inner.add(answer(visit, one));
    } else if (one.holds(visit.now())) {
      inner.add(
          visit
              .form(path(one.id()))
              .holding(Parts.submit("primary", "answer", "end", "End it now")));
    } else if (one.wasOpened() && one.review().isEmpty()) {
      inner.add(reviewing(visit, one));
    }
    return Parts.card(
        one.lifted().workflow() + ", " + Wording.moment(one.requestedAt(), visit.now()) + " UTC",
        inner);
  }

  private static String review(Visit visit, Emergency one) {
    return one.review()
        .map(done ->
            (done.justified() ? "justified, says " : "NOT justified, says ")
                + done.by()
                + " at "
                + Wording.moment(done.at(), visit.now())
                + " UTC")
        .or(() ->
            one.reviewBy()
                .map(at ->
                    (one.isOverdue(visit.now()) ? "LATE: was due " : "due ")
                        + Wording.moment(at, visit.now())
                        + " UTC"))
        .orElse("not due");
  }

  private Element answer(Visit visit, Emergency one) {
    boolean mine = one.requestedBy().equals(visit.name());
    if (mine || !mayBreak(visit)) {
      return Parts.div(
          "wish",
          Parts.soft(mine ? "You asked for it, so somebody else has to agree." : "Not yours."),
          visit.form(path(one.id())).holding(Parts.submit("", "answer", "end", "Take it back")));
    }
    boolean unfresh = visit.visits().refusal(visit.call()).isPresent();
    var buttons = new ArrayList<Html>();
    if (!unfresh) {
      buttons.add(Parts.submit("danger", "answer", "agree", "Agree: break glass"));
    }
    buttons.add(Parts.submit("", "answer", "decline", "Decline: policy holds"));
    return Parts.div(
        "wish",
        visit
            .form(path(one.id()))
            .holding(element("div").with("class", "actions").holding(buttons)));
  }

  private Element reviewing(Visit visit, Emergency one) {
    if (!visit.holdsAny(EmergencyRoutes.REVIEWERS)) {
      return Parts.div("wish", Parts.soft("An owner, security or an auditor reviews it."));
    }
    if (one.reviewed(visit.name(), sources.registered().get(), visit.now())
        instanceof Emergency.Reviewed.TookPart) {
      return Parts.div(
          "wish",
          Parts.soft("You had a part in it, so another owner, security or an auditor reviews it."));
    }
    return visit
        .form(path(one.id()) + "/review")
        .holding(
            Parts.reason("What you found"),
            Parts.div(
                "actions",
                Parts.submit("primary", "justified", "yes", "It was justified"),
                Parts.submit("danger", "justified", "no", "It was not justified")));
  }

  Reply request(Visit visit) {
    var form = JsonMapper.shared().createObjectNode();
    for (var name : List.of("identity", "workflow", "tool", "resource")) {
      var said = visit.call().form().getOrDefault(name, "").strip();
      if (!said.isEmpty()) {
        form.put(name, said);
      }
    }
    form.put("reason", visit.reason());
    try {
      form.put("calls", Integer.parseInt(visit.call().form().getOrDefault("calls", "1").strip()));
    } catch (NumberFormatException e) {
      form.put("calls", "no number");
    }
    var wish = WishReader.read(form, sources.registered().get(), sources.emergencies().config());
    var unfresh = visit.visits().refusal(visit.call());
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    return switch (sources.emergencies().request(wish, visit.name(), visit.now())) {
      case Emergencies.Requested.Made _ -> Visit.seeOther(PATH);
      case Emergencies.Requested.Another(var other) ->
          throw new ProblemException(EmergencySaid.another(other));
    };
  }

  Reply answer(Visit visit) {
    var id = found(visit);
    if (visit.call().form().getOrDefault("answer", "").equals("end")) {
      if (sources.emergencies().end(id, visit.name(), visit.now()).isEmpty()) {
        throw new ProblemException(
            new Problem(409, "already-over", id + " is over", "nothing is left to be done"));
      }
      return Visit.seeOther(PATH);
    }
    boolean agrees = visit.agrees();
    if (!mayBreak(visit)) {
      throw new ProblemException(
          new Problem(
              403,
              "forbidden",
              "this needs one of the roles "
                  + Wording.words(sources.emergencies().config().roles()),
              "ask a person who holds it"));
    }
    var unfresh = agrees ? visit.visits().refusal(visit.call()) : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    sources
        .emergencies()
        .answer(id, visit.name(), agrees, visit.now())
        .flatMap(meant -> EmergencySaid.problem(id, meant, sources.emergencies().config()))
        .ifPresent(problem -> {
          throw new ProblemException(problem);
        });
    return Visit.seeOther(PATH);
  }

  Reply review(Visit visit) {
    var id = found(visit);
    boolean justified = visit.call().form().getOrDefault("justified", "").equals("yes");
    sources
        .emergencies()
        .review(id, visit.name(), justified, visit.reason(), visit.now())
        .flatMap(meant -> EmergencySaid.problem(id, meant))
        .ifPresent(problem -> {
          throw new ProblemException(problem);
        });
    return Visit.seeOther(PATH);
  }

  private EmergencyId found(Visit visit) {
    var id = visit.call().param("id", EmergencyId::new);
    return sources
        .emergencies()
        .find(id)
        .map(Emergency::id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("emergency `" + id + "`")));
  }

  private static String path(EmergencyId id) {
    return PATH + "/" + id.value();
  }
}
