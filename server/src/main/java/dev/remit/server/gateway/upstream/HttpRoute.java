package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.EventReader;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Upstream.Setting;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The way to a Streamable HTTP endpoint.
///
/// The declared headers are set on each call, secrets fetched for that call and dropped with it.
/// Redirects are not followed: they would carry the credential to a place nobody declared.
final class HttpRoute implements Route {
  private static final int EVENT_MAX = 16 * 1024 * 1024;

  private final Upstream.Http declared;
  private final Secrets secrets;
  private final Http1Client client;

  HttpRoute(Upstream.Http declared, Secrets secrets) {
    this.declared = declared;
    this.secrets = secrets;
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
    var request =
        switch (departure) {
          case Departure.Post _ -> client.post();
          case Departure.Listen _ -> client.get();
          case Departure.Leave _ -> client.delete();
        };
    request.readTimeout(departure.patience());
    departure.headers().forEach((name, value) -> request.header(HeaderNames.create(name), value));
    if (!departure.session().isEmpty()) {
      request.header(Names.SESSION, departure.session());
    }
    credentials(request);
    try {
      var response =
          departure instanceof Departure.Post post
              ? request.submit(post.bytes())
              : request.request();
      return new Answered(response);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  private void credentials(Http1ClientRequest request) throws UpstreamFailure {
    for (var header : declared.headers().entrySet()) {
      request.header(HeaderNames.create(header.getKey()), value(secrets, header.getValue()));
    }
  }

  /// Returns what a setting says, fetching it if it is secret.
  static String value(Secrets secrets, Setting setting) throws UpstreamFailure {
    return switch (setting) {
      case Setting.Plain(var value) -> value;
      case Setting.Secret(var name) ->
          secrets
              .open(new SecretName(name))
              .map(SecretValue::reveal)
              .orElseThrow(() ->
                  new UpstreamFailure(
                      Kind.UNREACHABLE, "the secret `" + name + "` is not stored", null));
    };
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
  public void end(TaskId task) {}

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
    private final Map<String, String> headers = new HashMap<>();

    Answered(Http1ClientResponse response) {
      this.response = response;
      response
          .headers()
          .forEach(header -> headers.put(header.name().toLowerCase(Locale.ROOT), header.get()));
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
          return events.next();
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
        return bytes;
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
