package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// A model as deployed: what answers when an identity asks it, with everything that makes it answer
/// otherwise.
///
/// @param model what its provider calls it
/// @param version of it, where the provider tells one
/// @param parameters by name, as text: `temperature` is `0.2`
/// @param contextWindow in tokens
/// @param safety its safety settings by name, as text
/// @param guardrails what stands around it and is not its provider's, by name, as text
/// @param fineTune what its provider has trained it further on, where somebody has
/// @param backend what runs it, as far as its provider tells
/// @param terms what else is agreed about it; changes no answer
public record Model(
    ModelName name,
    String provider,
    String model,
    Optional<String> version,
    Map<String, String> parameters,
    OptionalLong contextWindow,
    Map<String, String> safety,
    Lifecycle lifecycle,
    Map<String, String> guardrails,
    Optional<String> fineTune,
    Optional<String> backend,
    ModelTerms terms)
    implements Declared {

  public Model {
    parameters = Map.copyOf(parameters);
    safety = Map.copyOf(safety);
    guardrails = Map.copyOf(guardrails);
  }

  /// One of which nothing else is said.
  public Model(
      ModelName name,
      String provider,
      String model,
      Optional<String> version,
      Map<String, String> parameters,
      OptionalLong contextWindow,
      Map<String, String> safety,
      Lifecycle lifecycle) {
    this(
        name,
        provider,
        model,
        version,
        parameters,
        contextWindow,
        safety,
        lifecycle,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        ModelTerms.NONE);
  }

  /// Returns the digest of what makes it answer as it does: provider, model, version, parameters,
  /// context window, safety settings, guardrails, fine-tuning and backend, in canonical JSON. Its
  /// name with us and its lifecycle do not change an answer and are not in it.
  public Digest fingerprint() {
    var all = JsonMapper.shared().createObjectNode();
    all.put("provider", provider).put("model", model);
    version.ifPresent(text -> all.put("version", text));
    contextWindow.ifPresent(tokens -> all.put("contextWindow", tokens));
    var named = all.putObject("parameters");
    new TreeMap<>(parameters).forEach(named::put);
    var settings = all.putObject("safety");
    new TreeMap<>(safety).forEach(settings::put);
    // Written only where there is something, so that what was agreed to before still holds.
    if (!guardrails.isEmpty()) {
      var around = all.putObject("guardrails");
      new TreeMap<>(guardrails).forEach(around::put);
    }
    fineTune.ifPresent(text -> all.put("fineTune", text));
    backend.ifPresent(text -> all.put("backend", text));
    return CanonicalJson.digest(all);
  }

  @Override
  public Kind kind() {
    return Kind.MODEL;
  }

  @Override
  public String key() {
    return name.value();
  }
}
