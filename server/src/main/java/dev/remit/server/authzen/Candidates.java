package dev.remit.server.authzen;

import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.authzen.RequestReader.Sought;
import dev.remit.server.decisions.Action;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What a search has to judge: everything of the type in question that the asker may ask about. Of
/// the rest nothing is found, not even that it exists.
///
/// The things behind a resource of a type of its own are not registered. They can be found only
/// where the tool's reviewed schema lists them, as the `enum` of its `resource.id`.
///
/// @param names in their natural order, each once
/// @param complete false if there may be more that this server cannot know of
record Candidates(List<String> names, boolean complete) {

  Candidates {
    names = List.copyOf(names);
  }

  static Candidates of(Sought sought, Access asked, Asker asker, Registered registered) {
    return switch (sought) {
      case SUBJECT -> subjects(asked, asker, registered);
      case RESOURCE -> resources(asked, asker, registered);
      case ACTION -> actions(asked, registered);
      case NOTHING -> throw new IllegalArgumentException("a search looks for something");
    };
  }

  private static Candidates subjects(Access asked, Asker asker, Registered registered) {
    var type = asked.subject().type();
    return all(
        registered.identities().stream()
            .filter(identity ->
                type.equals(Vocabulary.IDENTITY) || identity.workflow().value().equals(type))
            .filter(identity -> asker.asksAbout(identity.workflow()))
            .map(Identity::name)
            .map(Object::toString));
  }

  private static Candidates resources(Access asked, Asker asker, Registered registered) {
    return switch (asked.resource().type()) {
      case Vocabulary.TOOL ->
          all(
              registered.tools().stream()
                  .filter(tool -> asker.asksAbout(tool.name().resource()))
                  .map(tool -> tool.name().toString()));
      case Vocabulary.RESOURCE ->
          all(
              registered.resources().stream()
                  .filter(resource -> asker.asksAbout(resource.name()))
                  .map(resource -> resource.name().value()));
      default -> listed(asked, asker, registered);
    };
  }

  private static Candidates listed(Access asked, Asker asker, Registered registered) {
    var resource = new Vocabulary(registered).resource(asked.resource()).filter(asker::asksAbout);
    if (resource.isEmpty()) {
      return all(Stream.empty());
    }
    var ids =
        tool(asked, registered)
            .map(tool -> tool.inputSchema().at("/properties/resource/properties/id/enum"))
            .filter(JsonNode::isArray);
    return ids.map(each -> all(each.valueStream().map(id -> id.asString(""))))
        .orElseGet(() -> new Candidates(List.of(), tool(asked, registered).isEmpty()));
  }

  private static Optional<dev.remit.server.registry.Tool> tool(
      Access asked, Registered registered) {
    return new Vocabulary(registered)
        .resource(asked.resource())
        .flatMap(resource ->
            registered.tools(resource).stream()
                .filter(tool -> tool.name().tool().equals(asked.action()))
                .findFirst());
  }

  private static Candidates actions(Access asked, Registered registered) {
    return switch (asked.resource().type()) {
      case Vocabulary.TOOL -> all(Stream.of(Action.CALL.word()));
      case Vocabulary.RESOURCE -> all(Vocabulary.OF_RESOURCE.stream().map(Word::word));
      default ->
          all(
              new Vocabulary(registered)
                  .resource(asked.resource()).stream()
                      .flatMap(resource -> registered.tools(resource).stream())
                      .map(dev.remit.server.registry.Tool::name)
                      .map(ToolName::tool));
    };
  }

  private static Candidates all(Stream<String> names) {
    return new Candidates(names.filter(name -> !name.isEmpty()).distinct().sorted().toList(), true);
  }
}
