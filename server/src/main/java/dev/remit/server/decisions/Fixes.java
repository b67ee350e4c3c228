package dev.remit.server.decisions;

import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Hint;
import dev.remit.kernel.policy.Trace;
import dev.remit.kernel.policy.Trace.Truth;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Stored;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Works out what would make a denied call succeed, from what is declared now. Where it is not sure
/// it names nothing: a wrong fix costs more than none.
final class Fixes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ARGUMENT = "context.arguments.";
  private static final Duration GRANTED = Duration.ofDays(30);
  private static final int PLACES = 4;

  private final Registered registered;
  private final Function<Ref, Optional<Stored>> declared;
  private final Instant now;

  /// @param declared finds what is declared, with its whole specification
  Fixes(Registered registered, Function<Ref, Optional<Stored>> declared, Instant now) {
    this.registered = registered;
    this.declared = declared;
    this.now = now;
  }

  /// Returns what would change policy's answer to `question`.
  Optional<Fix> of(Question question, Reasoning reasoning) {
    return switch (reasoning.decision()) {
      case Decision.Deny deny when !reasoning.decided().isEmpty() ->
          forbidden(question, reasoning.decided());
      case Decision.Deny _ ->
          reasoning.nearly().stream()
              .map(trace -> permitted(question, trace))
              .flatMap(Optional::stream)
              .findFirst()
              .or(() -> Optional.of(permit(question)));
      case Decision _ -> Optional.empty();
    };
  }

  /// A permit would permit it if what its conditions ask for were so.
  private Optional<Fix> permitted(Question question, Trace trace) {
    if (!trace.covers()) {
      return Optional.empty();
    }
    var arguments = arguments(question);
    boolean changed = false;
    Optional<Fix> other = Optional.empty();
    for (var step : trace.against()) {
      var hints = hints(trace, step.condition().text());
      if (hints.isEmpty()) {
        hints = guarded(trace, step.condition().text());
      }
      for (var hint : hints) {
        if (hint.fact().startsWith(ARGUMENT)) {
          changed |= set(arguments, hint);
        } else {
          other = other.or(() -> outside(question, hint));
        }
      }
    }
    return changed
        ? Optional.of(
            Fix.call("call with arguments that `" + trace.policy().id() + "` permits", arguments))
        : other;
  }

  private static List<Hint> hints(Trace trace, String condition) {
    return trace.policy().hints().stream()
        .filter(hint -> hint.condition().equals(condition))
        .toList();
  }

  /// `arguments has x` says nothing of what `x` should be; the condition that it guards does.
  private static List<Hint> guarded(Trace trace, String condition) {
    int at = condition.indexOf(" has ");
    if (at < 0) {
      return List.of();
    }
    var fact = condition.substring(0, at) + "." + condition.substring(at + " has ".length());
    return trace.policy().hints().stream().filter(hint -> hint.fact().equals(fact)).toList();
  }

  private static boolean set(ObjectNode arguments, Hint hint) {
    var name = hint.fact().substring(ARGUMENT.length());
    if (name.contains(".") || name.contains("[")) {
      return false;
    }
    switch (hint.kind()) {
      case TEXT -> arguments.put(name, hint.value());
      case WHOLE -> arguments.put(name, Long.parseLong(hint.value()));
      case TRUTH -> arguments.put(name, Boolean.parseBoolean(hint.value()));
      case PATTERN -> arguments.put(name, matching(hint.value(), arguments.path(name)));
    }
    return true;
  }

  /// Fills a pattern with the last part of what was sent: of a path, its file.
  private static String matching(String pattern, JsonNode sent) {
    var text = sent.asString("");
    var part = text.substring(text.lastIndexOf('/') + 1);
    int star = pattern.indexOf('*');
    return star < 0
        ? pattern
        : pattern.substring(0, star) + part + pattern.substring(star + 1).replace("*", "");
  }

  private Optional<Fix> outside(Question question, Hint hint) {
    return switch (hint.fact()) {
      case "context.task.intent" ->
          Optional.of(
              Fix.newTask(
                  "start a task with the intent `" + hint.value() + "`",
                  JSON.createObjectNode().put("intent", hint.value())));
      case "context.stage", "principal.workflow.stage" -> stage(question, hint.value());
      default -> Optional.empty();
    };
  }

  private Optional<Fix> stage(Question question, String stage) {
    var workflow = registered.identity(question.identity()).map(identity -> identity.workflow());
    if (stage.equals(Stage.PRODUCTION.word())) {
      // No manifest brings a workflow there: proofs and two people do.
      return workflow.map(name ->
          Fix.run(
              "have workflow `%s` promoted; what the gate asks is said by `remit promote gate %s`"
                  .formatted(name, name),
              "remit promote gate " + name));
    }
    return workflow
        .flatMap(name -> manifest(new Ref(Kind.WORKFLOW, name.value())))
        .map(manifest -> {
          var spec = (ObjectNode) manifest.get("spec");
          spec.put("stage", stage);
          spec.remove("pilotExpires");
          return Fix.apply("have the workflow's owner move it to `" + stage + "`", manifest);
        });
  }

  /// A forbid is in the way: what it looks at would have to be otherwise.
  private Optional<Fix> forbidden(Question question, List<Trace> forbids) {
    if (forbids.size() > 1) {
      return Optional.empty();
    }
    var forbid = forbids.getFirst();
    if (forbid.truth() == Truth.UNDECIDED || forbid.truth() == Truth.FAILED) {
      return rounded(question).or(() -> mended(forbid));
    }
    return forbid.policy().comparisons().stream()
        .filter(comparison ->
            comparison.required()
                && (comparison.fact().equals("context.stage")
                    || comparison.fact().equals("principal.workflow.stage")))
        .flatMap(comparison ->
            switch (comparison.kind()) {
              case EQUAL -> stage(question, "production").stream();
              case NOT_EQUAL -> stage(question, comparison.word()).stream();
              case CONTAINS -> java.util.stream.Stream.<Fix>empty();
            })
        .findFirst();
  }

  /// Numbers are seen with four decimal places; one with more cannot be judged.
  private static Optional<Fix> rounded(Question question) {
    var arguments = arguments(question);
    boolean changed = false;
    for (var name : List.copyOf(arguments.propertyNames())) {
      var value = arguments.get(name);
      if (value.isNumber() && !value.isIntegralNumber()) {
        var number = value.decimalValue();
        if (number.stripTrailingZeros().scale() > PLACES) {
          BigDecimal rounded = number.setScale(PLACES, RoundingMode.HALF_EVEN);
          arguments.put(name, rounded);
          changed = true;
        }
      }
    }
    return changed
        ? Optional.of(
            Fix.call(
                "send numbers with at most four decimal places, as policy sees them", arguments))
        : Optional.empty();
  }

  /// What fails on a value of the call can be avoided by the call; otherwise the policy is at
  /// fault.
  private static Optional<Fix> mended(Trace forbid) {
    return Optional.of(
        Fix.advice(
            "mend `"
                + forbid.policy().id()
                + "`, which fails on this call: guard what it reads with `has`, or compare within"
                + " bounds"));
  }

  /// No policy speaks of it: say what one would be.
  private Fix permit(Question question) {
    var target =
        switch (question.target()) {
          case Target.OfTool(var tool) -> "action == Action::\"" + tool + "\", resource";
          case Target.OfResource(var resource, _) ->
              "action == Action::\""
                  + question.action().word()
                  + "\", resource == Resource::\""
                  + resource
                  + "\"";
          case Target.OfModel(var model, _, _) ->
              "action == Action::\""
                  + question.action().word()
                  + "\", resource == Model::\""
                  + model
                  + "\"";
        };
    var cedar =
        "permit (principal == Identity::\"" + question.identity() + "\", " + target + ");\n";
    var name = "permit-" + question.identity() + "-" + question.target().resource();
    var manifest = document(Kind.POLICY, shortened(name));
    manifest
        .putObject("spec")
        .put("description", "Lets " + question.identity() + " do what no policy permitted.")
        .put("cedar", cedar);
    return Fix.apply(
        "apply a policy that permits it, once somebody agrees that it should", manifest);
  }

  private static String shortened(String name) {
    return name.length() <= 63 ? name : name.substring(0, 63).replaceAll("-+$", "");
  }

  /// The identity's grant on the resource, with the tool; or a new one.
  Optional<Fix> grant(String identity, ToolName tool) {
    var found =
        registered.grants().stream()
            .filter(grant ->
                grant.identity().value().equals(identity)
                    && grant.resource().equals(tool.resource()))
            .findFirst()
            .flatMap(grant -> manifest(new Ref(Kind.GRANT, grant.key())));
    if (found.isPresent()) {
      var tools = (tools.jackson.databind.node.ArrayNode) found.get().at("/spec/tools");
      tools.add(tool.tool());
      found.ifPresent(manifest -> addClasses(manifest, tool));
      return found.map(
          manifest -> Fix.apply("have the grant name the tool too", manifest).inNewTask());
    }
    return approver()
        .map(approver -> {
          var manifest = document(Kind.GRANT, shortened(identity + "-" + tool.resource().value()));
          var spec = manifest.putObject("spec");
          spec.put("identity", identity).put("resource", tool.resource().value());
          spec.putArray("tools").add(tool.tool());
          spec.putArray("dataClasses");
          addClasses(manifest, tool);
          spec.put("approvedBy", approver).put("expires", now.plus(GRANTED).toString());
          return Fix.apply("have a grant approved that names the tool", manifest).inNewTask();
        });
  }

  /// The grant that has expired, until later; in a new task, since the old one's scope may rest on
  /// what it was.
  Optional<Fix> renewed(GrantName grant) {
    return manifest(new Ref(Kind.GRANT, grant.value()))
        .map(manifest -> {
          ((ObjectNode) manifest.get("spec")).put("expires", now.plus(GRANTED).toString());
          return Fix.apply("have the grant approved again, until later", manifest).inNewTask();
        });
  }

  private void addClasses(ObjectNode manifest, ToolName tool) {
    var classes = (tools.jackson.databind.node.ArrayNode) manifest.at("/spec/dataClasses");
    var there = new java.util.TreeSet<String>();
    classes.forEach(one -> there.add(one.asString("")));
    registered.tool(tool).ifPresent(one -> there.addAll(one.dataClasses()));
    classes.removeAll();
    there.forEach(classes::add);
  }

  private Optional<String> approver() {
    return registered.people().stream()
        .filter(person -> person.active() && person.roles().contains(Role.APPROVER))
        .map(person -> person.name().value())
        .sorted()
        .findFirst();
  }

  /// The tool's manifest with the digest of what the server says now.
  Optional<Fix> definition(String tool, String digest) {
    return manifest(new Ref(Kind.TOOL, tool))
        .map(manifest -> {
          ((ObjectNode) manifest.at("/spec/definition")).put("digest", digest);
          return Fix.apply(
              "read what the server says of the tool now, and if it is right have it reviewed",
              manifest);
        });
  }

  private Optional<ObjectNode> manifest(Ref ref) {
    return declared
        .apply(ref)
        .map(stored -> {
          var manifest = document(ref.kind(), ref.name());
          manifest.set("spec", stored.spec().deepCopy());
          return manifest;
        });
  }

  private static ObjectNode document(Kind kind, String name) {
    var document = JSON.createObjectNode();
    document.put("apiVersion", "remit.dev/v1").put("kind", kind.title());
    document.putObject("metadata").put("name", name);
    return document;
  }

  private static ObjectNode arguments(Question question) {
    return question.arguments() instanceof Arguments.Given(var json) && json.isObject()
        ? ((ObjectNode) json).deepCopy()
        : JSON.createObjectNode();
  }
}
