package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.decisions.Explanations;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One decision: what was asked, what decided, what to do next, what became of it, and the proof
/// that it is on record. What `remit explain` says, in its words.
final class DecisionPage {
  private static final String APPROVE = "remit approve ";

  private final Sources sources;
  private final Frame frame;

  DecisionPage(Sources sources, Frame frame) {
    this.sources = sources;
    this.frame = frame;
  }

  Reply show(Visit visit) {
    var id = visit.call().param("id");
    boolean open = Explanations.areOpenTo(visit.person().roles());
    var explained =
        sources
            .explanations()
            .of(id, _ -> true, open, visit.now())
            .orElseThrow(() -> new ProblemException(Problem.notFound("decision `" + id + "`")));
    var body = new ArrayList<Html>();
    body.add(why(explained));
    body.add(next(explained));
    body.add(asked(explained));
    body.add(outcome(visit, id));
    proof(visit, id).ifPresent(body::add);
    body.add(
        element("details")
            .with("class", "card")
            .holding(
                element("summary").saying("Everything that the explanation holds, as JSON"),
                Parts.quoted(
                    "The explanation",
                    JsonMapper.shared()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(explained))));
    return frame.page(
        visit,
        Frame.Place.ACTIVITY,
        said(explained, "outcome") + ": " + said(explained, "tool"),
        said(explained, "id") + ", decided at " + said(explained, "at"),
        body,
        List.of(Assets.VERIFIER));
  }

  private static Element why(ObjectNode explained) {
    var inner = new ArrayList<Html>();
    inner.add(
        Parts.sentence(
            Parts.pill(said(explained, "outcome")), text(" " + said(explained, "summary"))));
    named(inner, "Decided by", explained.path("because"));
    named(inner, "Came near to permitting it", explained.path("nearly"));
    named(inner, "Could not be evaluated", explained.path("errors"));
    named(inner, "Under obligations", explained.path("obligations"));
    var now = said(explained, "now");
    if (!now.isEmpty() && !now.equals(said(explained, "outcome"))) {
      inner.add(Parts.notice("The policies of now would say " + now + "."));
    }
    return Parts.card("Why", inner);
  }

  private static void named(List<Html> into, String heading, JsonNode texts) {
    if (!texts.isEmpty()) {
      into.add(element("h3").saying(heading));
      into.add(Parts.list(texts.valueStream().map(one -> Parts.code(one.asString(""))).toList()));
    }
  }

  private static Element next(ObjectNode explained) {
    var inner = new ArrayList<Html>();
    inner.add(element("p").with("class", "next").saying(said(explained, "nextStep")));
    for (var command : explained.path("fix").path("run")) {
      var text = command.asString("");
      inner.add(Parts.quoted("A command", text));
      if (text.startsWith(APPROVE)) {
        inner.add(
            Parts.sentence(
                Parts.link(Parts.approval(text.substring(APPROVE.length())), "Or answer it here")));
      }
    }
    return Parts.card("Next", inner);
  }

  private static Element asked(ObjectNode explained) {
    var identity = Wording.last(said(explained, "identity"));
    var workflow = said(explained, "workflow");
    return Parts.card(
        "What was asked",
        Parts.facts(
            Parts.Fact.of(
                "Identity",
                identity.isEmpty() ? text("none") : Parts.link(Parts.identity(identity), identity)),
            Parts.Fact.of(
                "Workflow",
                workflow.isEmpty() ? text("none") : Parts.link(Parts.workflow(workflow), workflow)),
            Parts.Fact.of(
                "Task",
                said(explained, "task").isEmpty()
                    ? text("none")
                    : Parts.link(Parts.task(said(explained, "task")), said(explained, "task"))),
            Parts.Fact.of("Intent", said(explained, "intent")),
            Parts.Fact.of("Action", said(explained, "action")),
            Parts.Fact.of("Tool", Parts.code(said(explained, "tool"))),
            Parts.Fact.of(
                "Policies", Parts.code(HeldCallPage.short12(said(explained, "policies"))))));
  }

  /// What was recorded about it later.
  private Element outcome(Visit visit, String id) {
    var later =
        sources
            .logs()
            .holding(id)
            .map(log -> log.of(id).stream().map(entry -> Line.of("", entry)).toList())
            .orElse(List.of());
    if (later.isEmpty()) {
      return Parts.card("What became of it", Parts.soft("Nothing is recorded after it."));
    }
    return Parts.card(
        "What became of it",
        Parts.table(
            "What became of it",
            List.of("Time", "What", "How"),
            later.stream()
                .map(line ->
                    Parts.cells(
                        Wording.when(line.at(), visit.now()),
                        text(line.type().word()),
                        text(line.why())))
                .toList()));
  }

  private Optional<Element> proof(Visit visit, String id) {
    return sources
        .logs()
        .holding(id)
        .flatMap(log -> log.entry(id).map(entry -> Proof.card(entry, log, visit)));
  }

  private static String said(ObjectNode explained, String member) {
    return explained.path(member).asString("");
  }
}
