package dev.remit.conformance.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One agent at work: it asks a model through Remit, which proposes a call of a tool; it makes that
/// call through Remit in the same task; and people see the one beside the other.
class CourseInTheBrowserTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path folder;

  private static ConsoleSite site;

  @BeforeAll
  static void start() throws IOException {
    site = new ConsoleSite(folder);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  @Tag("R98")
  @Tag("R220")
  void the_question_the_answer_the_call_it_proposed_and_what_came_of_it_stand_side_by_side() {
    var task = site.asking();
    var payments = site.toPayments(task);
    var messages = JSON.createArrayNode();
    messages.addObject().put("role", "user").put("content", "What is payment 8812?");

    var proposed = site.ask(task, "clerk-large", messages).at("/choices/0/message");
    var call = proposed.at("/tool_calls/0/function");
    var found =
        site.call(payments, call.path("name").asString(""), call.path("arguments").asString(""));
    messages.add(proposed);
    messages
        .addObject()
        .put("role", "tool")
        .put("tool_call_id", "call-1")
        .put("content", "480 EUR");
    var answered = site.ask(task, "clerk-large", messages).at("/choices/0/message/content");
    // Of its own accord, beside what it was told.
    var more = site.call(payments, "lookup", "{\"payment\":\"1\"}");

    assertThat(found.body()).contains("did lookup");
    assertThat(more.statusCode()).isEqualTo(200);
    assertThat(answered.asString("")).isEqualTo("That payment is 480 euros.");
    isTold(site.remit.admin().get("/v1/tasks/" + task.task() + "/course").path("steps"));
    isShown("/console/tasks/" + task.task());
  }

  private static void isTold(JsonNode steps) {
    var question = steps.path(0);
    var proposal = question.path("proposals").path(0);
    var call = steps.path(1);

    assertThat(kinds(steps)).containsExactly("asked", "called", "asked", "called");
    assertThat(question.path("target").asString("")).contains("clerk");
    assertThat(question.path("outcome").asString("")).isEqualTo("answered");
    assertThat(proposal.path("tool").asString("")).isEqualTo("payments/lookup");
    assertThat(proposal.path("carriedOut").asBoolean(false)).isTrue();
    assertThat(proposal.path("calls").path(0)).isEqualTo(call.path("decision"));
    assertThat(call.path("proposedBy")).isEqualTo(proposal.path("id"));
    assertThat(call.path("outcome").asString("")).isEqualTo("answered");
    assertThat(steps.path(3).has("proposedBy")).isFalse();
  }

  private static List<String> kinds(JsonNode steps) {
    return steps.valueStream().map(step -> step.path("kind").asString("")).toList();
  }

  private static void isShown(String path) {
    site.open("sec", path);
    site.reloadUntilShown(path, "proposed by no model");
    var rows =
        site.browser
            .evaluate(
                "[...document.querySelectorAll('tbody tr')].map((row) => [...row.children]"
                    + ".map((cell) => cell.innerText.trim()))")
            .valueStream()
            .toList();

    assertThat(rows).hasSize(3);
    assertThat(cells(rows.getFirst()).get(1)).startsWith("allow asked").contains("clerk");
    assertThat(cells(rows.getFirst()).get(2)).isEqualTo("proposed payments/lookup");
    assertThat(cells(rows.getFirst()).get(3)).startsWith("allow call payments/lookup");
    assertThat(cells(rows.getFirst()).get(4)).startsWith("answered, ");
    assertThat(cells(rows.get(1)).get(2)).isEqualTo("answered, proposed nothing");
    assertThat(cells(rows.getLast()).get(2)).isEqualTo("proposed by no model");
    var checks = new PageChecks(site.browser, site.people);
    checks.isWalkedByKeyboard(path);
    checks.fitsAPhone(path);
  }

  private static List<String> cells(JsonNode row) {
    return row.valueStream().map(JsonNode::stringValue).toList();
  }
}
