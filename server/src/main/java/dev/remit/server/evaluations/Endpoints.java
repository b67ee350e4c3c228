package dev.remit.server.evaluations;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.registry.HttpAuth;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Upstream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whom an evaluation may ask: what is configured, and each declared model that answers chat
/// completions at a resource, by its name as it is declared now, or as `NAME@REVISION` as it was
/// declared then. What is configured comes first.
///
/// A model whose resource takes more than headers and parameters to be reached (OAuth, signed
/// requests) is asked through an endpoint that is configured.
public final class Endpoints {
  private static final Pattern AT = Pattern.compile("([a-z0-9][a-z0-9-]*)@([1-9][0-9]{0,8})");

  private final EvaluationConfig config;
  private final Supplier<Registered> registered;
  private final Revisions revisions;

  /// Where models are looked up as they were declared before.
  @FunctionalInterface
  public interface Revisions {
    Optional<Model> model(ModelName name, long revision);
  }

  public Endpoints(EvaluationConfig config, Supplier<Registered> registered, Revisions revisions) {
    this.config = config;
    this.registered = registered;
    this.revisions = revisions;
  }

  /// Returns whom `name` means now.
  Optional<Endpoint> find(String name) {
    return config.endpoint(name).or(() -> declared(name));
  }

  private Optional<Endpoint> declared(String name) {
    var at = AT.matcher(name);
    if (at.matches()) {
      return revisions
          .model(new ModelName(at.group(1)), Long.parseLong(at.group(2)))
          .flatMap(model -> of(name, model));
    }
    return registered.get().models().stream()
        .filter(model -> model.name().value().equals(name))
        .findFirst()
        .flatMap(model -> of(name, model));
  }

  /// Through the resource as it is declared now: its key may have changed since, and the model not.
  private Optional<Endpoint> of(String name, Model model) {
    return model
        .resource()
        .flatMap(registered.get()::resource)
        .map(resource -> resource.upstream())
        .filter(Upstream.Models.class::isInstance)
        .map(Upstream.Models.class::cast)
        .filter(models ->
            models.dialects().contains(Upstream.Dialect.OPENAI)
                && models.auth() instanceof HttpAuth.None)
        .map(models -> of(name, model, models));
  }

  private static Endpoint of(String name, Model model, Upstream.Models models) {
    return new Endpoint(
        name,
        URI.create(models.url() + "/v1"),
        model.model(),
        Optional.of(model.name()),
        Optional.empty(),
        Optional.empty(),
        cents(model.price().inputMicros()),
        cents(model.price().outputMicros()),
        Optional.of(
            new Endpoint.Found(
                models.headers(), models.query(), model.parameters(), model.fingerprint())));
  }

  /// Of whatever money the organisation counts in; rounded up, since it is a budget's.
  private static int cents(long micros) {
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, Math.ceilDiv(micros, 10_000)));
  }

  /// Whether an evaluation may ask `name`.
  public boolean knows(String name) {
    return find(name).isPresent();
  }

  /// Returns the configured endpoint that is the whole agent `identity`, if one is.
  public Optional<String> agent(IdentityName identity) {
    return config.endpoints().stream()
        .filter(endpoint -> endpoint.identity().filter(identity::equals).isPresent())
        .map(Endpoint::name)
        .findFirst();
  }

  /// The names of all of them.
  List<String> names() {
    return Stream.concat(
            config.endpoints().stream().map(Endpoint::name),
            registered.get().models().stream()
                .map(model -> model.name().value())
                .filter(name -> declared(name).isPresent())
                .sorted())
        .distinct()
        .toList();
  }
}
