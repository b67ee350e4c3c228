package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.registry.Upstream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Where a model, or a whole agent, is asked: anything that speaks chat completions.
///
/// Configured or declared and never part of a request, so nobody can have the server call an
/// address of theirs.
///
/// @param name how plans name it
/// @param url up to and without `/chat/completions`
/// @param model the name on the wire
/// @param declared the declared model whose fingerprint this is
/// @param secret what is presented as the bearer token
/// @param identity of a whole agent: whose calls through the gateway belong to it
/// @param centsIn price of a million tokens asked
/// @param centsOut price of a million tokens answered
/// @param found what else is known of it where it comes from the registry
public record Endpoint(
    String name,
    URI url,
    String model,
    Optional<ModelName> declared,
    Optional<SecretName> secret,
    Optional<IdentityName> identity,
    int centsIn,
    int centsOut,
    Optional<Found> found) {

  /// One that is configured.
  public Endpoint(
      String name,
      URI url,
      String model,
      Optional<ModelName> declared,
      Optional<SecretName> secret,
      Optional<IdentityName> identity,
      int centsIn,
      int centsOut) {
    this(name, url, model, declared, secret, identity, centsIn, centsOut, Optional.empty());
  }

  /// How a declared model is asked.
  ///
  /// @param headers sent with each question
  /// @param query added to the address
  /// @param parameters as they are declared, so as they are approved
  /// @param fingerprint of the model at the revision that is meant
  record Found(
      Map<String, Upstream.Setting> headers,
      Map<String, Upstream.Setting> query,
      Map<String, String> parameters,
      Digest fingerprint) {
    Found {
      headers = Map.copyOf(headers);
      query = Map.copyOf(query);
      parameters = Map.copyOf(parameters);
    }
  }

  /// What stands for it where no model is declared: the digest of where and what is asked.
  Digest digest() {
    return CanonicalJson.digest(
        JsonMapper.shared().createObjectNode().put("url", url.toString()).put("model", model));
  }
}
