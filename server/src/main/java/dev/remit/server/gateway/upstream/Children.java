package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.registry.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/// The running processes of one declared server, each with the conversation it holds, by a key that
/// says whose it is.
///
/// While processes keep dying by themselves, the next start is delayed.
final class Children implements AutoCloseable {
  private final ResourceName resource;
  private final Upstream.Stdio declared;
  private final Secrets secrets;
  private final MessageReader reader;
  private final Path scratch;
  private final InstantSource clock;
  private final int runningMax;
  private final Backoff backoff = new Backoff();
  private final ConcurrentHashMap<String, StdioSession> running = new ConcurrentHashMap<>();

  Children(
      ResourceName resource,
      Upstream.Stdio declared,
      Secrets secrets,
      MessageReader reader,
      Path scratch,
      InstantSource clock,
      int runningMax) {
    this.resource = resource;
    this.declared = declared;
    this.secrets = secrets;
    this.reader = reader;
    this.scratch = scratch;
    this.clock = clock;
    this.runningMax = runningMax;
  }

  Optional<StdioSession> of(String key) {
    return Optional.ofNullable(running.get(key));
  }

  /// Starts a process for `key`, which has none.
  ///
  /// @param blamesServer asked when the process dies: whether that speaks against starting another
  /// @throws UpstreamFailure if it does not start, or must not now
  StdioSession start(String key, Era era, BooleanSupplier blamesServer) throws UpstreamFailure {
    var startedAt = clock.instant();
    mayStart(startedAt);
    var environment = ChildEnvironment.of(declared, secrets, System.getenv());
    var command = new ArrayList<String>();
    command.add(declared.command());
    command.addAll(declared.args());
    var session =
        new StdioSession(
            "server of " + resource,
            reader,
            era,
            () -> {
              running.remove(key);
              if (blamesServer.getAsBoolean()) {
                backoff.died(startedAt, clock.instant());
              }
            });
    running.put(key, session);
    try {
      session.runs(
          Child.start(
              "server of " + resource,
              command,
              environment,
              directory(),
              session::receive,
              session::died));
      return session;
    } catch (IOException e) {
      running.remove(key);
      backoff.died(startedAt, clock.instant());
      throw new UpstreamFailure(
          Kind.UNREACHABLE, "`" + declared.command() + "` cannot be started", e);
    }
  }

  private void mayStart(Instant now) throws UpstreamFailure {
    if (running.size() >= runningMax) {
      throw new UpstreamFailure(
          Kind.UNREACHABLE, runningMax + " of its processes are running already", null);
    }
    var pause = backoff.left(now);
    if (!pause.isZero()) {
      throw new UpstreamFailure(
          Kind.UNREACHABLE,
          "its processes keep ending; the next start is in " + pause.toMillis() + " ms",
          null);
    }
  }

  void end(String key) {
    var ended = running.remove(key);
    if (ended != null) {
      ended.end();
    }
  }

  @Override
  public void close() {
    running.keySet().forEach(this::end);
  }

  private Path directory() throws IOException {
    return declared.cwd().isPresent()
        ? Path.of(declared.cwd().get())
        : Files.createDirectories(scratch.resolve(resource.value()));
  }
}
