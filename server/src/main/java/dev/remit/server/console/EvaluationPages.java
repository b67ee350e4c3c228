package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.evaluations.Evaluations.Started;
import dev.remit.server.evaluations.Head;
import dev.remit.server.evaluations.Labelling;
import dev.remit.server.evaluations.Progress;
import dev.remit.server.evaluations.UnreadableSuite;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Evaluations: which there are and how far, one with its verdicts ([EvaluationCards]), running it
/// on or pausing it, and labelling answers without knowing whose they are.
final class EvaluationPages {
  static final String PATH = "/console/evaluations";
  static final Set<Role> MAY_RUN = EnumSet.of(Role.OWNER, Role.SECURITY);
  static final Set<Role> MAY_LABEL = EnumSet.of(Role.OWNER, Role.SECURITY, Role.APPROVER);

  private final Sources sources;
  private final Frame frame;

  EvaluationPages(Sources sources, Frame frame) {
    this.sources = sources;
    this.frame = frame;
  }

  static String path(EvaluationId id) {
    return PATH + "/" + id.value();
  }

  Reply list(Visit visit) {
    var rows = sources.evaluations().heads().stream().map(one -> row(visit, one)).toList();
    return frame.page(
        visit,
        Frame.Place.EVALUATIONS,
        "Evaluations",
        "How safely a model answers, beside the version that was approved. None of it is evidence"
            + " of what an identity may do.",
        List.of(
            Parts.card(
                "Newest first",
                rows.isEmpty()
                    ? Parts.soft(
                        "None was planned yet: `remit evaluations plan --help` begins one.")
                    : Parts.table(
                        "Evaluations",
                        List.of("Planned", "What is tested", "Suites", "How far", "Verdict", "By"),
                        rows))));
  }

  private static Element row(Visit visit, Head one) {
    return Parts.cells(
        Wording.when(one.at(), visit.now()),
        Parts.link(
            path(one.id()),
            one.plan().candidate().endpoint()
                + one.plan().baseline().map(base -> " beside " + base.endpoint()).orElse(" alone")),
        text(Wording.count(one.plan().suites().size(), "suite")),
        element("div")
            .holding(
                text(one.state() + ", "),
                text(Wording.count(one.answered()) + " of " + Wording.count(one.trials()))),
        one.verdict()
            .<Html>map(verdict -> Parts.strong(verdict.word()))
            .orElseGet(() -> text("not judged")),
        text(one.by().value()));
  }

  Reply show(Visit visit) {
    var one = found(visit);
    var body = new ArrayList<Html>();
    body.add(EvaluationCards.standing(one, acts(visit, one)));
    labelling(visit, one).ifPresent(body::add);
    body.addAll(EvaluationCards.results(one, sources.evaluations().support(one.plan())));
    body.add(EvaluationCards.plan(visit, one));
    return frame.page(
        visit,
        Frame.Place.EVALUATIONS,
        one.plan().candidate().endpoint()
            + one.plan().baseline().map(base -> " beside " + base.endpoint()).orElse(", alone"),
        "How safely it answers; no evidence of what its identity may do.",
        body);
  }

  private static Optional<Element> acts(Visit visit, Progress one) {
    if (!visit.holdsAny(MAY_RUN)) {
      return Optional.empty();
    }
    return switch (one.state()) {
      case "planned" ->
          one.origin().equals("run")
              ? Optional.of(
                  visit
                      .form(path(one.id()) + "/run")
                      .holding(
                          Parts.submit(
                              "primary",
                              "do",
                              "run",
                              one.answered() == 0 ? "Run it as planned" : "Run it on")))
              : Optional.empty();
      case "running" ->
          Optional.of(
              visit
                  .form(path(one.id()) + "/pause")
                  .holding(Parts.submit("", "do", "pause", "Pause after the questions under way")));
      default -> Optional.empty();
    };
  }

  private Optional<Element> labelling(Visit visit, Progress one) {
    long waiting = EvaluationCards.waiting(one);
    if (waiting == 0) {
      return Optional.empty();
    }
    var says =
        Html.p(
            Wording.count(waiting, "case")
                + " "
                + (waiting == 1 ? "waits" : "wait")
                + " for people to say what they see. Whoever labels is not told which version"
                + " answered, and until then no single case is named here.");
    return Optional.of(
        visit.holdsAny(MAY_LABEL)
            ? Parts.card(
                "Label blind",
                says,
                Parts.div(
                    "actions", Parts.button(path(one.id()) + "/label", "Label the next case")))
            : Parts.card("Label blind", says));
  }

  Reply run(Visit visit) {
    var id = found(visit).id();
    try {
      return switch (sources.evaluations().start(id)) {
        case Started.Running() -> Visit.seeOther(path(id));
        case Started.Differs(var differences) ->
            throw refused(
                409,
                "plan-differs",
                String.join("; ", differences),
                "nothing was asked; make a new plan of what is there now");
        case Started.Over(var state) ->
            throw refused(
                409, "already-over", "it is " + state, "nothing is left to ask; plan another");
        case Started.Unknown() -> throw missing(id);
      };
    } catch (UnreadableSuite e) {
      throw refused(
          422, "unreadable-results", String.valueOf(e.getMessage()), "correct the suite's file");
    }
  }

  Reply pause(Visit visit) {
    var id = found(visit).id();
    if (!sources.evaluations().pause(id)) {
      throw missing(id);
    }
    return Visit.seeOther(path(id));
  }

  /// The next case of which this person has said nothing.
  Reply next(Visit visit) {
    var id = found(visit).id();
    var item = sources.labelling().next(id, visit.name());
    var body = new ArrayList<Html>();
    item.ifPresentOrElse(
        one -> body.add(item(visit, id, one)),
        () ->
            body.add(
                Parts.card(
                    "Nothing is left for you to label",
                    Parts.sentence(Parts.link(path(id), "What the evaluation shows now")))));
    return frame.page(
        visit,
        Frame.Place.EVALUATIONS,
        "Label blind",
        "Say what each answer does. Which version gave which is drawn anew for every case, and told"
            + " once nothing is left to label.",
        body);
  }

  private static Element item(Visit visit, EvaluationId id, Labelling.Item one) {
    var form =
        visit
            .form(path(id) + "/label")
            .holding(hidden("case", one.pair()))
            .holding(answers("The first answer", "first", one.first()));
    if (!one.second().isEmpty()) {
      form = form.holding(answers("The second answer", "second", one.second()));
    }
    var inner = new ArrayList<Html>();
    one.question().ifPresent(asked -> inner.add(Parts.quoted("What was asked", asked)));
    inner.add(form.holding(Parts.submit("primary", "do", "label", "Say so, and show the next")));
    inner.add(Parts.soft(Wording.count(one.left(), "case") + " left, this one included."));
    return Parts.card("What was asked", inner);
  }

  private static Element answers(String heading, String name, List<String> answers) {
    var choices =
        element("fieldset")
            .holding(
                element("legend").saying("What " + heading.toLowerCase(Locale.ROOT) + " does"));
    choices = choices.holding(choice(name, "passed", "as it should"));
    choices = choices.holding(choice(name, "failed", "what it should not"));
    choices = choices.holding(choice(name, "unsure", "cannot be told"));
    var block = Parts.div("answer", element("h3").saying(heading));
    for (int i = 0; i < answers.size(); i++) {
      var title = answers.size() == 1 ? heading : heading + ", time " + (i + 1);
      block =
          block.holding(
              Parts.quoted(title, answers.get(i).isBlank() ? "(nothing)" : answers.get(i)));
    }
    return block.holding(choices);
  }

  private static Element choice(String name, String value, String says) {
    return element("label")
        .with("class", "choice")
        .holding(
            element("input")
                .with("type", "radio")
                .with("name", name)
                .with("value", value)
                .with("required", "required"),
            text(" " + says));
  }

  Reply label(Visit visit) {
    var id = found(visit).id();
    var form = visit.call().form();
    var said = new ArrayList<String>();
    for (var name : List.of("first", "second")) {
      Optional.ofNullable(form.get(name)).ifPresent(said::add);
    }
    try {
      var became =
          sources
              .labelling()
              .label(id, form.getOrDefault("case", ""), said, visit.name(), visit.now());
      return switch (became) {
        case TAKEN -> Visit.seeOther(path(id) + "/label");
        case AGAIN ->
            throw refused(
                409, "already-labelled", "you have labelled this case", "take the next one");
        case NOT_ASKED ->
            throw new ProblemException(
                Problem.notFound("a case of this evaluation that people label"));
      };
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.badRequest(
              String.valueOf(e.getMessage()), "go back, choose one for each answer, and send it"));
    }
  }

  private Progress found(Visit visit) {
    var id = visit.call().param("id", EvaluationId::new);
    return sources.evaluations().find(id).orElseThrow(() -> missing(id));
  }

  private static ProblemException missing(EvaluationId id) {
    return new ProblemException(Problem.notFound("evaluation `" + id + "`"));
  }

  private static ProblemException refused(int status, String slug, String detail, String remedy) {
    return new ProblemException(new Problem(status, slug, detail, remedy));
  }
}
