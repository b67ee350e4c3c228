package dev.remit.server.models;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.gateway.upstream.Echo;
import dev.remit.server.gateway.upstream.Presenting;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Event;
import dev.remit.server.gateway.wire.EventReader;
import dev.remit.server.registry.Upstream;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The way to a place where models answer.
///
/// The key is fetched for each question and dropped with it, and taken out of what comes back.
/// Redirects are not followed: they would carry it to a place nobody declared.
final class Provider implements AutoCloseable {
  private final ResourceName resource;
  private final Upstream.Models declared;
  private final Secrets secrets;
  private final UpstreamTokens tokens;
  private final InstantSource clock;
  private final Http1Client client;

  Provider(
      ResourceName resource,
      Upstream.Models declared,
      Secrets secrets,
      UpstreamTokens tokens,
      InstantSource clock) {
    this.resource = resource;
    this.declared = declared;
    this.secrets = secrets;
    this.tokens = tokens;
    this.clock = clock;
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

  /// Sends `body` and returns the answer as soon as it begins.
  ///
  /// @param headers that travel on, under lower-case names
  Arrival send(
      Endpoint endpoint, TaskId task, Map<String, String> headers, byte[] body, Duration patience)
      throws UpstreamFailure {
    var url = URI.create(declared.url() + "/v1/" + endpoint.path());
    var presented =
        new Presenting(
                resource,
                new Upstream.Http(
                    url, declared.headers(), declared.query(), declared.auth(), Map.of()),
                secrets,
                tokens,
                clock)
            .present(task, "POST", headers, body);
    var request =
        client
            .post()
            .uri(presented.query().isEmpty() ? url : URI.create(url + "?" + presented.query()))
            .readTimeout(patience);
    headers.forEach((name, value) -> request.header(HeaderNames.create(name), value));
    presented.headers().forEach((name, value) -> request.header(HeaderNames.create(name), value));
    try {
      var arrival = new Arrival(request.submit(body), new Echo(presented.confidential()));
      if (arrival.status() == 401) {
        presented.fetched().ifPresent(tokens::refused);
      }
      return arrival;
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    client.closeResource();
  }

  private static UpstreamFailure failure(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return new UpstreamFailure(Kind.UNREACHABLE, "it refuses connections", e);
      }
      if (cause instanceof SocketTimeoutException) {
        return new UpstreamFailure(Kind.SILENT, "it fell silent", e);
      }
    }
    return new UpstreamFailure(Kind.BROKEN, "the connection broke", e);
  }

  /// An answer whose body is still in the connection. Belongs to one thread.
  static final class Arrival implements AutoCloseable {
    private final Http1ClientResponse response;
    private final Echo echo;
    private final Map<String, String> headers = new HashMap<>();

    private Arrival(Http1ClientResponse response, Echo echo) {
      this.response = response;
      this.echo = echo;
      response
          .headers()
          .forEach(header ->
              headers.put(header.name().toLowerCase(Locale.ROOT), echo.without(header.get())));
    }

    int status() {
      return response.status().code();
    }

    Map<String, String> headers() {
      return headers;
    }

    boolean isStream() {
      return headers
          .getOrDefault("content-type", "")
          .toLowerCase(Locale.ROOT)
          .startsWith("text/event-stream");
    }

    /// Reads all of it.
    ///
    /// @throws UpstreamFailure if it breaks, stalls, or is longer than `max` bytes
    byte[] whole(int max) throws UpstreamFailure {
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
      } catch (IOException | RuntimeException e) {
        throw failure(e);
      }
    }

    Events events(int eventMax) {
      return new Events(new EventReader(response.inputStream(), eventMax), echo);
    }

    @Override
    public void close() {
      try {
        response.close();
      } catch (UncheckedIOException | IllegalStateException e) {
        // The other side has gone already; there is nothing left to free.
        return;
      }
    }
  }

  /// Events that are still to come. Belongs to one thread.
  static final class Events {
    private final EventReader reader;
    private final Echo echo;

    private Events(EventReader reader, Echo echo) {
      this.reader = reader;
      this.echo = echo;
    }

    /// Waits for the next event; empty once the stream has ended in order.
    Optional<Event> next() throws UpstreamFailure {
      try {
        return echo.without(reader.next());
      } catch (IOException | RuntimeException e) {
        throw failure(e);
      }
    }

    /// Whether the next event has come already.
    boolean isNextHere() {
      return reader.isNextHere();
    }
  }
}
