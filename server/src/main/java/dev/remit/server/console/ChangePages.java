package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import dev.remit.server.changes.Change;
import dev.remit.server.changes.ChangeProblems;
import dev.remit.server.changes.Changes.Look;
import dev.remit.server.changes.Rollback;
import dev.remit.server.changes.State;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Changes of what decides identities: which wait and for what, one with all that was found out
/// about it ([ChangeCards]), and what people do about it.
final class ChangePages {
  static final String PATH = "/console/changes";
  static final Set<Role> MAY_ANSWER = EnumSet.of(Role.APPROVER, Role.SECURITY);
  static final Set<Role> MAY_STOP = EnumSet.of(Role.OWNER, Role.SECURITY);

  private final Sources sources;
  private final Frame frame;
  private final Wishes wishes;
  private final ChangeCards cards;

  ChangePages(Sources sources, Frame frame, Wishes wishes) {
    this.sources = sources;
    this.frame = frame;
    this.wishes = wishes;
    this.cards = new ChangeCards(sources);
  }

  static String path(ChangeId id) {
    return PATH + "/" + id.value();
  }

  /// The order in which people have to look at them.
  private enum Group {
    PERSON("Wait for a person"),
    EVALUATION("Wait for evaluations"),
    OTHERWISE("Behave otherwise than approved"),
    WATCHED("In use, and watched"),
    USED("Approved"),
    OVER("Over");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    private static Group of(State state) {
      return switch (state) {
        case EVALUATED -> PERSON;
        case PROPOSED, CLASSIFIED -> EVALUATION;
        case SUSPECT, SUSPENDED -> OTHERWISE;
        case APPROVED, CANARY -> WATCHED;
        case ACTIVE -> USED;
        case RETIRED -> OVER;
      };
    }
  }

  Reply list(Visit visit) {
    var unsettled = sources.changes().unsettled();
    var newest = sources.changes().newest();
    var body = new ArrayList<Html>();
    for (var group : Group.values()) {
      boolean settled = group == Group.USED || group == Group.OVER;
      var some =
          (settled ? newest : unsettled)
              .stream().filter(one -> Group.of(one.state()) == group).toList();
      // That nothing waits for anybody is worth a line; that nothing else is there is not.
      if (!some.isEmpty() || group == Group.PERSON) {
        body.add(group(visit, group, some));
      }
    }
    return frame.page(
        visit,
        Frame.Place.CHANGES,
        "Changes",
        "What decides an identity is approved as one: model, parameters, prompts, tools, context"
            + " and safety. What differs from that is a change.",
        body);
  }

  private Element group(Visit visit, Group group, List<Change> changes) {
    if (changes.isEmpty()) {
      return Parts.card(group.heading, Parts.soft("Nothing waits for an approval."));
    }
    return group == Group.PERSON
        ? Parts.card(
            group.heading,
            element("ul")
                .with("class", "rows")
                .holding(changes.stream().map(one -> waiting(visit, one)).toList()))
        : Parts.card(group.heading, table(visit, group, changes));
  }

  private Element waiting(Visit visit, Change one) {
    return element("li")
        .holding(
            Parts.pill("change"),
            Parts.div(
                "says",
                Parts.sentence(
                    Parts.strong(name(one)),
                    text(" would be decided otherwise by "),
                    Parts.strong(one.model().value()),
                    text(": " + one.why())),
                Parts.soft(
                    (wishes.mayAnswer(visit, one) ? "you can answer" : "somebody else answers")
                        + "; opened "
                        + Wording.moment(one.openedAt(), visit.now())
                        + " UTC by "
                        + one.requestedBy())),
            Parts.button(path(one.id()), "Review").holding(Parts.span("unseen", " " + name(one))));
  }

  private Element table(Visit visit, Group group, List<Change> changes) {
    return Parts.table(
        group.heading,
        List.of("Opened", "What it decides", "Why", "Axes it touches", "Is"),
        changes.stream()
            .map(one ->
                Parts.cells(
                    Wording.when(one.openedAt(), visit.now()),
                    Parts.link(path(one.id()), name(one) + " by " + one.model()),
                    text(one.why()),
                    text(one.axes().isEmpty() ? "none" : Wording.words(one.axes())),
                    text(said(one))))
            .toList());
  }

  static String name(Change one) {
    return Wording.last(one.identity().value());
  }

  /// A state in words that say what may be done in it.
  private String said(Change one) {
    return switch (one.state()) {
      case PROPOSED -> "proposed, not looked at yet";
      case CLASSIFIED -> "classified, waits for evaluations";
      case EVALUATED -> "evaluated, waits for a person";
      case APPROVED -> "approved, about to be used";
      case CANARY -> "in use, watched";
      case ACTIVE ->
          sources.changes().isDeclared(one)
              ? "in use"
              : "approved, though something else is declared now";
      case SUSPECT -> "suspect: may only read";
      case SUSPENDED -> "suspended: may do nothing";
      case RETIRED -> "over";
    };
  }

  Reply show(Visit visit) {
    var look = found(visit);
    var one = look.change();
    var body = new ArrayList<Html>();
    answer(visit, one).ifPresent(body::add);
    body.addAll(cards.of(visit, look));
    acts(visit, one).ifPresent(body::add);
    return frame.page(
        visit,
        Frame.Place.CHANGES,
        name(one) + ", decided by " + one.model(),
        "It is " + said(one) + ". " + lede(one),
        body);
  }

  private static String lede(Change one) {
    return switch (one.state()) {
      case PROPOSED, CLASSIFIED, EVALUATED ->
          one.suspends().isEmpty()
              ? "What it was granted before goes on."
              : Wording.count(one.suspends().size(), "grant") + " of it grant nothing until then.";
      case APPROVED, CANARY, ACTIVE -> "What is seen otherwise than approved makes it suspect.";
      case SUSPECT, SUSPENDED ->
          "Look at what was seen, and take it back or have it approved anew.";
      case RETIRED -> "Something else decides it now.";
    };
  }

  private Optional<Element> answer(Visit visit, Change one) {
    var registered = sources.registered().get();
    return switch (one.state()) {
      case EVALUATED ->
          Optional.of(
              Parts.card(
                  "Approve it?",
                  Html.p(
                      "Approving binds it to exactly the fingerprint that is shown here. As soon as"
                          + " anything of that is declared or seen otherwise, it no longer holds."),
                  new WishForm(
                          path(one.id()) + "/answer",
                          one.requestedBy(),
                          "Approve: it may be used",
                          "Refuse: it may not be used at all",
                          true,
                          asking -> asking.unfresh(one.workflow()))
                      .shown(
                          visit,
                          wishes.mayAnswer(visit, one),
                          "another person with the role approver or security")));
      case CLASSIFIED ->
          visit.holdsAny(MAY_ANSWER) && one.mayBeDeclinedBy(visit.name(), registered)
              ? Optional.of(refusal(visit, one))
              : Optional.empty();
      case PROPOSED, APPROVED, CANARY, ACTIVE, SUSPECT, SUSPENDED, RETIRED -> Optional.empty();
    };
  }

  private static Element refusal(Visit visit, Change one) {
    return Parts.card(
        "It waits for evaluations",
        Html.p("It can be approved once each suite below has passed. Refusing it need not wait."),
        Parts.fold(
            "Refuse it",
            visit
                .form(path(one.id()) + "/answer")
                .holding(
                    Parts.reason("Why it may not be used"),
                    Parts.submit(
                        "danger", "answer", "decline", "Refuse: it may not be used at all"))));
  }

  /// Stopping and going back, which take one person: less trust needs no second one.
  private static Optional<Element> acts(Visit visit, Change one) {
    if (!visit.holdsAny(MAY_STOP) || one.state() == State.RETIRED) {
      return Optional.empty();
    }
    var forms = new ArrayList<Html>();
    if (one.before().isPresent()) {
      forms.add(
          Parts.fold(
              "Roll back to what was approved before",
              visit
                  .form(path(one.id()) + "/rollback")
                  .holding(
                      Html.p(
                          "What was declared when the last good fingerprint was approved is declared"
                              + " again, whole, and this change is over. Nobody else has to agree:"
                              + " what comes back was agreed to."),
                      Parts.reason("Why it is taken back"),
                      Parts.submit("danger", "answer", "rollback", "Roll back now"))));
    }
    if (one.isInForce() && one.state() != State.SUSPENDED) {
      forms.add(
          Parts.fold(
              "Suspend it",
              visit
                  .form(path(one.id()) + "/suspend")
                  .holding(
                      Html.p(
                          "Every call and question of "
                              + name(one)
                              + " is refused at once, until something else is approved."),
                      Parts.reason("Why it must stop"),
                      Parts.submit("danger", "answer", "suspend", "Suspend it now"))));
    }
    return forms.isEmpty() ? Optional.empty() : Optional.of(Parts.card("Take it back", forms));
  }

  Reply answer(Visit visit) {
    var one = found(visit).change();
    boolean agrees = visit.agrees();
    var reason = visit.reason();
    var unfresh = agrees ? visit.unfresh(one.workflow()) : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var answered =
        sources.changes().answer(one.id(), visit.name(), agrees, reason, visit.now()).orElseThrow();
    return Visit.done(ChangeProblems.of(one.id(), answered), path(one.id()));
  }

  Reply suspend(Visit visit) {
    var one = found(visit).change();
    var stopped =
        sources
            .changes()
            .suspend(one.id(), visit.name(), visit.reason(), visit.now())
            .orElseThrow();
    return Visit.done(ChangeProblems.ofSuspension(stopped), path(one.id()));
  }

  Reply rollback(Visit visit) {
    var one = found(visit).change();
    var done =
        sources.rollback().of(one.id(), visit.name(), visit.reason(), visit.now()).orElseThrow();
    return switch (done) {
      case Rollback.Done.Restored restored -> Visit.seeOther(path(restored.to().id()));
      case Rollback.Done.Refused refused -> throw new ProblemException(ChangeProblems.of(refused));
    };
  }

  private Look found(Visit visit) {
    var id = visit.call().param("id", ChangeId::new);
    return sources
        .changes()
        .find(id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("change `" + id + "`")));
  }

  /// A constant's word with spaces, as people read it.
  static String spaced(Word word) {
    return word.word().replace('-', ' ');
  }
}
