package dev.remit.server.models;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/// The way to each place where models answer, made when it is first needed and made anew when its
/// declaration changes.
final class Providers implements AutoCloseable {
  private final Secrets secrets;
  private final UpstreamTokens tokens;
  private final InstantSource clock;
  private final ConcurrentHashMap<ResourceName, Made> made = new ConcurrentHashMap<>();

  private record Made(Upstream.Models declared, Provider provider) {}

  Providers(Secrets secrets, UpstreamTokens tokens, InstantSource clock) {
    this.secrets = secrets;
    this.tokens = tokens;
    this.clock = clock;
  }

  Provider to(Resource resource) {
    if (!(resource.upstream() instanceof Upstream.Models declared)) {
      throw new IllegalArgumentException("no models answer at " + resource.name());
    }
    return made.compute(
            resource.name(),
            (_, before) ->
                before != null && before.declared().equals(declared)
                    ? before
                    : new Made(
                        declared,
                        // Questions under way end on the client they began with.
                        new Provider(resource.name(), declared, secrets, tokens, clock)))
        .provider();
  }

  @Override
  public void close() {
    made.values().forEach(one -> one.provider().close());
    made.clear();
  }
}
