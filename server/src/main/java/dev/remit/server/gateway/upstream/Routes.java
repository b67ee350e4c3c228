package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/// The way to each resource, made when it is first needed and made anew when its declaration
/// changes.
public final class Routes implements AutoCloseable {
  private final Secrets secrets;
  private final UpstreamTokens tokens;
  private final MessageReader reader;
  private final Path scratch;
  private final InstantSource clock;
  private final StdioLimits limits;
  private final ConcurrentHashMap<ResourceName, Made> made = new ConcurrentHashMap<>();

  private record Made(Upstream declared, Route route) {}

  /// @param scratch where child processes run that declare no directory
  public Routes(
      Secrets secrets,
      UpstreamTokens tokens,
      MessageReader reader,
      Path scratch,
      InstantSource clock,
      StdioLimits limits) {
    this.limits = limits;
    this.secrets = secrets;
    this.tokens = tokens;
    this.reader = reader;
    this.scratch = scratch;
    this.clock = clock;
  }

  public Route to(Resource resource) {
    var known = made.get(resource.name());
    if (known != null && known.declared().equals(resource.upstream())) {
      return known.route();
    }
    return made.compute(resource.name(), (_, before) -> remade(before, resource)).route();
  }

  private Made remade(@org.jspecify.annotations.Nullable Made before, Resource resource) {
    if (before != null) {
      if (before.declared().equals(resource.upstream())) {
        return before;
      }
      before.route().close();
    }
    var route =
        switch (resource.upstream()) {
          case Upstream.Http http -> new HttpRoute(resource.name(), http, secrets, tokens, clock);
          case Upstream.Stdio stdio -> stdio(resource.name(), stdio);
          case Upstream.Database _ ->
              throw new IllegalArgumentException("nothing is forwarded to a database");
          case Upstream.Models _ ->
              throw new IllegalArgumentException("models are not asked by the gateway of tools");
        };
    return new Made(resource.upstream(), route);
  }

  /// Frees what `task` holds at any of them, outside of any session.
  public void end(TaskId task) {
    made.values().forEach(known -> known.route().end(task));
  }

  private StdioRoute stdio(ResourceName resource, Upstream.Stdio declared) {
    return new StdioRoute(
        new Children(
            resource, declared, secrets, reader, scratch, clock, limits.processesPerResourceMax()),
        new EraProbe(reader, clock, limits.discoverWithin(), limits.legacyFor()));
  }

  @Override
  public void close() {
    made.values().forEach(known -> known.route().close());
    made.clear();
  }
}
