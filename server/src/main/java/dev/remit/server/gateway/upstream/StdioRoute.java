package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Method;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The way to a server that runs as a child process: one process per legacy session, and one per
/// task for the modern era, which has no sessions, so that nothing one task has said to it can
/// reach another.
///
/// `initialize` starts the process of a session and passes through to it, so each version that the
/// server itself negotiates is what the client gets. A process that dies takes its session with it;
/// the client opens a new one. A modern process that dies is started again by the next request.
final class StdioRoute implements Route {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Children children;
  private final EraProbe probe;

  /// Held while the process of a task is looked for and started.
  private final ReentrantLock starting = new ReentrantLock();

  StdioRoute(Children children, EraProbe probe) {
    this.children = children;
    this.probe = probe;
  }

  @Override
  public Arrival send(Departure departure) throws UpstreamFailure {
    if (departure instanceof Departure.Post post
        && post.message() instanceof Message.Request request) {
      if (departure.isModern()) {
        return ofTask(departure.task()).ask(request, post.bytes(), post.patience());
      }
      if (request.method().equals(Method.INITIALIZE.toString())) {
        return open(post, request);
      }
    }
    var session = children.of(key(departure));
    if (session.isEmpty()) {
      int status = departure.session().isEmpty() ? 400 : 404;
      return StdioArrival.whole(status, Map.of(), new byte[0]);
    }
    return switch (departure) {
      case Departure.Post post ->
          switch (post.message()) {
            case Message.Request request ->
                session.get().ask(request, post.bytes(), post.patience());
            case Message.Notice _, Message.Answer _, Message.Complaint _ ->
                session.get().tell(post.bytes());
          };
      case Departure.Listen listen -> session.get().listen(listen.patience());
      case Departure.Leave leave -> {
        end(leave.session());
        yield StdioArrival.whole(200, Map.of(), new byte[0]);
      }
    };
  }

  private Arrival open(Departure.Post post, Message.Request request) throws UpstreamFailure {
    var id = fresh();
    var session = children.start(id, Era.LEGACY, () -> true);
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

  /// Returns the process of a task, started if there is none.
  private StdioSession ofTask(TaskId task) throws UpstreamFailure {
    lock();
    try {
      var known = children.of(key(task));
      return known.isPresent() ? known.get() : children.start(key(task), Era.MODERN, () -> true);
    } finally {
      starting.unlock();
    }
  }

  /// A server is asked once, in the process that then serves the task; what it says is remembered.
  @Override
  public boolean speaksModern(TaskId task) throws UpstreamFailure {
    var known = probe.known();
    if (known.isPresent()) {
      return known.get();
    }
    lock();
    try {
      var meanwhile = probe.known();
      return meanwhile.isPresent() ? meanwhile.get() : asked(task);
    } finally {
      starting.unlock();
    }
  }

  private boolean asked(TaskId task) throws UpstreamFailure {
    // A legacy server may well end when something comes before `initialize`; that is no fault.
    var session = children.start(key(task), Era.MODERN, () -> probe.known().orElse(false));
    boolean isModern = false;
    try {
      isModern = probe.ask(session);
      return isModern;
    } finally {
      if (!isModern) {
        end(task);
      }
    }
  }

  private void lock() throws UpstreamFailure {
    try {
      starting.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamFailure(Kind.UNREACHABLE, "waiting for its process was given up", e);
    }
  }

  @Override
  public void end(String session) {
    children.end(session);
  }

  @Override
  public void end(TaskId task) {
    children.end(key(task));
  }

  @Override
  public void close() {
    children.close();
  }

  private static String key(Departure departure) {
    return departure.isModern() ? key(departure.task()) : departure.session();
  }

  /// Never the id of a session, which has no blank.
  private static String key(TaskId task) {
    return "task " + task.value();
  }

  private static String fresh() {
    byte[] random = new byte[24];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
