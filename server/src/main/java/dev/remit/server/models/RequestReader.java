package dev.remit.server.models;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what is asked of a model. Whatever it does not understand counts as something that the
/// provider might do by itself, so that nothing new passes unseen.
final class RequestReader {
  private static final Set<String> KEEPS =
      Set.of("previous_response_id", "conversation", "prompt", "thread");

  private final JsonMapper strict;
  private final int toolsMax;

  RequestReader(ModelsConfig config) {
    this.toolsMax = config.toolsMax();
    this.strict =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(config.depthMax())
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(1_024)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
  }

  /// What was found.
  sealed interface Reading {
    /// It can be read.
    ///
    /// @param json the whole request; never changed
    record Read(ModelRequest request, Model model, ObjectNode json) implements Reading {}

    record Wrong(Refusal why) implements Reading {}
  }

  Reading read(Endpoint endpoint, Resource resource, Registered registered, byte[] bytes) {
    JsonNode json;
    try {
      json = strict.readTree(bytes);
    } catch (JacksonException e) {
      return wrong("the body is not JSON: " + Wording.shortened(e.getOriginalMessage()));
    }
    if (!(json instanceof ObjectNode all)) {
      return wrong("the body is not a JSON object");
    }
    if (!all.path("model").isString()) {
      return wrong("`model` is missing or no text");
    }
    var flaw = flaw(endpoint, all);
    if (flaw.isPresent()) {
      return wrong(flaw.get());
    }
    var wire = all.get("model").stringValue();
    var model =
        registered.models(resource.name()).stream()
            .filter(one -> one.model().equals(wire))
            .findFirst();
    if (model.isEmpty()) {
      return new Reading.Wrong(new Refusal.UnknownModel(resource.name(), wire));
    }
    int tools = all.path("tools").size() + all.path("functions").size();
    if (tools > toolsMax) {
      return new Reading.Wrong(new Refusal.TooManyTools(toolsMax));
    }
    return new Reading.Read(
        request(endpoint, resource, model.get(), wire, all, bytes.length), model.get(), all);
  }

  private static Optional<String> flaw(Endpoint endpoint, ObjectNode all) {
    var stream = all.path("stream");
    if (!stream.isMissingNode() && !stream.isNull() && !stream.isBoolean()) {
      return Optional.of("`stream` is neither true nor false");
    }
    for (var name : new String[] {"tools", "functions", "messages", "mcp_servers"}) {
      var list = all.path(name);
      if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
        return Optional.of("`" + name + "` is not an array");
      }
    }
    for (var name : Members.limits(endpoint)) {
      var limit = all.path(name);
      if (!limit.isMissingNode()
          && !limit.isNull()
          && !(limit.isIntegralNumber() && limit.canConvertToLong() && limit.longValue() >= 0)) {
        return Optional.of("`" + name + "` is not a number of tokens");
      }
    }
    var n = all.path("n");
    boolean isCount =
        n.isIntegralNumber() && n.canConvertToInt() && n.intValue() > 0 && n.intValue() <= 128;
    return n.isMissingNode() || n.isNull() || isCount
        ? Optional.empty()
        : Optional.of("`n` is not a number of answers");
  }

  private static ModelRequest request(
      Endpoint endpoint, Resource resource, Model model, String wire, ObjectNode all, long bytes) {
    var parameters = new HashMap<String, String>();
    var hosted = new HashSet<String>();
    var retains = new HashSet<String>();
    all.properties()
        .forEach(member -> {
          var name = member.getKey();
          var value = member.getValue();
          if (value.isNull()) {
            return;
          }
          if (!Members.known(endpoint).contains(name)) {
            hosted.add("member:" + Wording.shortened(name));
          } else if (Members.PARAMETERS.contains(name)) {
            parameter(parameters, name, value);
          }
        });
    retained(all, retains);
    var tools = tools(endpoint, all, hosted);
    if (all.hasNonNull("web_search_options")) {
      hosted.add("web_search");
    }
    if (!all.path("mcp_servers").isEmpty()) {
      hosted.add("mcp");
    }
    var references = new Contents(retains);
    references.look(all.path("messages"), 0);
    references.look(all.path("input"), 0);
    references.look(all.path("system"), 0);
    return new ModelRequest(
        endpoint,
        model.name(),
        wire,
        resource.name(),
        all.path("stream").asBoolean(false),
        parameters,
        system(endpoint, all),
        tools,
        hosted,
        retains,
        outputMax(endpoint, all),
        Math.max(1, all.path("n").asInt(1)),
        bytes,
        references.count);
  }

  private static void parameter(Map<String, String> parameters, String name, JsonNode value) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(inner -> {
            if (inner.getValue().isValueNode() && !inner.getValue().isNull()) {
              parameters.put(
                  name + "." + Wording.shortened(inner.getKey()),
                  Wording.shortened(inner.getValue().asString()));
            }
          });
    } else if (value.isValueNode()) {
      parameters.put(name, Wording.shortened(value.asString()));
    }
  }

  private static void retained(ObjectNode all, Set<String> retains) {
    KEEPS.stream().filter(all::hasNonNull).forEach(retains::add);
    for (var name : new String[] {"store", "background"}) {
      if (all.path(name).asBoolean(false)) {
        retains.add(name);
      }
    }
    if (all.hasNonNull("container")) {
      retains.add("container");
    }
    if ("24h".equals(all.path("prompt_cache_retention").asString(""))) {
      retains.add("prompt_cache_retention");
    }
  }

  /// Finds what only points to something: pictures elsewhere, files and items that the provider has
  /// kept.
  private static final class Contents {
    private final Set<String> retains;
    private long count;

    Contents(Set<String> retains) {
      this.retains = retains;
    }

    void look(JsonNode node, int depth) {
      if (node.isArray()) {
        node.forEach(inner -> look(inner, depth + 1));
      } else if (node.isObject()) {
        var type = node.path("type").asString("");
        if (type.equals("item_reference")) {
          retains.add("item_reference");
        }
        if (node.path("file_id").isString()) {
          retains.add("file_id");
        }
        if (type.equals("image_url")
            || type.equals("input_image")
            || type.equals("input_file")
            || type.equals("file")
            || type.equals("url")) {
          count++;
        }
        node.forEach(inner -> {
          if (!inner.isValueNode()) {
            look(inner, depth + 1);
          }
        });
      }
    }
  }

  private static Map<String, Digest> tools(Endpoint endpoint, ObjectNode all, Set<String> hosted) {
    var tools = new HashMap<String, Digest>();
    for (var tool : all.path("tools")) {
      var type = tool.path("type").asString("");
      boolean ofAgent =
          switch (endpoint) {
            case MESSAGES, COUNT_TOKENS -> type.isEmpty() || type.equals("custom");
            case CHAT, RESPONSES, EMBEDDINGS -> type.equals("function") || type.equals("custom");
          };
      if (ofAgent) {
        var inner = tool.path(type);
        var name = (inner.isObject() ? inner : tool).path("name").asString("");
        tools.put(Wording.shortened(name), digest(tool));
      } else {
        hosted.add(Wording.shortened(type.isEmpty() ? "untyped" : undated(type)));
      }
    }
    for (var function : all.path("functions")) {
      tools.put(Wording.shortened(function.path("name").asString("")), digest(function));
    }
    return tools;
  }

  /// `web_search_20250305` is `web_search`, whichever of its versions.
  private static String undated(String type) {
    return type.replaceFirst("_[0-9]{8}$", "").replaceFirst("_[0-9]{4}_[0-9]{2}_[0-9]{2}$", "");
  }

  private static Optional<Digest> system(Endpoint endpoint, ObjectNode all) {
    var said = JsonMapper.shared().createArrayNode();
    switch (endpoint) {
      case CHAT -> addSystem(said, all.path("messages"));
      case RESPONSES -> {
        if (all.hasNonNull("instructions")) {
          said.add(all.get("instructions"));
        }
        addSystem(said, all.path("input"));
      }
      case MESSAGES, COUNT_TOKENS -> {
        if (all.hasNonNull("system")) {
          said.add(all.get("system"));
        }
      }
      case EMBEDDINGS -> {}
    }
    return said.isEmpty() ? Optional.empty() : Optional.of(digest(said));
  }

  private static void addSystem(ArrayNode said, JsonNode messages) {
    for (var message : messages) {
      var role = message.path("role").asString("");
      if (role.equals("system") || role.equals("developer")) {
        said.add(message.path("content"));
      }
    }
  }

  private static Digest digest(JsonNode json) {
    try {
      return CanonicalJson.digest(json);
    } catch (IllegalArgumentException e) {
      // Half a surrogate pair or the like has no canonical form; its text is as good.
      return Digest.of(json.toString());
    }
  }

  private static OptionalLong outputMax(Endpoint endpoint, ObjectNode all) {
    return Members.limits(endpoint).stream()
        .map(all::path)
        .filter(JsonNode::isIntegralNumber)
        .mapToLong(JsonNode::longValue)
        .min();
  }

  private static Reading wrong(String why) {
    return new Reading.Wrong(new Refusal.NotAQuestion(why));
  }
}
