package dev.remit.server.console;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.text;

import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.ForTask;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.page.Html.Element;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The part of an answer by which one agrees to further calls like the held one in the same task:
/// how many, for how long, and which arguments may differ. Left empty, it is this call alone.
final class TaskForm {
  private TaskForm() {}

  /// Empty where the policy leaves no more than one call to an answer.
  static Optional<Element> of(Approval approval) {
    int most = approval.terms().usesMax();
    if (most < 2) {
      return Optional.empty();
    }
    return Optional.of(
        element("details")
            .holding(
                element("summary").saying("Agree to more calls like this one in its task"),
                Parts.soft(
                    "The policy lets one answer stand for up to "
                        + most
                        + " calls. Each must be of this tool in this task, with these arguments but"
                        + " for those that you name; leave the number empty for this call alone."),
                Parts.field("How many calls altogether, this one included", number("uses", most)),
                Parts.field("For how many minutes", number("minutes", 24 * 60)),
                Parts.field(
                    "Names of arguments that may differ, with commas between",
                    ActivityPage.input("free", "")),
                element("p").holding(text("Declining ignores this."))));
  }

  private static Element number(String name, int most) {
    return element("input")
        .with("type", "number")
        .with("name", name)
        .with("min", "1")
        .with("max", Integer.toString(most));
  }

  /// Returns what the form says of further calls.
  ///
  /// @throws ProblemException if it is none that can be agreed to
  static Optional<ForTask> read(Visit visit) {
    var form = visit.call().form();
    var uses = form.getOrDefault("uses", "").strip();
    if (uses.isEmpty() || !visit.agrees()) {
      return Optional.empty();
    }
    try {
      var minutes = Long.parseLong(form.getOrDefault("minutes", "").strip());
      var free =
          Arrays.stream(form.getOrDefault("free", "").split(",", -1))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .collect(Collectors.toSet());
      var until = visit.now().plus(Duration.ofMinutes(minutes));
      return Optional.of(new ForTask(Integer.parseInt(uses), until, free));
    } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException e) {
      throw new ProblemException(
          Problem.badRequest(
              "the further calls cannot be agreed to: " + e.getMessage(),
              "give a number of calls of 2 or more, and for how many minutes"));
    }
  }
}
