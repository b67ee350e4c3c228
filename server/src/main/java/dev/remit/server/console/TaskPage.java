package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.kernel.evidence.Course;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Html.Element;
import java.util.ArrayList;
import java.util.List;

/// One task: what its models were asked and proposed, what was called, and what came of it. What no
/// model proposed, and what was proposed and never done, is said.
final class TaskPage {
  private final Sources sources;
  private final Frame frame;

  TaskPage(Sources sources, Frame frame) {
    this.sources = sources;
    this.frame = frame;
  }

  Reply show(Visit visit) {
    var task = visit.call().param("id", TaskId::new);
    var known =
        sources
            .authorization()
            .tasks()
            .find(task)
            .orElseThrow(() -> new ProblemException(Problem.notFound("task `" + task + "`")));
    var course = sources.courses().of(task);
    var body = new ArrayList<Html>();
    body.add(
        Parts.card(
            "The task",
            Parts.facts(
                Parts.Fact.of(
                    "Identity",
                    Parts.link(Parts.identity(known.identity().value()), known.identity().value())),
                Parts.Fact.of("Intent", known.intent()))));
    body.add(course(course));
    return frame.page(
        visit, Frame.Place.ACTIVITY, "Course of a task", task.value(), body, List.of());
  }

  private static Element course(Course course) {
    if (course.steps().isEmpty()) {
      return Parts.card("Its course", Parts.soft("Nothing was asked for in it yet."));
    }
    return Parts.card(
        "Its course",
        Parts.table(
            "What was asked, proposed and done",
            List.of("Time", "What", "Answer", "Outcome", "Linked to"),
            course.steps().stream().map(step -> row(step, course.hasQuestions())).toList()));
  }

  private static Element row(Course.Step step, boolean hasQuestions) {
    var doing = step.doing();
    return Parts.cells(
        text(doing.at().toString()),
        Parts.sentence(
            text(step instanceof Course.Asked ? "asked model " : doing.action() + " "),
            Parts.link(Parts.decision(doing.decision()), doing.target())),
        Parts.sentence(Parts.pill(doing.verdict()), text(" " + doing.because())),
        outcome(doing),
        links(step, hasQuestions));
  }

  private static Html outcome(Course.Doing doing) {
    var said =
        doing
            .ended()
            .map(end ->
                end.outcome() + ", " + end.bytes() + " bytes in " + end.took().toMillis() + " ms")
            .orElse("");
    return doing.secrets().isEmpty()
        ? text(said)
        : Parts.sentence(
            text(said + " "), Parts.strong("secrets seen: " + String.join(", ", doing.secrets())));
  }

  private static Html links(Course.Step step, boolean hasQuestions) {
    return switch (step) {
      case Course.Called(_, var by) when by.isPresent() ->
          Parts.sentence(text("proposed: "), Parts.code(by.get()));
      case Course.Called _ ->
          hasQuestions ? Parts.strong("proposed by no model") : Parts.soft("no model was asked");
      case Course.Asked(_, var proposals) when proposals.isEmpty() ->
          Parts.soft("it proposed nothing");
      case Course.Asked(_, var proposals) ->
          element("div").holding(proposals.stream().map(TaskPage::proposal).toArray(Html[]::new));
    };
  }

  private static Html proposal(Course.Proposal proposal) {
    var parts = new ArrayList<Html>();
    parts.add(text("proposed " + proposal.tool() + " "));
    parts.add(Parts.code(proposal.id()));
    if (proposal.calls().isEmpty()) {
      parts.add(
          text(
              proposal.verdict().equals("passed")
                  ? ": never carried out"
                  : ": refused, " + proposal.reason()));
    } else {
      parts.add(text(": carried out as "));
      proposal.calls().forEach(id -> parts.add(Parts.link(Parts.decision(id), id)));
    }
    return Parts.sentence(parts.toArray(Html[]::new));
  }
}
