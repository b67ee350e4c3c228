package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import java.time.Instant;
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
/// @param resource where it answers, a resource whose upstream is `models`; without one nobody can
///   ask it through Remit
/// @param outputMax the most tokens that it writes in one answer; where it is not known, a call
///   that does not say how much it may write is taken to write the gateway's bound
/// @param price what its tokens cost
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
    Optional<ResourceName> resource,
    OptionalLong outputMax,
    Price price,
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

  /// One that is declared and cannot be asked through Remit.
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
        Optional.empty(),
        OptionalLong.empty(),
        Price.NONE,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        ModelTerms.NONE);
  }

  /// What a million tokens cost, in millionths of whatever money the organisation counts in. 0 or
  /// more.
  ///
  /// @param cachedMicros of that part of the input which its provider has read before
  public record Price(long inputMicros, long outputMicros, long cachedMicros) {
    public static final Price NONE = new Price(0, 0, 0);
    private static final long MILLION = 1_000_000;

    public Price {
      if (inputMicros < 0 || outputMicros < 0 || cachedMicros < 0) {
        throw new IllegalArgumentException("a price is not negative");
      }
    }

    /// Returns what so many tokens cost, in millionths, rounded up.
    ///
    /// @param input all that was read, what was cached included
    public long of(long input, long cached, long output) {
      long known = Math.min(cached, input);
      return Math.ceilDiv(
          saturated(input - known, inputMicros)
              + saturated(known, cachedMicros)
              + saturated(output, outputMicros),
          MILLION);
    }

    /// A third of what a long holds at most, so that three of them can be added.
    private static long saturated(long tokens, long micros) {
      return Math.multiplyHigh(tokens, micros) != 0 || tokens * micros < 0
          ? Long.MAX_VALUE / 3
          : Math.min(tokens * micros, Long.MAX_VALUE / 3);
    }
  }

  /// Whether its provider offers it no longer, as is declared: by its lifecycle, or by the day that
  /// was announced.
  public boolean isWithdrawn(Instant now) {
    return lifecycle == Lifecycle.WITHDRAWN
        || terms.withdrawsAt().filter(at -> !now.isBefore(at)).isPresent();
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
