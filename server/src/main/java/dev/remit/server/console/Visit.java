package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller.PersonCaller;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.registry.Author;
import dev.remit.server.signin.Visits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// One person at one page.
///
/// @param call admitted: the edge has checked session, role and form
record Visit(Call call, PersonCaller person, Visits visits) {
  /// Longest reason that a form takes.
  static final int REASON_CHARS_MAX = 500;

  static Visit of(Call call, Visits visits) {
    if (call.caller() instanceof PersonCaller person) {
      return new Visit(call, person, visits);
    }
    throw new IllegalStateException("the edge admits only people to pages");
  }

  PersonName name() {
    return person.name();
  }

  Instant now() {
    return call.at();
  }

  boolean holdsAny(Set<Role> anyOf) {
    return person.roles().stream().anyMatch(anyOf::contains);
  }

  /// Returns a form that this visitor's browser may send to `path`, and nobody else's.
  Html.Element form(String path) {
    return element("form")
        .with("method", "post")
        .with("action", path)
        .holding(hidden(Visits.TOKEN, visits.token(call, path)));
  }

  /// Returns why the person does what they do.
  String reason() {
    var reason = call.form().getOrDefault("reason", "").strip();
    if (reason.isEmpty() || reason.length() > REASON_CHARS_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "a reason of 1 to " + REASON_CHARS_MAX + " characters is needed",
              "go back, say why in the field above the button, and send it again"));
    }
    return reason;
  }

  /// Returns whether the person agrees: which of the two buttons it was.
  boolean agrees() {
    return switch (call.form().getOrDefault("answer", "")) {
      case "agree" -> true;
      case "decline" -> false;
      default ->
          throw new ProblemException(
              Problem.badRequest("the form says neither agree nor decline", "press one button"));
    };
  }

  /// Returns where the person is sent to show that it is still them, before a step of high risk.
  Optional<Reply> unfresh() {
    return visits.refusal(call);
  }

  /// The same for a step of high risk only as far as `workflow` is.
  Optional<Reply> unfresh(WorkflowName workflow) {
    return visits.refusal(call, workflow);
  }

  /// Whoever does something to what is declared.
  Author author() {
    return new Author(person.name(), person.roles());
  }

  /// Returns for how long something is asked for, by the fields `count` and `unit`.
  ///
  /// @param max the longest that may be asked for
  Duration lasts(Duration max) {
    var form = call.form();
    try {
      long count = Long.parseLong(form.getOrDefault("count", "").strip());
      var lasts =
          switch (form.getOrDefault("unit", "")) {
            case "minutes" -> Duration.ofMinutes(count);
            case "hours" -> Duration.ofHours(count);
            case "days" -> Duration.ofDays(count);
            default -> Duration.ZERO;
          };
      if (lasts.isPositive() && lasts.compareTo(max) <= 0) {
        return lasts;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Answered below, like a length out of bounds.
    }
    throw new ProblemException(
        Problem.badRequest(
            "a length of time of at most " + Wording.span(max) + " is needed",
            "go back, and give a number and its unit"));
  }

  /// Returns where to go on, once it is done.
  ///
  /// @param problem why it was not; empty if it was
  static Reply done(Optional<Problem> problem, String path) {
    if (problem.isPresent()) {
      throw new ProblemException(problem.get());
    }
    return seeOther(path);
  }

  static Reply seeOther(String path) {
    return Reply.empty(303).with("Location", path);
  }
}
