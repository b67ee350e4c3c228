package dev.remit.server.decisions;

import static dev.remit.server.registry.shape.Field.optional;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SecretKind;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Nearest;
import dev.remit.server.registry.shape.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Reads suppositions: who asks, for what, with which arguments, knowing what. Whatever is not
/// written is as it is declared, or else speaks neither for nor against.
final class SuppositionReader {
  /// The keys of a supposition; one place for policy tests and for explanations.
  static final List<Field> FIELDS =
      List.of(
          optional("identity", text(), "who asks; may be left out where one is declared"),
          optional("tool", text(), "the tool that is called, `resource/tool`"),
          optional(
              "action",
              new Shape.OneWord(Arrays.stream(Action.values()).map(Word::word).toList()),
              "what for; `call` if not written"),
          optional("resource", text(), "of what, for every action but `call`"),
          optional("item", Shape.text("text", 0, 2_048), "the URI, the prompt, the method"),
          optional("arguments", new Shape.Open("arguments by name"), "of the call; none if not"),
          optional("intent", text(), "of the task; the workflow's first if not written"),
          optional("calls", count(), "calls of this tool in the task so far"),
          optional(
              "counters",
              new Shape.MapOf(text(), count(), 1_000),
              "calls in the task so far, by tool"),
          optional("callsMax", count(), "tool calls that the task's scope allows altogether"),
          optional("perMinute", count(), "calls of the task in the last minute"),
          optional("identityPerMinute", count(), "calls of the identity in the last minute"),
          optional("items", count(), "prompts, resources and completions that the task got"),
          optional("bytes", count(), "length of all answers to the task so far"),
          optional(
              "delegators",
              new Shape.ListOf(text(), 0, 16),
              "identities that handed the task on, the first of them first"),
          optional(
              "touched",
              new Shape.SetOf(text(), 0, 64),
              "data classes that the task has already touched"),
          optional("approved", truth(), "whether a person has agreed to exactly this call"),
          optional(
              "risk",
              new Shape.Count(0, 100),
              "0 to 100; composed from what is declared if not written"),
          optional(
              "secrets",
              new Shape.SetOf(Shape.word(SecretKind.class), 0, SecretKind.values().length),
              "kinds of secrets in the arguments, one of each"),
          optional("time", new Shape.Moment(), "when"),
          optional("autonomy", Shape.word(Autonomy.class), "of the identity, if not as declared"),
          optional("stage", Shape.word(Stage.class), "of the workflow, if not as declared"),
          optional(
              "environment", Shape.word(Environment.class), "of the resource, if not as declared"),
          optional(
              "lifecycle",
              Shape.word(Lifecycle.class),
              "of the model that the identity declares, if not as declared"));

  private static final long COUNT_MAX = 1_000_000_000;

  /// How long a supposed task has still to live.
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  private static final TaskId TASK = new TaskId("task_00000000000000000000000000");

  private final Registered registered;
  private final JsonNode given;

  private SuppositionReader(Registered registered, JsonNode given) {
    this.registered = registered;
    this.given = given;
  }

  private static Shape.Text text() {
    return Shape.text("text", 1, 512);
  }

  private static Shape count() {
    return new Shape.Count(0, COUNT_MAX);
  }

  static Shape truth() {
    return new Shape.OneWord(List.of("true", "false"));
  }

  /// What was supposed cannot be; its `key` is which of [#FIELDS] says so.
  static final class Impossible extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String message;
    final String key;
    final String remedy;

    Impossible(String key, String message, String remedy) {
      super(message, null, false, false);
      this.message = message;
      this.key = key;
      this.remedy = remedy;
    }

    @Override
    public String getMessage() {
      return message;
    }
  }

  /// Reads what has the form of [#FIELDS].
  ///
  /// @param now when it is, unless something else is supposed
  /// @throws Impossible if it names what is not registered, or does not fit together
  static Supposition read(JsonNode given, Registered registered, Instant now) {
    return new SuppositionReader(registered, given).read(now);
  }

  private Supposition read(Instant now) {
    var identity = identity();
    var target = target();
    var at = text("time").map(Instant::parse).orElse(now);
    var question =
        new Question(
            identity.name(),
            task(identity, target, at),
            action(),
            target,
            new Arguments.Given(given.path("arguments")),
            new CallFacts(
                flag("approved"), given.path("risk").asLong(CallFacts.COMPOSED), secrets()),
            at);
    return new Supposition(
        question,
        text("autonomy").map(word -> Word.parse(Autonomy.class, word)),
        text("stage").map(word -> Word.parse(Stage.class, word)),
        text("environment").map(word -> Word.parse(Environment.class, word)),
        lifecycle(identity));
  }

  private SecretFacts secrets() {
    var kinds = new TreeSet<String>();
    given.path("secrets").forEach(kind -> kinds.add(kind.asString("")));
    return SecretFacts.of(kinds);
  }

  private Identity identity() {
    var name = text("identity");
    var all = registered.identities();
    if (name.isEmpty() && all.size() == 1) {
      return all.iterator().next();
    }
    var names = all.stream().map(one -> one.name().value()).toList();
    if (name.isEmpty()) {
      throw new Impossible(
          "identity", "it does not say who asks", "add `identity`, one of " + listed(names));
    }
    return all.stream()
        .filter(one -> one.name().equals(name("identity", name.get(), IdentityName::new)))
        .findFirst()
        .orElseThrow(() -> unknown("identity", name.get(), names));
  }

  private Action action() {
    return text("action").map(word -> Word.parse(Action.class, word)).orElse(Action.CALL);
  }

  private Target target() {
    if (action() == Action.CALL) {
      return new Target.OfTool(tool().name());
    }
    return action().isOfModel() ? model() : resource();
  }

  private Target model() {
    var models = registered.models().stream().filter(one -> one.resource().isPresent()).toList();
    var names = models.stream().map(one -> one.name().value()).toList();
    var name =
        text("resource")
            .orElseThrow(() ->
                new Impossible(
                    "resource",
                    "it does not say which model",
                    "add `resource`, one of " + listed(names)));
    return models.stream()
        .filter(one -> one.name().value().equals(name))
        .findFirst()
        .map(one ->
            new Target.OfModel(one.name(), one.resource().orElseThrow(), text("item").orElse("")))
        .orElseThrow(() -> unknown("model", name, names));
  }

  private Tool tool() {
    var names = registered.tools().stream().map(one -> one.name().toString()).toList();
    var name =
        text("tool")
            .orElseThrow(() ->
                new Impossible(
                    "tool",
                    "it does not say which tool is called",
                    "add `tool`, one of "
                        + listed(names)
                        + "; or another `action` with its `resource`"));
    return registered
        .tool(name("tool", name, ToolName::parse))
        .orElseThrow(() -> unknown("tool", name, names));
  }

  private Target resource() {
    if (given.has("tool")) {
      throw new Impossible(
          "tool",
          "`" + action().word() + "` is asked of a resource, not of a tool",
          "write `resource` and `item` in its place, or leave out `action`");
    }
    var names = registered.resources().stream().map(one -> one.name().value()).toList();
    var name =
        text("resource")
            .orElseThrow(() ->
                new Impossible(
                    "resource",
                    "it does not say of which resource",
                    "add `resource`, one of " + listed(names)));
    return new Target.OfResource(
        registered
            .resource(name("resource", name, ResourceName::new))
            .map(Resource::name)
            .orElseThrow(() -> unknown("resource", name, names)),
        text("item").orElse(""));
  }

  private Optional<Lifecycle> lifecycle(Identity identity) {
    if (given.has("lifecycle") && identity.model().isEmpty()) {
      throw new Impossible(
          "lifecycle",
          "identity `" + identity.name() + "` declares no model",
          "declare a `Model` and name it under the identity's `model`");
    }
    return text("lifecycle").map(word -> Word.parse(Lifecycle.class, word));
  }

  private TaskFacts task(Identity identity, Target target, Instant at) {
    var counters = new HashMap<String, Long>();
    given.path("counters").properties().forEach(one -> count(one, counters));
    if (target instanceof Target.OfTool(var tool) && given.has("calls")) {
      counters.put(tool.toString(), given.path("calls").asLong(0));
    }
    long all = counters.values().stream().mapToLong(Long::longValue).sum();
    var touched = new HashSet<String>();
    given.path("touched").forEach(one -> touched.add(one.asString("")));
    return new TaskFacts(
        TASK,
        intent(identity),
        given.path("callsMax").asLong(COUNT_MAX),
        at.plus(LIFETIME),
        delegators(),
        new Usage(
            all,
            counters.size(),
            counters,
            given.path("items").asLong(0),
            given.path("bytes").asLong(0),
            touched,
            given.path("perMinute").asLong(0),
            given.path("identityPerMinute").asLong(0)));
  }

  private List<IdentityName> delegators() {
    return given
        .path("delegators")
        .valueStream()
        .map(one -> name("delegators", one.asString(""), IdentityName::new))
        .toList();
  }

  private void count(Map.Entry<String, JsonNode> one, Map<String, Long> counters) {
    var names = registered.tools().stream().map(tool -> tool.name().toString()).toList();
    if (!names.contains(one.getKey())) {
      throw unknown("counters", one.getKey(), names);
    }
    counters.put(one.getKey(), one.getValue().asLong(0));
  }

  private String intent(Identity identity) {
    var intents = registered.workflow(identity.workflow()).map(Workflow::intents).orElse(Set.of());
    return text("intent").orElseGet(() -> intents.isEmpty() ? "" : new TreeSet<>(intents).first());
  }

  private Optional<String> text(String key) {
    return given.has(key) ? Optional.of(given.get(key).asString("")) : Optional.empty();
  }

  private boolean flag(String key) {
    return text(key).filter("true"::equals).isPresent();
  }

  private static <T> T name(String key, String text, java.util.function.Function<String, T> read) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException e) {
      throw new Impossible(key, String.valueOf(e.getMessage()), "correct it");
    }
  }

  private static Impossible unknown(String key, String name, Collection<String> known) {
    return new Impossible(
        key,
        "there is no " + (key.equals("counters") ? "tool" : key) + " named `" + name + "`",
        Nearest.to(name, known)
            .map(guess -> "did you mean `" + guess + "`?")
            .orElse("use one of " + listed(known)));
  }

  private static String listed(Collection<String> names) {
    return names.isEmpty()
        ? "those that the manifests declare"
        : names.stream()
            .sorted()
            .limit(8)
            .map(name -> "`" + name + "`")
            .collect(java.util.stream.Collectors.joining(", "));
  }
}
