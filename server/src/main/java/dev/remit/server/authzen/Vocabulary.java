package dev.remit.server.authzen;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.decisions.Action;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What the words of a request name in the registry.
///
/// A subject is of type `identity`, with a name or SPIFFE ID; or its type is the name of a
/// workflow, and its id that of an identity bound to it. A resource is of type `tool`
/// (`files/read_file`, to be `call`ed) or `resource` (to be `read`, `prompt`ed and so on); or its
/// type is the name of a registered resource, the action is the wire name of one of its tools, and
/// the id and all properties become the tool's arguments. The reserved words go before names.
///
/// Pure: looks into one snapshot.
final class Vocabulary {
  static final String IDENTITY = "identity";
  static final String TOOL = "tool";
  static final String RESOURCE = "resource";

  /// What may be asked of a resource that is not one of its tools.
  static final Set<Action> OF_RESOURCE =
      Set.of(Action.READ, Action.PROMPT, Action.SAMPLE, Action.ELICIT);

  private final Registered registered;

  Vocabulary(Registered registered) {
    this.registered = registered;
  }

  /// What a resource and an action name together.
  sealed interface Meant {

    /// A reviewed tool and the arguments of a call.
    record ToolCall(dev.remit.server.registry.Tool tool, JsonNode arguments) implements Meant {}

    /// Something else that a resource offers.
    record Item(Action action, ResourceName resource, String item) implements Meant {}

    /// Nothing that is registered.
    ///
    /// @param reasonCode `unknown-resource` or `unknown-action`
    record Nothing(String reasonCode, String detail) implements Meant {}
  }

  Optional<Identity> identity(Thing subject) {
    if (subject.type().equals(IDENTITY)) {
      return subject.id().startsWith("spiffe://")
          ? name(subject.id(), SpiffeId::new).flatMap(registered::identity)
          : name(subject.id(), IdentityName::new).flatMap(registered::identity);
    }
    return name(subject.id(), IdentityName::new)
        .flatMap(registered::identity)
        .filter(identity -> identity.workflow().value().equals(subject.type()));
  }

  /// Returns the workflow that a subject belongs to, also where the subject itself is unknown.
  Optional<WorkflowName> workflow(Thing subject) {
    return subject.type().equals(IDENTITY)
        ? identity(subject).map(Identity::workflow)
        : workflow(subject.type());
  }

  Optional<WorkflowName> workflow(String type) {
    return name(type, WorkflowName::new).filter(it -> registered.workflow(it).isPresent());
  }

  /// Returns the registered resource that a resource belongs to, also where no such thing is there.
  Optional<ResourceName> resource(Thing resource) {
    var name =
        switch (resource.type()) {
          case TOOL -> name(resource.id(), ToolName::parse).map(ToolName::resource);
          case RESOURCE -> name(resource.id(), ResourceName::new);
          default -> name(resource.type(), ResourceName::new);
        };
    return name.filter(it -> registered.resource(it).isPresent());
  }

  Meant meant(Access asked) {
    return switch (asked.resource().type()) {
      case TOOL -> tool(asked);
      case RESOURCE -> item(asked);
      default -> own(asked);
    };
  }

  private Meant tool(Access asked) {
    var tool = name(asked.resource().id(), ToolName::parse).flatMap(registered::tool);
    if (tool.isEmpty()) {
      return unknownResource(asked);
    }
    return asked.action().equals(Action.CALL.word())
        ? new Meant.ToolCall(tool.get(), asked.context().path("arguments"))
        : unknownAction(asked, "a tool is asked for with the action `call`");
  }

  private Meant item(Access asked) {
    var resource = resource(asked.resource());
    if (resource.isEmpty()) {
      return unknownResource(asked);
    }
    return OF_RESOURCE.stream()
        .filter(action -> action.word().equals(asked.action()))
        .findFirst()
        .<Meant>map(action ->
            new Meant.Item(
                action, resource.get(), asked.resource().properties().path("item").asString("")))
        .orElseGet(() ->
            unknownAction(
                asked,
                "a resource is asked for with one of "
                    + String.join(", ", OF_RESOURCE.stream().map(Word::word).sorted().toList())));
  }

  private Meant own(Access asked) {
    var resource = resource(asked.resource());
    if (resource.isEmpty()) {
      return unknownResource(asked);
    }
    return name(asked.action(), wire -> new ToolName(resource.get(), wire))
        .flatMap(registered::tool)
        .<Meant>map(tool -> new Meant.ToolCall(tool, properties(asked)))
        .orElseGet(() ->
            unknownAction(
                asked, "`" + asked.resource().type() + "` has no reviewed tool of that name"));
  }

  /// Everything that a caller said beyond names, so that the tool's schema can give it types.
  private static JsonNode properties(Access asked) {
    var arguments = JsonNodeFactory.instance.objectNode();
    arguments.set("subject", asked.subject().properties());
    arguments.set("action", asked.actionProperties());
    var resource = JsonNodeFactory.instance.objectNode();
    asked.resource().properties().properties().forEach(e -> resource.set(e.getKey(), e.getValue()));
    // The name goes before a property of the same name: it is what the caller asks about.
    resource.put("id", asked.resource().id());
    arguments.set("resource", resource);
    arguments.set("context", asked.context());
    return arguments;
  }

  private static Meant unknownResource(Access asked) {
    return new Meant.Nothing(
        "unknown-resource",
        "nothing registered is a `"
            + shortened(asked.resource().type())
            + "` named `"
            + shortened(asked.resource().id())
            + "`");
  }

  private static Meant unknownAction(Access asked, String what) {
    return new Meant.Nothing(
        "unknown-action", "there is no action `" + shortened(asked.action()) + "` here: " + what);
  }

  static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  private static <T> Optional<T> name(String text, Function<String, T> type) {
    try {
      return Optional.of(type.apply(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
