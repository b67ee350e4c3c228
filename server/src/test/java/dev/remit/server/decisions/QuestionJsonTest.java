package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

@Tag("R80")
class QuestionJsonTest {
  private static final Set<String> TOUCHED = new TreeSet<>(Set.of("internal", "patient"));
  private final DecisionsWorld world = new DecisionsWorld();
  private final Requests requests = new Requests(new World(world.with()));

  private static Question paying(Arguments arguments) {
    var like = DecisionsWorld.task();
    var task =
        new TaskFacts(
            like.id(),
            "pay \"now\"\u0001 🙂",
            100,
            DecisionsWorld.NOW.plusSeconds(60),
            List.of(new IdentityName("planner"), new IdentityName("clerk")),
            new Usage(17, 2, Map.of("bank/pay", 4L, "other/tool", 9L), 5, 123_456, TOUCHED, 6, 8));
    return new Question(
        DecisionsWorld.AGENT,
        task,
        Action.CALL,
        new Target.OfTool(ToolName.parse("bank/pay")),
        arguments,
        new CallFacts(true, 63, new SecretFacts(List.of("canary", "jwt"), 3, 1)),
        DecisionsWorld.NOW.plusNanos(123_456_789));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'amount':99.5,'count':7,'tags':['a','b'],'urgent':true,'party':{'country':'CH'}}",
        "{'amount':100.00001}",
        "{'amount':1e400,'count':-1e400}",
        "{'amount':123456789012345678901234567890}",
        "{'to':'half a pair: \\ud83d','note':null}",
        "{'to':'whole: \\ud83d\\ude42, quoted: \\u0022 \\\\ \\u0007'}",
        "{'amount':-0.0,'count':5.0}",
        "[1,2]",
        "null"
      })
  void a_question_that_is_read_back_makes_the_same_request(String arguments) {
    var question = paying(new Arguments.Given(DecisionsWorld.json(arguments)));

    var again = QuestionJson.read(QuestionJson.bytes(question));

    assertThat(requests.of(again)).isPresent().isEqualTo(requests.of(question));
    assertThat(again.now()).isEqualTo(question.now());
  }

  @Test
  void arguments_that_were_not_sent_or_not_known_stay_so() {
    var missing = paying(new Arguments.Given(MissingNode.getInstance()));
    var notYet = paying(new Arguments.NotYet());

    var missingAgain = QuestionJson.read(QuestionJson.bytes(missing));
    var notYetAgain = QuestionJson.read(QuestionJson.bytes(notYet));

    assertThat(missingAgain.arguments()).isEqualTo(missing.arguments());
    assertThat(notYetAgain.arguments()).isEqualTo(notYet.arguments());
  }

  @Test
  void what_is_asked_of_a_resource_is_kept_whole() {
    var question =
        new Question(
            DecisionsWorld.AGENT,
            DecisionsWorld.task(),
            Action.READ,
            new Target.OfResource(new ResourceName("files"), "file:///data/" + "x".repeat(5_000)),
            new Arguments.Given(JsonNodeFactory.instance.missingNode()),
            CallFacts.NONE,
            DecisionsWorld.NOW);

    var again = QuestionJson.read(QuestionJson.bytes(question));

    assertThat(requests.of(again)).isPresent().isEqualTo(requests.of(question));
  }

  @Test
  void the_record_does_not_grow_with_the_tools_a_task_has_used() {
    var counters = new HashMap<String, Long>();
    for (int i = 0; i < 10_000; i++) {
      counters.put("files/tool-" + i, 1L);
    }
    var like = DecisionsWorld.task();
    var task =
        new TaskFacts(
            like.id(),
            "read",
            1,
            like.expiresAt(),
            List.of(),
            new Usage(10_000, 10_000, counters, 0, 0, Set.of(), 0, 0));
    var question =
        new Question(
            DecisionsWorld.AGENT,
            task,
            Action.CALL,
            new Target.OfTool(ToolName.parse("files/tool-7")),
            new Arguments.NotYet(),
            CallFacts.NONE,
            DecisionsWorld.NOW);

    var bytes = QuestionJson.bytes(question);

    assertThat(bytes.length).isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "{'v':3}", "{'v':2}", "{'v':1}", "[]"})
  void what_is_no_recorded_question_is_refused(String text) {
    var bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> QuestionJson.read(bytes)).isInstanceOf(IllegalArgumentException.class);
  }
}
