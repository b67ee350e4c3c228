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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
    body.add(course(visit, course));
    return frame.page(
        visit, Frame.Place.ACTIVITY, "Course of a task", task.value(), body, List.of());
  }

  private static Element course(Visit visit, Course course) {
    if (course.steps().isEmpty()) {
      return Parts.card("Its course", Parts.soft("Nothing was asked for in it yet."));
    }
    var calls = new HashMap<String, Course.Called>();
    for (var step : course.steps()) {
      if (step instanceof Course.Called called) {
        calls.put(called.doing().decision(), called);
      }
    }
    var rows = new ArrayList<Element>();
    for (var step : course.steps()) {
      switch (step) {
        case Course.Asked asked -> rows.addAll(asked(visit, asked, calls));
        // What a model proposed stands beside its answer already.
        case Course.Called(_, var by) when by.isPresent() -> {}
        case Course.Called(var doing, _) -> rows.add(alone(visit, doing, course.hasQuestions()));
      }
    }
    return Parts.card(
        "Its course",
        Parts.soft(
            "Each line reads from the question to what came of it. What was said stands in the"
                + " ledger, encrypted; here is that it was said, and what followed."),
        Parts.table(
            "From each question to what came of it",
            List.of("Time", "Prompt", "Answer", "Tool call", "Outcome"),
            rows));
  }

  /// One line for each call that an answer proposed; one in all if it proposed none.
  private static List<Element> asked(
      Visit visit, Course.Asked asked, Map<String, Course.Called> calls) {
    var doing = asked.doing();
    var prompt =
        Parts.sentence(
            Parts.pill(doing.verdict()),
            text(" asked "),
            Parts.link(Parts.decision(doing.decision()), doing.target()),
            text(because(doing)),
            seen(doing));
    if (asked.proposals().isEmpty()) {
      return List.of(
          Parts.cells(
              Wording.when(doing.at(), visit.now()),
              prompt,
              text(ended(doing).isEmpty() ? "none" : "answered, proposed nothing"),
              text(""),
              text(ended(doing))));
    }
    var rows = new ArrayList<Element>();
    for (var proposal : asked.proposals()) {
      boolean first = rows.isEmpty();
      rows.add(
          Parts.cells(
              first ? Wording.when(doing.at(), visit.now()) : text(""),
              first ? prompt : Parts.soft("the same"),
              proposed(proposal),
              called(proposal, calls),
              outcome(proposal, calls)));
    }
    return rows;
  }

  private static Html proposed(Course.Proposal proposal) {
    return Parts.sentence(
        text("proposed "),
        Parts.strong(proposal.tool()),
        text(
            proposal.verdict().equals("passed")
                ? ""
                : ", which was refused before anybody saw it: " + proposal.reason()));
  }

  private static Html called(Course.Proposal proposal, Map<String, Course.Called> calls) {
    if (proposal.calls().isEmpty()) {
      return text(proposal.verdict().equals("passed") ? "never carried out" : "");
    }
    return element("div")
        .holding(
            proposal.calls().stream()
                .map(id -> calls.containsKey(id) ? call(calls.get(id).doing()) : named(id))
                .toList());
  }

  private static Html outcome(Course.Proposal proposal, Map<String, Course.Called> calls) {
    return element("div")
        .holding(
            proposal.calls().stream()
                .map(calls::get)
                .filter(Objects::nonNull)
                .map(one -> Html.p(ended(one.doing())))
                .toList());
  }

  private static Html named(String id) {
    return Parts.sentence(Parts.link(Parts.decision(id), id));
  }

  private static Element call(Course.Doing doing) {
    return Parts.sentence(
        Parts.pill(doing.verdict()),
        text(" " + doing.action() + " "),
        Parts.link(Parts.decision(doing.decision()), doing.target()),
        text(because(doing)),
        seen(doing));
  }

  private static Element alone(Visit visit, Course.Doing doing, boolean hasQuestions) {
    return Parts.cells(
        Wording.when(doing.at(), visit.now()),
        text(""),
        hasQuestions ? Parts.strong("proposed by no model") : text("no model was asked"),
        call(doing),
        text(ended(doing)));
  }

  private static String because(Course.Doing doing) {
    return doing.because().isEmpty() ? "" : ", by " + doing.because();
  }

  private static Html seen(Course.Doing doing) {
    return doing.secrets().isEmpty()
        ? text("")
        : Parts.strong(", secrets seen: " + String.join(", ", doing.secrets()));
  }

  private static String ended(Course.Doing doing) {
    return doing
        .ended()
        .map(end ->
            end.outcome()
                + ", "
                + Wording.count(end.bytes(), "byte")
                + " in "
                + Wording.span(end.took()))
        .orElse("");
  }
}
