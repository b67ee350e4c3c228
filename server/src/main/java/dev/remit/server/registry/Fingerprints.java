package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.change.Part;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Word;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fingerprints of what is declared, computed once for each identity and version of the
/// registry: asking for the digest again costs a look at memory.
public final class Fingerprints {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final AtomicReference<Known> known = new AtomicReference<>(Known.of(null));

  private record Known(@Nullable Registered registered, Map<IdentityName, Digest> digests) {
    static Known of(@Nullable Registered registered) {
      return new Known(registered, new ConcurrentHashMap<>());
    }
  }

  /// Returns the digest of [#of].
  ///
  /// @param identity of which a model is declared in `registered`
  public Digest digest(Identity identity, Registered registered) {
    var last = known.get();
    if (last.registered() != registered) {
      last = Known.of(registered);
      known.set(last);
    }
    return last.digests()
        .computeIfAbsent(
            identity.name(), _ -> of(identity, registered).map(Fingerprint::digest).orElseThrow());
  }

  /// Computes the fingerprint of an identity; empty where no model is declared for it.
  public static Optional<Fingerprint> of(Identity identity, Registered registered) {
    return identity
        .model()
        .flatMap(registered::model)
        .map(model -> Fingerprint.of(parts(identity, model, registered)));
  }

  /// Returns what [Model#fingerprint] is, or was, of the model in `whole`: the parts of it that are
  /// the model's own.
  public static Digest ofModel(Fingerprint whole) {
    var all = JSON.objectNode();
    var parts = whole.parts();
    all.set("provider", parts.getOrDefault(Part.PROVIDER, JSON.stringNode("")));
    all.set("model", parts.getOrDefault(Part.MODEL, JSON.stringNode("")));
    maybe(all, "version", parts.get(Part.VERSION));
    maybe(all, "contextWindow", parts.get(Part.CONTEXT_WINDOW));
    all.set("parameters", parts.getOrDefault(Part.PARAMETERS, JSON.objectNode()));
    all.set("safety", parts.getOrDefault(Part.SAFETY, JSON.objectNode()));
    var guardrails = parts.get(Part.GUARDRAILS);
    maybe(all, "guardrails", guardrails == null || guardrails.isEmpty() ? null : guardrails);
    maybe(all, "fineTune", parts.get(Part.FINE_TUNE));
    maybe(all, "backend", parts.get(Part.BACKEND));
    return CanonicalJson.digest(all);
  }

  private static void maybe(ObjectNode all, String name, @Nullable JsonNode value) {
    if (value != null) {
      all.set(name, value);
    }
  }

  private static Map<Part, JsonNode> parts(Identity identity, Model model, Registered registered) {
    var parts = new EnumMap<Part, JsonNode>(Part.class);
    parts.put(Part.PROVIDER, JSON.stringNode(model.provider()));
    parts.put(Part.MODEL, JSON.stringNode(model.model()));
    model.version().ifPresent(text -> parts.put(Part.VERSION, JSON.stringNode(text)));
    model.fineTune().ifPresent(text -> parts.put(Part.FINE_TUNE, JSON.stringNode(text)));
    model.backend().ifPresent(text -> parts.put(Part.BACKEND, JSON.stringNode(text)));
    model
        .contextWindow()
        .ifPresent(tokens -> parts.put(Part.CONTEXT_WINDOW, JSON.numberNode(tokens)));
    parts.put(Part.PARAMETERS, object(model.parameters()));
    parts.put(Part.SAFETY, object(model.safety()));
    parts.put(Part.GUARDRAILS, object(model.guardrails()));
    parts.put(
        Part.PROMPTS,
        array(identity.prompts().stream().map(Digest::value).collect(Collectors.toSet())));
    parts.put(Part.TOOLS, tools(identity, registered));
    parts.put(Part.SCOPE, scope(identity, registered));
    return parts;
  }

  private static ObjectNode tools(Identity identity, Registered registered) {
    var all = new TreeMap<String, Tool>();
    for (var grant : registered.grants(identity.name())) {
      registered.tools(grant.resource()).stream()
          .filter(grant::names)
          .forEach(tool -> all.put(tool.key(), tool));
    }
    var json = JSON.objectNode();
    all.forEach((name, tool) -> {
      var one = json.putObject(name).put("definition", tool.definition().value());
      one.set("effects", words(tool.effects()));
      one.set("dataClasses", array(tool.dataClasses()));
    });
    return json;
  }

  private static ObjectNode scope(Identity identity, Registered registered) {
    var grants = new TreeMap<String, Grant>();
    registered.grants(identity.name()).forEach(grant -> grants.put(grant.key(), grant));
    var json = JSON.objectNode();
    grants.forEach((name, grant) -> {
      var one = json.putObject(name).put("resource", grant.resource().value());
      registered
          .resource(grant.resource())
          .ifPresent(resource ->
              one.put("environment", resource.environment().word())
                  .put("server", resource.upstream().digest().value()));
      one.set(
          "tools",
          switch (grant.tools()) {
            case Grant.Tools.EveryPinned() -> array(Set.of("*"));
            case Grant.Tools.Named(var names) -> array(names);
          });
      one.set("prompts", array(grant.prompts()));
      one.set(
          "reads",
          array(grant.reads().stream().map(UriPattern::value).collect(Collectors.toSet())));
      one.set("profiles", array(grant.profiles()));
      one.set("models", array(grant.models()));
      one.set("dataClasses", array(grant.dataClasses()));
    });
    return json;
  }

  private static ObjectNode object(Map<String, String> texts) {
    var json = JSON.objectNode();
    new TreeMap<>(texts).forEach(json::put);
    return json;
  }

  private static ArrayNode array(Collection<String> texts) {
    var json = JSON.arrayNode();
    new TreeSet<>(texts).forEach(json::add);
    return json;
  }

  private static ArrayNode words(Collection<? extends Word> words) {
    return array(words.stream().map(Word::word).toList());
  }

  /// What is declared of it: the model, the identity, its grants, and the tools and resources that
  /// these reach. To restore it is to restore the fingerprint.
  public static Set<Ref> refs(Identity identity, Registered registered) {
    var refs = new TreeSet<Ref>();
    identity.model().ifPresent(name -> refs.add(new Ref(Kind.MODEL, name.value())));
    refs.add(new Ref(Kind.IDENTITY, identity.key()));
    for (var grant : registered.grants(identity.name())) {
      refs.add(new Ref(Kind.GRANT, grant.key()));
      refs.add(new Ref(Kind.RESOURCE, grant.resource().value()));
      registered.tools(grant.resource()).stream()
          .filter(grant::names)
          .forEach(tool -> refs.add(new Ref(Kind.TOOL, tool.key())));
    }
    return refs;
  }
}
