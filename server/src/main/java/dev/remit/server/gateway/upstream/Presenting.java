package dev.remit.server.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.aws.AwsKeys;
import dev.remit.server.credentials.aws.SigV4;
import dev.remit.server.credentials.oauth.AccessToken;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.registry.HttpAuth;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Upstream.Setting;
import dev.remit.server.store.DatabaseUnavailable;
import java.net.URI;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Puts into one request what says who is calling: fetched for this request, dropped with it.
public final class Presenting {
  private final ResourceName resource;
  private final Upstream.Http declared;
  private final Secrets secrets;
  private final UpstreamTokens tokens;
  private final InstantSource clock;

  public Presenting(
      ResourceName resource,
      Upstream.Http declared,
      Secrets secrets,
      UpstreamTokens tokens,
      InstantSource clock) {
    this.resource = resource;
    this.declared = declared;
    this.secrets = secrets;
    this.tokens = tokens;
    this.clock = clock;
  }

  /// What a request carries. Prints nothing of it.
  ///
  /// @param query as it goes over the wire; empty for what the URL says already
  /// @param fetched the token, where it is one that another may be fetched for
  /// @param confidential what of it must not come back to an agent
  public record Presented(
      Map<String, String> headers,
      String query,
      Optional<AccessToken> fetched,
      List<String> confidential) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  /// Returns a request as it is sent, with what the upstream wants to see.
  ///
  /// @param headers that go along anyway; names in lower case
  public Presented present(TaskId task, String method, Map<String, String> headers, byte[] body)
      throws UpstreamFailure {
    try {
      return presented(task, method, headers, body);
    } catch (SecretUnavailable e) {
      throw new UpstreamFailure(Kind.UNREACHABLE, String.valueOf(e.getMessage()), null);
    } catch (DatabaseUnavailable e) {
      throw new UpstreamFailure(
          Kind.UNREACHABLE, "its credential could not be read: the database is away", e);
    }
  }

  private Presented presented(
      TaskId task, String method, Map<String, String> headers, byte[] body) {
    var confidential = new ArrayList<String>();
    var added = new HashMap<String, String>();
    for (var header : declared.headers().entrySet()) {
      added.put(header.getKey(), value(header.getValue(), confidential));
    }
    var query = query(confidential);
    var fetched = Optional.<AccessToken>empty();
    switch (declared.auth()) {
      case HttpAuth.None() -> {}
      case HttpAuth.Basic(var user, var password) -> {
        var pair = user + ":" + open(password, confidential);
        var encoded = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
        confidential.add(encoded);
        added.put("Authorization", "Basic " + encoded);
      }
      case HttpAuth.ClientCredentials auth ->
          fetched = Optional.of(tokens.token(resource, auth, task));
      case HttpAuth.RefreshToken auth -> fetched = Optional.of(tokens.token(resource, auth));
      case HttpAuth.AwsSigV4 auth -> {
        var keys = keys(auth, confidential);
        added.putAll(signed(auth, keys, method, headers, query, body));
      }
    }
    fetched.ifPresent(token -> {
      confidential.add(token.value());
      added.put("Authorization", "Bearer " + token.value());
    });
    return new Presented(added, query, fetched, confidential);
  }

  /// The query of the URL and the declared one, or nothing where none is declared.
  private String query(List<String> confidential) {
    if (declared.query().isEmpty()) {
      return "";
    }
    var own = Optional.ofNullable(declared.url().getRawQuery()).map(text -> text + "&").orElse("");
    var all = new TreeMap<String, String>();
    declared.query().forEach((name, setting) -> all.put(name, value(setting, confidential)));
    return own
        + all.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private AwsKeys keys(HttpAuth.AwsSigV4 auth, List<String> confidential) {
    return new AwsKeys(
        open(auth.accessKeyId(), confidential),
        open(auth.secretAccessKey(), confidential),
        auth.sessionToken().map(name -> open(name, confidential)).orElse(""));
  }

  private Map<String, String> signed(
      HttpAuth.AwsSigV4 auth,
      AwsKeys keys,
      String method,
      Map<String, String> headers,
      String query,
      byte[] body) {
    var added = new LinkedHashMap<String, String>();
    added.put("x-amz-content-sha256", SigV4.digest(body));
    var signed = new ArrayList<SigV4.Header>();
    signed.add(new SigV4.Header("host", host(declared.url())));
    added.forEach((name, value) -> signed.add(new SigV4.Header(name, value)));
    // What proxies on the way may change is not signed; what says what is meant is.
    Optional.ofNullable(headers.get("content-type"))
        .ifPresent(type -> signed.add(new SigV4.Header("content-type", type)));
    var path = Optional.of(declared.url().getRawPath()).filter(text -> !text.isEmpty()).orElse("/");
    var asked =
        query.isEmpty() ? Optional.ofNullable(declared.url().getRawQuery()).orElse("") : query;
    added.putAll(
        new SigV4(auth.region(), auth.service())
            .sign(new SigV4.Request(method, path, asked, signed, body), keys, clock.instant()));
    return added;
  }

  /// As the client says it: without the port that the scheme implies.
  static String host(URI url) {
    boolean isUsual =
        url.getPort() < 0 || url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
    return isUsual ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  private String value(Setting setting, List<String> confidential) {
    return switch (setting) {
      case Setting.Plain(var value) -> value;
      case Setting.Secret(var name) -> open(name, confidential);
    };
  }

  private String open(String name, List<String> confidential) {
    var value = secrets.presented(new SecretName(name)).reveal();
    confidential.add(value);
    return value;
  }
}
