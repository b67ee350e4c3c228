package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.server.approvals.Answering;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.ApprovalRoutes;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The inbox of held calls, and answering one.
final class ApprovalPages {
  private static final int SETTLED_SHOWN = 50;

  private final Sources sources;
  private final Frame frame;
  private final Needs needs;
  private final HeldCallPage held;

  ApprovalPages(Sources sources, Frame frame, Needs needs, HeldCallPage held) {
    this.sources = sources;
    this.frame = frame;
    this.needs = needs;
    this.held = held;
  }

  Reply list(Visit visit) {
    var waits = needs.of(visit);
    var mine = waits.approvals();
    var mineIds = mine.stream().map(Approval::id).toList();
    var others =
        sources.approvals().waiting(Needs.WAITING_MAX, visit.now()).stream()
            .filter(one -> !mineIds.contains(one.id()))
            .toList();
    var body = new ArrayList<Html>();
    body.add(waiting(visit, "Ask you", "Nothing asks you.", mine));
    body.add(waiting(visit, "Ask somebody else", "Nothing else waits.", others));
    body.add(wishes(visit, waits.wishes()));
    body.add(settled(visit));
    return frame.page(
        visit,
        Frame.Place.APPROVALS,
        "Approvals",
        "Calls that policy holds until a person has agreed, and what else takes two people.",
        body);
  }

  private static Element waiting(
      Visit visit, String heading, String none, List<Approval> approvals) {
    if (approvals.isEmpty()) {
      return Parts.card(heading, Parts.soft(none));
    }
    var rows = approvals.stream().limit(100).map(one -> row(visit, one)).toList();
    var list = element("ul").with("class", "rows").holding(rows);
    int more = approvals.size() - rows.size();
    return more > 0
        ? Parts.card(heading, list, Parts.soft("And " + more + " more, asked later."))
        : Parts.card(heading, list);
  }

  private static Element row(Visit visit, Approval approval) {
    var binding = approval.binding();
    return element("li")
        .holding(
            Parts.pill("hold"),
            Parts.div(
                "says",
                Parts.sentence(
                    Parts.strong(binding.identity().value()),
                    text(" wants "),
                    Parts.strong(binding.wanted().item()),
                    text(" for «" + binding.intent() + "» in " + binding.workflow())),
                Parts.soft(
                    "asks "
                        + Wording.words(approval.roles())
                        + "; since "
                        + Wording.moment(approval.openedAt(), visit.now())
                        + ", lapses "
                        + Wording.moment(approval.lapsesAt(), visit.now())
                        + " UTC")),
            Parts.button(Parts.approval(approval.id().value()), "Review")
                .holding(Parts.span("unseen", " " + binding.wanted().item())));
  }

  /// What else takes a second person, whoever that is.
  private static Element wishes(Visit visit, List<Wish> wishes) {
    var rows =
        wishes.stream()
            .map(one ->
                element("li")
                    .holding(
                        Parts.pill(one.kind()),
                        Parts.div(
                            "says",
                            Parts.sentence(
                                Parts.strong(one.by().value()), text(" asks " + one.says())),
                            Parts.soft(
                                (one.because().isEmpty() ? "" : one.because() + "; ")
                                    + (one.asksVisitor()
                                        ? "you can answer"
                                        : "somebody else answers")
                                    + one.lapsesAt()
                                        .map(at ->
                                            "; lapses " + Wording.moment(at, visit.now()) + " UTC")
                                        .orElse(""))),
                        Parts.button(one.path(), "Review")
                            .holding(Parts.span("unseen", " the wish of " + one.by()))))
            .toList();
    var links =
        Parts.sentence(
            text("All of them, also those that are over: "),
            Parts.link(ApplyRequestPages.PATH, "apply requests"),
            text(", "),
            Parts.link(ExceptionPages.PATH, "exceptions"),
            text(", "),
            Parts.link(EnforcementPage.PATH, "enforcement"),
            text(", "),
            Parts.link(StandingForms.SUSPENSIONS, "suspensions"),
            text(", "),
            Parts.link(ChangePages.PATH, "changes"),
            text(", "),
            Parts.link(EmergencyPages.PATH, "emergencies"),
            text("."));
    return Parts.card(
        "Wishes that take a second person",
        rows.isEmpty()
            ? Parts.soft("Nobody asks for anything.")
            : element("ul").with("class", "rows").holding(rows),
        links);
  }

  private Element settled(Visit visit) {
    var rows =
        sources.approvals().list(false).stream()
            .filter(one -> one.state() != Approval.State.PENDING)
            .limit(SETTLED_SHOWN)
            .map(one ->
                Parts.cells(
                    Wording.when(one.openedAt(), visit.now()),
                    Parts.link(
                        Parts.approval(one.id().value()),
                        one.binding().identity() + " wanted " + one.binding().wanted().item()),
                    text(word(one.state())),
                    text(by(one)),
                    text(reason(one))))
            .toList();
    return Parts.card(
        "Answered before",
        rows.isEmpty()
            ? Parts.soft("None yet.")
            : Parts.table(
                "Answered before", List.of("Asked", "What", "Became", "By", "Reason"), rows));
  }

  /// Who agreed, where people did: that the call has used it up since is not somebody's answer.
  private static String by(Approval one) {
    return one.agreements().isEmpty()
        ? one.answer().map(Approval.Answer::by).orElse("")
        : one.agreements().stream()
            .map(agreement -> agreement.by().value())
            .collect(Collectors.joining(", "));
  }

  private static String reason(Approval one) {
    return one.agreements().isEmpty()
        ? one.answer().map(Approval.Answer::reason).orElse("")
        : one.agreements().getLast().reason();
  }

  /// What became of it, in a word.
  static String word(Approval.State state) {
    return switch (state) {
      case PENDING -> "waits";
      case GRANTED -> "agreed, not used yet";
      case CONSUMED -> "agreed and used";
      case DECLINED, LAPSED, VOID -> state.name().toLowerCase(Locale.ROOT);
    };
  }

  Reply show(Visit visit) {
    var approval = found(visit);
    return frame.page(
        visit,
        Frame.Place.APPROVALS,
        held.title(approval),
        held.lede(visit, approval),
        held.body(visit, approval));
  }

  private Approval found(Visit visit) {
    var id = visit.call().param("id", ApprovalId::new);
    return sources
        .approvals()
        .find(id)
        .orElseThrow(() -> new ProblemException(Problem.notFound("approval `" + id + "`")));
  }

  Reply takeBack(Visit visit) {
    var id = found(visit).id();
    var taken =
        sources
            .approvals()
            .takeBack(id, visit.name(), visit.person().roles(), visit.reason(), visit.now());
    return Visit.done(ApprovalRoutes.problem(id, taken), Parts.approval(id.value()));
  }

  Reply answer(Visit visit) {
    var approval = found(visit);
    var id = approval.id();
    var unfresh =
        visit.agrees()
            ? visit.visits().refusal(visit.call(), approval.binding().workflow())
            : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var settlement =
        sources
            .approvals()
            .answer(
                id,
                visit.name(),
                visit.person().roles(),
                new Answering(visit.agrees(), visit.reason(), TaskForm.read(visit)),
                visit.now())
            .orElseThrow(() -> new ProblemException(Problem.notFound("approval `" + id + "`")));
    return switch (settlement) {
      case Settlement.Granted _, Settlement.Counted _, Settlement.Declined _ ->
          Visit.seeOther(Parts.approval(id.value()));
      case Settlement.Lapsed(var at) ->
          throw refused(
              409,
              "approval-lapsed",
              "it lapsed at " + Wording.moment(at, visit.now()) + " UTC; the call does not happen",
              "let the agent call again");
      case Settlement.Settled(var state) ->
          throw refused(
              409,
              "approval-settled",
              "it is " + word(state) + " already; your answer changed nothing",
              "open it again to see who answered");
      case Settlement.OwnRequest(var person) ->
          throw refused(
              403,
              "own-request",
              "`" + person + "` owns the workflow that asks; nobody approves their own request",
              "let another person with the role answer");
      case Settlement.Voided(var broken) ->
          throw refused(
              409,
              "approval-void",
              "what it rests on is not so any more: " + broken.how(),
              "let the agent call again; then it rests on what is so now");
      case Settlement.Apart(var person, var duty) ->
          throw refused(
              403,
              "duties-apart",
              "`%s` is %s in this, and policy keeps that apart from approving"
                  .formatted(person, duty.word()),
              "let a person answer who had no part in it");
      case Settlement.AgreedAlready(var person) ->
          throw refused(
              409,
              "agreed-already",
              "`" + person + "` has agreed already, and counts once",
              "let another person agree as well");
      case Settlement.NotForTask(var why, var next) ->
          throw refused(409, "not-for-task", why, next);
      case Settlement.NotAsked(var roles) ->
          throw refused(
              403,
              "not-asked",
              "this needs a person with the role " + Wording.words(roles),
              "let a person with the role answer");
    };
  }

  private static ProblemException refused(int status, String slug, String detail, String remedy) {
    return new ProblemException(new Problem(status, slug, detail, remedy));
  }
}
