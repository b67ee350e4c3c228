package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.EventReader;
import dev.remit.server.registry.Upstream;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The way to a Streamable HTTP endpoint.
///
/// What says who is calling is fetched for each call and dropped with it ([Presenting]), and taken
/// out of what comes back ([Echo]). Redirects are not followed: they would carry the credential to
/// a place nobody declared.
final class HttpRoute implements Route {
  private static final int EVENT_MAX = 16 * 1024 * 1024;

  private static final byte[] NOTHING = new byte[0];

  private final ResourceName resource;
  private final Upstream.Http declared;
  private final UpstreamTokens tokens;
  private final Presenting presenting;
  private final Http1Client client;

  HttpRoute(
      ResourceName resource,
      Upstream.Http declared,
      Secrets secrets,
      UpstreamTokens tokens,
      InstantSource clock) {
    this.resource = resource;
    this.declared = declared;
    this.tokens = tokens;
    this.presenting = new Presenting(resource, declared, secrets, tokens, clock);
    this.client =
        Http1Client.builder()
            .baseUri(declared.url())
            .followRedirects(false)
            // Else a body that follows its headers may wait 40 ms for their acknowledgement.
            .socketOptions(options -> options.tcpNoDelay(true))
            .connectionCacheSize(512)
            .shareConnectionCache(false)
            .build();
  }

  @Override
  public Arrival send(Departure departure) throws UpstreamFailure {
    var first = presenting(departure);
    var answered = sent(departure, first);
    if (answered.status() != 401 || first.fetched().isEmpty()) {
      return answered;
    }
    // A token may be withdrawn before its time. Nothing was done with the request, so it may come
    // again, once, with another token.
    answered.close();
    tokens.refused(first.fetched().get());
    return sent(departure, presenting(departure));
  }

  private Presenting.Presented presenting(Departure departure) throws UpstreamFailure {
    return switch (departure) {
      case Departure.Post post ->
          presenting.present(post.task(), "POST", post.headers(), post.bytes());
      case Departure.Listen listen ->
          presenting.present(listen.task(), "GET", listen.headers(), NOTHING);
      case Departure.Leave leave ->
          presenting.present(leave.task(), "DELETE", leave.headers(), NOTHING);
    };
  }

  private Answered sent(Departure departure, Presenting.Presented presented)
      throws UpstreamFailure {
    var request =
        switch (departure) {
          case Departure.Post _ -> client.post();
          case Departure.Listen _ -> client.get();
          case Departure.Leave _ -> client.delete();
        };
    request.readTimeout(departure.patience());
    if (!presented.query().isEmpty()) {
      request.uri(withQuery(presented.query()));
    }
    departure.headers().forEach((name, value) -> request.header(HeaderNames.create(name), value));
    if (!departure.session().isEmpty()) {
      request.header(Names.SESSION, departure.session());
    }
    presented.headers().forEach((name, value) -> request.header(HeaderNames.create(name), value));
    try {
      var response =
          departure instanceof Departure.Post post
              ? request.submit(post.bytes())
              : request.request();
      return new Answered(response, new Echo(presented.confidential()));
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  private URI withQuery(String query) {
    var url = declared.url().toString();
    int end = url.indexOf('?');
    return URI.create((end < 0 ? url : url.substring(0, end)) + "?" + query);
  }

  private static UpstreamFailure failure(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return new UpstreamFailure(Kind.UNREACHABLE, "it refuses connections", e);
      }
      if (cause instanceof SocketTimeoutException) {
        return new UpstreamFailure(Kind.SILENT, "it did not answer in time", e);
      }
    }
    return new UpstreamFailure(Kind.BROKEN, "the connection broke before an answer", e);
  }

  @Override
  public boolean speaksModern(TaskId task) {
    return true;
  }

  @Override
  public void end(String session) {}

  @Override
  public void end(TaskId task) {
    tokens.end(resource, task);
  }

  @Override
  public void close() {
    client.closeResource();
  }

  private static final class Names {
    static final HeaderName SESSION = HeaderNames.create("mcp-session-id");
  }

  /// An answer whose body is still in the connection.
  private static final class Answered implements Arrival {
    private final Http1ClientResponse response;
    private final Echo echo;
    private final Map<String, String> headers = new HashMap<>();

    Answered(Http1ClientResponse response, Echo echo) {
      this.response = response;
      this.echo = echo;
      response
          .headers()
          .forEach(header ->
              headers.put(header.name().toLowerCase(Locale.ROOT), echo.without(header.get())));
    }

    @Override
    public int status() {
      return response.status().code();
    }

    @Override
    public Map<String, String> headers() {
      return headers;
    }

    @Override
    public Content content() {
      boolean streams =
          headers
              .getOrDefault("content-type", "")
              .toLowerCase(Locale.ROOT)
              .startsWith("text/event-stream");
      if (!streams) {
        return new Content.Whole(this::body);
      }
      var events = new EventReader(response.inputStream(), EVENT_MAX);
      return new Content.Stream(() -> {
        try {
          return echo.without(events.next());
        } catch (IOException e) {
          throw Arrival.failure(e);
        } catch (UncheckedIOException e) {
          throw failure(e);
        } catch (RuntimeException e) {
          throw failure(e);
        }
      });
    }

    private byte[] body(int max) throws UpstreamFailure {
      if (!response.entity().hasEntity()) {
        return new byte[0];
      }
      try (InputStream in = response.inputStream()) {
        byte[] bytes = in.readNBytes(max + 1);
        if (bytes.length > max) {
          throw new UpstreamFailure(
              Kind.BROKEN, "its answer is longer than " + max + " bytes", null);
        }
        return echo.without(bytes);
      } catch (IOException e) {
        throw Arrival.failure(e);
      } catch (UncheckedIOException e) {
        throw failure(e);
      } catch (RuntimeException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() {
      try {
        response.close();
      } catch (RuntimeException e) {
        // The other side has gone already; there is nothing left to free.
        return;
      }
    }
  }
}
