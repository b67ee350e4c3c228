package dev.remit.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts every operation of every feature behind one door: know the caller, check the access, read
/// the bounded body, run, and say a failure as a problem.
///
/// A handler that throws has met a broken world or a bug. `broken` says the first kind (the
/// database is away, an upstream is); whatever it does not know is a bug, logged in full and told
/// to the caller as no more than that.
public final class Edge {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;

  private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-ID");
  private static final int REQUEST_ID_CHARS_MAX = 1_024;

  private final InstantSource clock;
  private final Callers callers;
  private final PageDoor pages;
  private final Function<RuntimeException, Optional<Problem>> broken;

  public Edge(
      InstantSource clock, Callers callers, Function<RuntimeException, Optional<Problem>> broken) {
    this(clock, callers, PageDoor.CLOSED, broken);
  }

  /// @param pages knows whoever is signed in
  public Edge(
      InstantSource clock,
      Callers callers,
      PageDoor pages,
      Function<RuntimeException, Optional<Problem>> broken) {
    this.clock = clock;
    this.callers = callers;
    this.pages = pages;
    this.broken = broken;
  }

  /// Returns the routing of `operations` and for their description.
  ///
  /// @throws IllegalArgumentException if two operations have the same method and path
  public HttpRouting.Builder routing(List<Operation> operations) {
    var all = OpenApi.including(operations);
    var seen = new HashSet<String>();
    var routing = HttpRouting.builder();
    for (var operation : all) {
      if (!seen.add(operation.name())) {
        throw new IllegalArgumentException("two operations are " + operation.name());
      }
      routing.route(
          io.helidon.http.Method.create(operation.method().name()),
          operation.path(),
          (request, response) -> serve(operation, request, response));
    }
    routing.any((request, response) -> send(response, Reply.problem(unknown(request))));
    return routing;
  }

  private void serve(Operation operation, ServerRequest request, ServerResponse response)
      throws Exception {
    switch (operation.answer()) {
      case Operation.Answer.Streamed(var handler) -> handler.handle(request, response);
      case Operation.Answer.Whole(var handler) ->
          send(response, echoing(request, answer(operation, handler, request)));
      case Operation.Answer.Flowing(var handler) -> flow(operation, handler, request, response);
    }
  }

  private void flow(
      Operation operation, FlowingHandler handler, ServerRequest request, ServerResponse response)
      throws IOException {
    var flow = new AtomicReference<@Nullable Flow>();
    var reply =
        answer(
            operation,
            call -> {
              flow.set(handler.handle(call));
              return Reply.empty(200);
            },
            request);
    var echoed = echoing(request, reply);
    var flowing = flow.get();
    if (flowing == null) {
      send(response, echoed);
      return;
    }
    echoed.headers().forEach(response::header);
    response.header(HeaderNames.CONTENT_TYPE, flowing.contentType());
    response.header("Cache-Control", "no-store");
    try (var out = response.outputStream()) {
      flowing.writing().to(out);
    }
  }

  /// Whoever names a request finds the name on its answer, whatever the answer is.
  private static Reply echoing(ServerRequest request, Reply reply) {
    return request
        .headers()
        .first(REQUEST_ID)
        .filter(id -> id.length() <= REQUEST_ID_CHARS_MAX)
        .map(id -> reply.with(REQUEST_ID.defaultCase(), id))
        .orElse(reply);
  }

  private Reply answer(Operation operation, Handler handler, ServerRequest request) {
    var now = clock.instant();
    var presented = Presented.by(request);
    if (operation.access() instanceof Access.SignedIn signedIn) {
      return page(operation, signedIn, handler, request, now);
    }
    try {
      var caller = callers.of(presented, now);
      var refusal = Gate.refusal(operation.access(), caller);
      if (refusal.isPresent()) {
        return refused(refusal.get(), caller);
      }
      return handler.handle(call(caller, request, now));
    } catch (ProblemException e) {
      return Reply.problem(e.problem());
    } catch (RuntimeException e) {
      return Reply.problem(broken.apply(e).orElseGet(() -> bug(operation, e)));
    }
  }

  /// The same for people before a browser, who read pages and not problems.
  private Reply page(
      Operation operation,
      Access.SignedIn access,
      Handler handler,
      ServerRequest request,
      Instant now) {
    Call call;
    try {
      call = call(new Caller.Anonymous(), request, now);
    } catch (ProblemException e) {
      return Reply.problem(e.problem());
    }
    try {
      var caller = pages.of(call);
      var refusal = Gate.refusal(access, caller).or(() -> pages.foreign(call));
      return refusal.isPresent()
          ? pages.says(refusal.get(), call)
          : handler.handle(call.by(caller));
    } catch (ProblemException e) {
      return pages.says(e.problem(), call);
    } catch (RuntimeException e) {
      return pages.says(broken.apply(e).orElseGet(() -> bug(operation, e)), call);
    }
  }

  private static Call call(Caller caller, ServerRequest request, Instant now) {
    return new Call(
        caller,
        Presented.by(request),
        now,
        params(request),
        query(request),
        headers(request),
        body(request));
  }

  private static Reply refused(Problem problem, Caller caller) {
    var reply = Reply.problem(problem);
    if (problem.status() != 401) {
      return reply;
    }
    reply = reply.with("WWW-Authenticate", "Bearer");
    if (caller instanceof Caller.Unrecognised(_, var headers)) {
      for (var header : headers.entrySet()) {
        reply = reply.with(header.getKey(), header.getValue());
      }
    }
    return reply;
  }

  private static Problem bug(Operation operation, RuntimeException e) {
    LOG.error("{} failed", operation.name(), e);
    return new Problem(
        500,
        "internal",
        "the server failed in a way it does not expect",
        "look at the server's log for `" + operation.name() + "` and report it");
  }

  private static Problem unknown(ServerRequest request) {
    return new Problem(
        404,
        "no-such-operation",
        "there is no " + request.prologue().method().text() + " " + request.path().path(),
        "see GET /v1/openapi.json for what there is");
  }

  private static Map<String, String> params(ServerRequest request) {
    var params = new HashMap<String, String>();
    var given = request.path().pathParameters();
    for (var name : given.names()) {
      params.put(name, given.get(name));
    }
    return params;
  }

  private static Map<String, String> query(ServerRequest request) {
    var query = new HashMap<String, String>();
    for (var name : request.query().names()) {
      query.put(name, request.query().get(name));
    }
    return query;
  }

  private static Map<String, String> headers(ServerRequest request) {
    var headers = new HashMap<String, String>();
    request
        .headers()
        .forEach(
            header -> headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get()));
    return headers;
  }

  private static byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
      if (body.length > BODY_BYTES_MAX) {
        throw new ProblemException(
            new Problem(
                413,
                "too-large",
                "the body is larger than " + BODY_BYTES_MAX + " bytes",
                "send less at once"));
      }
      return body;
    } catch (IOException e) {
      throw new ProblemException(
          Problem.badRequest("the body ended too early", "send the request again"));
    }
  }

  private static void send(ServerResponse response, Reply reply) {
    response.status(Status.create(reply.status()));
    reply.headers().forEach(response::header);
    if (!reply.contentType().isEmpty()) {
      response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
    }
    response.header("Cache-Control", reply.headers().getOrDefault("Cache-Control", "no-store"));
    response.send(reply.body());
  }
}
