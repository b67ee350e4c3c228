package dev.remit.server.console;

import dev.remit.kernel.identity.PromotionId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import dev.remit.server.promotion.Exercise;
import dev.remit.server.promotion.Promotion;
import dev.remit.server.promotion.PromotionProblems;
import dev.remit.server.promotion.Promotions.Look;
import dev.remit.server.registry.Workflow;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What people do on the way into production and back, from the page of the gate: try out what the
/// gate asks for, ask for a promotion, answer somebody else's wish, demote.
final class PromotionPages {
  static final Set<Role> MAY_ASK = EnumSet.of(Role.OWNER, Role.SECURITY);
  static final Set<Role> MAY_EXERCISE = EnumSet.of(Role.SECURITY);
  static final Set<Role> MAY_DRILL = EnumSet.of(Role.SECURITY, Role.ADMIN);

  private final Sources sources;
  private final Wishes wishes;

  PromotionPages(Sources sources, Wishes wishes) {
    this.sources = sources;
    this.wishes = wishes;
  }

  static String path(WorkflowName workflow) {
    return Parts.workflow(workflow.value()) + "/gate";
  }

  private static String path(WorkflowName workflow, String deed) {
    return Parts.workflow(workflow.value()) + "/" + deed;
  }

  /// What the visitor may do now; empty if nothing.
  List<Html> forms(Visit visit, Workflow workflow, Look look) {
    var forms = new ArrayList<Html>();
    look.pending()
        .filter(wish -> visit.now().isBefore(wish.lapsesAt()))
        .ifPresentOrElse(
            wish -> forms.add(pending(visit, workflow, wish)),
            () -> ask(visit, workflow, look).ifPresent(forms::add));
    if (workflow.stage() == Stage.PRODUCTION && visit.holdsAny(MAY_ASK)) {
      forms.add(demote(visit, workflow.name()));
    }
    tries(visit, workflow.name()).ifPresent(forms::add);
    return forms;
  }

  private Element pending(Visit visit, Workflow workflow, Promotion wish) {
    return Parts.card(
        "Somebody asks for it",
        Parts.sentence(
            Html.text(wish.requestedBy() + " asked for promotion "),
            Wording.when(wish.requestedAt(), visit.now()),
            Html.text(" UTC. Unless somebody agrees, that lapses "),
            Wording.when(wish.lapsesAt(), visit.now()),
            Html.text(
                " UTC. Agreeing computes the gate again; if it has shut meanwhile, or what is"
                    + " declared around the workflow has changed, the wish is void.")),
        new WishForm(
                "/console/promotions/" + wish.id().value() + "/answer",
                wish.requestedBy(),
                "Agree: bring it into production",
                "Decline: it stays a pilot",
                true,
                asking -> asking.unfresh(workflow.name()))
            .shown(
                visit,
                wishes.mayAnswer(visit, wish),
                "somebody with the role approver or security who neither asked nor is "
                    + workflow.owner()
                    + ", who owns it"));
  }

  private static Optional<Element> ask(Visit visit, Workflow workflow, Look look) {
    if (workflow.stage() != Stage.PILOT || !look.gate().isOpen()) {
      return Optional.empty();
    }
    if (!visit.holdsAny(MAY_ASK)) {
      return Optional.of(
          Parts.card(
              "Ask for promotion",
              Parts.soft("Somebody with the role owner or security asks for it here.")));
    }
    return Optional.of(
        Parts.card(
            "Ask for promotion",
            visit
                .form(path(workflow.name(), "promote"))
                .holding(
                    Html.p("Somebody else has to agree: not you, and not who owns the workflow."),
                    Parts.reason("Why it is ready"),
                    Parts.submit("primary", "answer", "promote", "Ask for promotion"))));
  }

  private static Element demote(Visit visit, WorkflowName workflow) {
    return Parts.card(
        "Back to a pilot",
        Parts.fold(
            "Demote " + workflow,
            visit
                .form(path(workflow, "demote"))
                .holding(
                    Html.p(
                        "It is a pilot again at once, and ends like one. To come back it has to"
                            + " pass the gate again, and takes two people."),
                    Parts.reason("Why it must not be in production"),
                    Parts.submit("danger", "answer", "demote", "Demote " + workflow))));
  }

  /// What the gate asks to have been tried.
  private static Optional<Element> tries(Visit visit, WorkflowName workflow) {
    var forms = new ArrayList<Html>();
    if (visit.holdsAny(MAY_DRILL)) {
      forms.add(
          visit
              .form(path(workflow, "drill"))
              .holding(
                  Html.p(
                      "A drill suspends the workflow's canary and measures how fast its access"
                          + " ends."),
                  Parts.submit("", "answer", "drill", "Run a drill")));
    }
    if (visit.holdsAny(MAY_EXERCISE)) {
      forms.add(
          visit
              .form(path(workflow, "exercise"))
              .holding(
                  Html.p(
                      "An exercise widens one grant for a moment and waits for the alarm that this"
                          + " must raise."),
                  Parts.submit("", "answer", "exercise", "Run an exercise")));
    }
    return forms.isEmpty() ? Optional.empty() : Optional.of(Parts.card("Try it out", forms));
  }

  Reply promote(Visit visit) {
    var workflow = workflow(visit);
    var asked = sources.promotions().request(workflow, visit.name(), visit.reason(), visit.now());
    return Visit.done(PromotionProblems.of(workflow, asked), path(workflow));
  }

  Reply demote(Visit visit) {
    var workflow = workflow(visit);
    var applied =
        sources.promotions().demote(workflow, visit.author(), visit.reason(), visit.now());
    return Visit.done(PromotionProblems.ofDemotion(workflow, applied), path(workflow));
  }

  Reply exercise(Visit visit) {
    var workflow = workflow(visit);
    var done = sources.exercise().run(workflow, visit.author());
    if (done instanceof Exercise.Done.Finished(_, var grant, var alarm, _) && alarm.isEmpty()) {
      throw new ProblemException(
          new Problem(
              409,
              "exercise-missed",
              "grant `" + grant + "` was widened, and no alarm was raised in time",
              "see that detection runs, and try again"));
    }
    return Visit.done(PromotionProblems.of(workflow, done), path(workflow));
  }

  Reply drill(Visit visit) {
    var workflow = workflow(visit);
    var done = sources.drills().run(Optional.of(workflow));
    return Visit.done(
        done.isEmpty()
            ? Optional.of(
                new Problem(
                    409,
                    "no-canary",
                    "no canary is configured for `" + workflow + "`, so nothing can be rehearsed",
                    "name an identity of it and its key under `drills.canaries` in the"
                        + " configuration"))
            : Optional.empty(),
        path(workflow));
  }

  Reply answer(Visit visit) {
    var id = visit.call().param("id", PromotionId::new);
    var wish =
        sources
            .promotions()
            .find(id)
            .orElseThrow(() -> new ProblemException(Problem.notFound("promotion `" + id + "`")));
    var unfresh = visit.agrees() ? visit.unfresh(wish.workflow()) : Optional.<Reply>empty();
    if (unfresh.isPresent()) {
      return unfresh.get();
    }
    var settled =
        sources
            .promotions()
            .answer(id, visit.name(), visit.agrees(), visit.reason(), visit.now())
            .orElseThrow();
    return Visit.done(PromotionProblems.of(id, settled), path(wish.workflow()));
  }

  private WorkflowName workflow(Visit visit) {
    var name = visit.call().param("name", WorkflowName::new);
    return sources
        .registered()
        .get()
        .workflow(name)
        .map(Workflow::name)
        .orElseThrow(() -> new ProblemException(Problem.notFound("workflow `" + name + "`")));
  }
}
