package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.registry.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The way to a server that runs as a child process: one process per session, so that nothing one
/// task has said to it can reach another.
///
/// `initialize` starts the process and passes through to it, so each version that the server itself
/// negotiates is what the client gets. A process that dies takes its session with it; the client
/// opens a new one, which is delayed while processes keep dying.
final class StdioRoute implements Route {
  private static final int SESSIONS_MAX = 256;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ResourceName resource;
  private final Upstream.Stdio declared;
  private final Secrets secrets;
  private final MessageReader reader;
  private final Path scratch;
  private final InstantSource clock;
  private final Backoff backoff = new Backoff();
  private final ConcurrentHashMap<String, StdioSession> sessions = new ConcurrentHashMap<>();

  StdioRoute(
      ResourceName resource,
      Upstream.Stdio declared,
      Secrets secrets,
      MessageReader reader,
      Path scratch,
      InstantSource clock) {
    this.resource = resource;
    this.declared = declared;
    this.secrets = secrets;
    this.reader = reader;
    this.scratch = scratch;
    this.clock = clock;
  }

  @Override
  public Arrival send(Departure departure) throws UpstreamFailure {
    if (departure instanceof Departure.Post post
        && post.message() instanceof Message.Request request
        && request.method().equals(Method.INITIALIZE.toString())) {
      return open(post, request);
    }
    var session = sessions.get(departure.session());
    if (session == null) {
      int status = departure.session().isEmpty() ? 400 : 404;
      return StdioArrival.whole(status, Map.of(), new byte[0]);
    }
    return switch (departure) {
      case Departure.Post post ->
          switch (post.message()) {
            case Message.Request request -> session.ask(request, post.bytes(), post.patience());
            case Message.Notice _, Message.Answer _, Message.Complaint _ ->
                session.tell(post.bytes());
          };
      case Departure.Listen listen -> session.listen(listen.patience());
      case Departure.Leave leave -> {
        end(leave.session());
        yield StdioArrival.whole(200, Map.of(), new byte[0]);
      }
    };
  }

  private Arrival open(Departure.Post post, Message.Request request) throws UpstreamFailure {
    var id = fresh();
    start(id);
    var session = sessions.get(id);
    if (session == null) {
      throw new UpstreamFailure(Kind.BROKEN, "its process ended at once", null);
    }
    try {
      var answer = session.ask(request, post.bytes(), post.patience());
      var headers = new java.util.HashMap<>(answer.headers());
      headers.put("mcp-session-id", id);
      return new StdioArrival(answer.status(), headers, answer.content(), answer::close);
    } catch (UpstreamFailure e) {
      end(id);
      throw e;
    }
  }

  private void start(String id) throws UpstreamFailure {
    if (sessions.size() >= SESSIONS_MAX) {
      throw new UpstreamFailure(
          Kind.UNREACHABLE, SESSIONS_MAX + " of its processes are running already", null);
    }
    var startedAt = clock.instant();
    var pause = backoff.left(startedAt);
    if (!pause.isZero()) {
      throw new UpstreamFailure(
          Kind.UNREACHABLE,
          "its processes keep ending; the next start is in " + pause.toMillis() + " ms",
          null);
    }
    var environment = ChildEnvironment.of(declared, secrets, System.getenv());
    var command = new ArrayList<String>();
    command.add(declared.command());
    command.addAll(declared.args());
    var session =
        new StdioSession(
            "server of " + resource,
            reader,
            () -> {
              sessions.remove(id);
              backoff.died(startedAt, clock.instant());
            });
    sessions.put(id, session);
    try {
      var child =
          Child.start(
              "server of " + resource,
              command,
              environment,
              directory(),
              session::receive,
              session::died);
      session.runs(child);
    } catch (IOException e) {
      sessions.remove(id);
      backoff.died(startedAt, clock.instant());
      throw new UpstreamFailure(
          Kind.UNREACHABLE, "`" + declared.command() + "` cannot be started", e);
    }
  }

  private Path directory() throws IOException {
    return declared.cwd().isPresent()
        ? Path.of(declared.cwd().get())
        : Files.createDirectories(scratch.resolve(resource.value()));
  }

  @Override
  public boolean speaksModern() {
    return false;
  }

  @Override
  public void end(String session) {
    var ended = sessions.remove(session);
    if (ended != null) {
      ended.end();
    }
  }

  @Override
  public void close() {
    sessions.keySet().forEach(this::end);
  }

  private static String fresh() {
    byte[] random = new byte[24];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
