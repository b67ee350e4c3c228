package dev.remit.server.signin;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.helidon.webclient.spi.DnsResolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who the clients are that send people here: each says so itself, at the address that is its id.
///
/// The address is whatever a stranger wrote into a link, so it is fetched carefully: only for
/// people who are signed in, over TLS, without redirects and proxies, within a size and a time that
/// cover all of it, and never from this network: the address that was looked up and found to be
/// public is the one that is connected to. What was found is used for five minutes.
///
/// Source: draft-ietf-oauth-client-id-metadata-document-00, sections 3, 4 and 6.5.
final class Clients {
  private static final int BYTES_MAX = 16 * 1024;
  private static final int KEPT_MAX = 500;
  private static final int ID_CHARS_MAX = 500;
  private static final Duration WITHIN = Duration.ofSeconds(3);
  private static final Duration FRESH_FOR = Duration.ofMinutes(5);

  private final boolean privateAddresses;
  private final Http1Client http;
  private final Map<URI, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Kept> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /// @param privateAddresses whether metadata may lie within this network, or on this machine
  /// @param tls whom to trust
  Clients(boolean privateAddresses, Tls tls) {
    this.privateAddresses = privateAddresses;
    this.http =
        Http1Client.builder()
            .followRedirects(false)
            .proxy(Proxy.noProxy())
            .tls(tls)
            .dnsResolver(new Guarded())
            .connectTimeout(WITHIN)
            .readTimeout(WITHIN)
            .keepAlive(false)
            .shareConnectionCache(false)
            .build();
  }

  private record Kept(Client client, Instant until) {}

  sealed interface Found {
    record Known(Client client) implements Found {}

    /// It cannot be told who it is.
    ///
    /// @param why in words for the client's developer
    record Refused(String why) implements Found {}
  }

  /// Returns the client with this id.
  Found of(String id, Instant now) {
    URI uri;
    try {
      uri = URI.create(id);
    } catch (IllegalArgumentException e) {
      return new Found.Refused("its `client_id` is not an address");
    }
    var wrong = wrong(uri, id);
    if (!wrong.isEmpty()) {
      return new Found.Refused(wrong);
    }
    synchronized (kept) {
      var known = kept.get(uri);
      if (known != null && now.isBefore(known.until())) {
        return new Found.Known(known.client());
      }
    }
    return fetched(uri, now);
  }

  private static String wrong(URI uri, String id) {
    if (!Addresses.isHttps(uri) || id.length() > ID_CHARS_MAX) {
      return "its `client_id` must be the https address of its metadata document";
    }
    var path = uri.getRawPath();
    boolean whole =
        path != null
            && path.length() > 1
            && uri.getRawFragment() == null
            && uri.normalize().equals(uri)
            && !path.matches("(?i).*(/|^)(\\.|%2e){1,2}(/|$).*");
    return whole
        ? ""
        : "its `client_id` needs a path, and neither fragment, user nor dots as a path segment";
  }

  private Found fetched(URI uri, Instant now) {
    try {
      return switch (ClientMetadata.read(uri, fetch(uri))) {
        case ClientMetadata.Read.Unusable(var why) -> new Found.Refused(why);
        case ClientMetadata.Read.Of(var client) -> {
          synchronized (kept) {
            kept.put(uri, new Kept(client, now.plus(FRESH_FOR)));
          }
          yield new Found.Known(client);
        }
      };
    } catch (Unfetched e) {
      return new Found.Refused(e.why);
    } catch (RuntimeException e) {
      // Helidon says by unchecked exceptions whatever goes wrong on the way.
      return new Found.Refused(
          causedByGuard(e)
              ? "its metadata lies at an address within this network"
                  + " (`signIn.privateClients` would allow that)"
              : "its metadata cannot be fetched");
    }
  }

  private byte[] fetch(URI uri) throws Unfetched {
    long deadline = System.nanoTime() + WITHIN.toNanos();
    try (Http1ClientResponse response =
        http.get()
            .uri(uri)
            .header(HeaderNames.ACCEPT, "application/json")
            .skipUriEncoding(true)
            .request()) {
      if (!response.status().equals(Status.OK_200)) {
        throw new Unfetched("its metadata is answered with status " + response.status().code());
      }
      return body(response, deadline);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] body(Http1ClientResponse response, long deadline)
      throws IOException, Unfetched {
    var body = new ByteArrayOutputStream();
    try (var in = response.inputStream()) {
      var buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > BYTES_MAX) {
          throw new Unfetched("its metadata is larger than " + BYTES_MAX + " bytes");
        }
        // Each read has its own limit; a body that trickles would outlast it.
        if (System.nanoTime() > deadline) {
          throw new Unfetched("its metadata takes longer than " + WITHIN.toSeconds() + " s");
        }
      }
    }
    return body.toByteArray();
  }

  private static final class Unfetched extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    Unfetched(String why) {
      super(why);
      this.why = why;
    }
  }

  private static final class WithinThisNetwork extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    WithinThisNetwork(String host) {
      super(host + " lies within this network");
    }
  }

  private static boolean causedByGuard(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof WithinThisNetwork) {
        return true;
      }
    }
    return false;
  }

  /// Looks a host up once, and lets through what may be connected to.
  private final class Guarded implements DnsResolver {

    @Override
    public InetAddress resolveAddress(String host, DnsAddressLookup lookup) {
      try {
        var all = InetAddress.getAllByName(host);
        for (var address : all) {
          if (!privateAddresses && !PublicAddress.is(address)) {
            throw new WithinThisNetwork(host);
          }
        }
        // With the name that was asked for: else an address would be looked up backwards, and the
        // certificate be compared with whatever that says.
        return InetAddress.getByAddress(host, all[0].getAddress());
      } catch (UnknownHostException e) {
        throw new UncheckedIOException("look up " + host, e);
      }
    }
  }
}
