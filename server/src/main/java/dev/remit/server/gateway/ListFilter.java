package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ToolDefinition;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.Target;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Treatment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Leaves out of a list what this task could not be allowed, and remembers why.
///
/// A tool is shown if it is reviewed and unchanged, the task's scope and a grant name it, and
/// policy could allow some call of it. Prompts and resources likewise, without the review.
final class ListFilter {
  private static final int WITHHELD_MAX = 200;
  private static final int NAME_CHARS_MAX = 256;

  private final Decisions decisions;
  private final TaskUse use;
  private final Definitions definitions;
  private final MessageReader reader;
  private final LastListed lastListed = new LastListed();

  /// What was left of a list.
  ///
  /// @param withheld objects with `name` and `reason`, the first 200
  @SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
  record Left(byte[] bytes, boolean isChanged, long shown, ArrayNode withheld) {
    static Left untouched(byte[] bytes, long shown) {
      return new Left(bytes, false, shown, JsonMapper.shared().createArrayNode());
    }
  }

  ListFilter(Decisions decisions, TaskUse use, Definitions definitions, MessageReader reader) {
    this.decisions = decisions;
    this.use = use;
    this.definitions = definitions;
    this.reader = reader;
  }

  /// Filters the answer to `call`. The bytes stay as they are where nothing has to change.
  Left filter(Call call, Treatment.Filtered list, byte[] answer, Instant now) {
    var withheld = JsonMapper.shared().createArrayNode();
    var message = reader.tree(answer);
    if (!(message.path("result") instanceof ObjectNode result)
        || !(result.path(list.member()) instanceof ArrayNode elements)) {
      return Left.untouched(answer, 0);
    }
    var reasons = reasons(call, list, elements, observed(call, result), now);
    var shown = JsonMapper.shared().createArrayNode();
    for (int i = 0; i < elements.size(); i++) {
      var element = elements.get(i);
      if (reasons.get(i).isEmpty()) {
        shown.add(element);
      } else if (withheld.size() < WITHHELD_MAX) {
        withheld
            .addObject()
            .put("name", shortened(element.path(list.key()).asString("")))
            .put("reason", reasons.get(i).get());
      }
    }
    boolean mustNotBeShared = call.era() == Era.MODERN && result.has("cacheScope");
    if (withheld.isEmpty() && !mustNotBeShared) {
      return Left.untouched(answer, shown.size());
    }
    result.set(list.member(), shown);
    if (mustNotBeShared) {
      // The list is this task's alone, and a suspension or review changes it at once.
      result.put("cacheScope", "private").put("ttlMs", 0);
    }
    return new Left(
        message.toString().getBytes(StandardCharsets.UTF_8), true, shown.size(), withheld);
  }

  /// Notes what the list says of its tools, and returns their digests by name: making one costs
  /// more than everything else that is done with a tool. Empty where the list is not to be trusted.
  private Map<String, Digest> observed(Call call, JsonNode result) {
    if (call.method() != Method.TOOLS_LIST) {
      return Map.of();
    }
    try {
      var seen = lastListed.digests(call.resource().name(), result);
      definitions.observe(call.resource().name(), seen);
      return seen;
    } catch (Definitions.Unanswered e) {
      definitions.doubt(call.resource().name());
      return Map.of();
    }
  }

  /// Returns for each element why it is withheld, or nothing.
  private List<Optional<String>> reasons(
      Call call,
      Treatment.Filtered list,
      ArrayNode elements,
      Map<String, Digest> digests,
      Instant now) {
    var reasons = new ArrayList<Optional<String>>(elements.size());
    var questions = new ArrayList<Question>();
    var places = new ArrayList<Integer>();
    var facts = use.facts(call.agent().claims(), now);
    for (var element : elements) {
      switch (admitted(call, list, element, digests, now)) {
        case Admission.Found.Refused(var why) -> reasons.add(Optional.of(Wording.of(why).reason()));
        case Admission.Found.Covered(var asked) -> {
          places.add(reasons.size());
          questions.add(question(call, facts, asked, now));
          reasons.add(Optional.empty());
        }
      }
    }
    var answers = decisions.decideAll(questions);
    for (int i = 0; i < places.size(); i++) {
      if (answers.get(i).decision() instanceof Decision.Deny && !answers.get(i).isObserved()) {
        reasons.set(places.get(i), Optional.of("denied-by-policy"));
      }
    }
    return reasons;
  }

  private static Admission.Found admitted(
      Call call,
      Treatment.Filtered list,
      JsonNode element,
      Map<String, Digest> digests,
      Instant now) {
    var agent = call.agent();
    var resource = call.resource().name();
    var name = element.path(list.key()).asString("");
    return switch (call.method()) {
      case PROMPTS_LIST -> Admission.prompt(agent, resource, name, now);
      case RESOURCES_LIST -> Admission.read(agent, resource, name, now);
      case TEMPLATES_LIST ->
          Admission.showsTemplate(agent, resource, name, now)
              ? new Admission.Found.Covered(
                  new Asked.OfItem(Action.READ, name, new Target.OfResource(resource, name)))
              : new Admission.Found.Refused(new Refusal.NotGranted("resource", name));
      default -> {
        var known = digests.get(name);
        yield unchanged(
            Admission.tool(agent, resource, name, now), known == null ? digest(element) : known);
      }
    };
  }

  private static Admission.Found unchanged(Admission.Found found, Digest said) {
    return found instanceof Admission.Found.Covered(Asked.OfTool(var tool, _))
        ? Definitions.compare(tool, said)
            .<Admission.Found>map(Admission.Found.Refused::new)
            .orElse(found)
        : found;
  }

  private static Digest digest(JsonNode element) {
    try {
      return ToolDefinition.digest(element);
    } catch (IllegalArgumentException e) {
      return Digest.of("a definition without a canonical form");
    }
  }

  private static Question question(Call call, TaskFacts facts, Asked asked, Instant now) {
    return new Question(
        call.agent().claims().identity(),
        facts,
        asked.action(),
        asked.target(),
        new Arguments.NotYet(),
        CallFacts.NONE,
        now);
  }

  private static String shortened(String name) {
    return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX) + "…";
  }
}
