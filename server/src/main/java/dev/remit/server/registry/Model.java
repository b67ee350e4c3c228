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
public record Model(
    ModelName name,
    String provider,
    String model,
    Optional<String> version,
    Map<String, String> parameters,
    OptionalLong contextWindow,
    Map<String, String> safety,
    Lifecycle lifecycle)
    implements Declared {

  public Model {
    parameters = Map.copyOf(parameters);
    safety = Map.copyOf(safety);
  }

  /// Returns the digest of what makes it answer as it does: provider, model, version, parameters,
  /// context window and safety settings, in canonical JSON. Its name with us and its lifecycle do
  /// not change an answer and are not in it.
  public Digest fingerprint() {
    var all = JsonMapper.shared().createObjectNode();
    all.put("provider", provider).put("model", model);
    version.ifPresent(text -> all.put("version", text));
    contextWindow.ifPresent(tokens -> all.put("contextWindow", tokens));
    var named = all.putObject("parameters");
    new TreeMap<>(parameters).forEach(named::put);
    var settings = all.putObject("safety");
    new TreeMap<>(safety).forEach(settings::put);
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
