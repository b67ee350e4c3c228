package dev.remit.server.registry;

import dev.remit.kernel.identity.Word;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How Remit proves to an HTTP upstream who is calling, beyond headers that are simply set. All
/// that is confidential is named, never written: a `secret` is a name in Remit's store.
public sealed interface HttpAuth {

  /// The secrets it needs, by where the manifest names them.
  default Map<String, String> secrets() {
    var named = new TreeMap<String, String>();
    switch (this) {
      case None() -> {}
      case Basic(_, var password) -> named.put("basic.password", password);
      case ClientCredentials given ->
          given.client().secret().ifPresent(at("oauthClientCredentials.client.secret", named));
      case RefreshToken given -> {
        given.client().secret().ifPresent(at("oauthRefreshToken.client.secret", named));
        named.put("oauthRefreshToken.refreshToken", given.refreshToken());
      }
      case AwsSigV4 keys -> {
        named.put("awsSigV4.accessKeyId", keys.accessKeyId());
        named.put("awsSigV4.secretAccessKey", keys.secretAccessKey());
        keys.sessionToken().ifPresent(at("awsSigV4.sessionToken", named));
      }
    }
    return named;
  }

  private static java.util.function.Consumer<String> at(String path, Map<String, String> named) {
    return secret -> named.put(path, secret);
  }

  /// Nothing more.
  record None() implements HttpAuth {}

  /// RFC 7617.
  ///
  /// @param password a secret
  record Basic(String user, String password) implements HttpAuth {}

  /// An access token that Remit fetches for itself: RFC 6749, section 4.4.
  ///
  /// @param scopes what is asked for; all that the client has when empty
  /// @param audience for servers that want to know for whom; RFC 8707 says `resource` for that
  /// @param revokeAt where a token is given back (RFC 7009)
  /// @param per for whom one token is
  record ClientCredentials(
      URI tokenUrl,
      OAuthClient client,
      List<String> scopes,
      Optional<String> audience,
      Optional<String> resource,
      Optional<URI> revokeAt,
      Per per)
      implements HttpAuth {
    public ClientCredentials {
      scopes = List.copyOf(scopes);
    }
  }

  /// An access token for a refresh token that somebody has obtained: RFC 6749, section 6.
  ///
  /// @param refreshToken a secret, which Remit replaces when the server does
  record RefreshToken(URI tokenUrl, OAuthClient client, List<String> scopes, String refreshToken)
      implements HttpAuth {
    public RefreshToken {
      scopes = List.copyOf(scopes);
    }
  }

  /// Every request is signed for AWS.
  ///
  /// @param accessKeyId a secret, as is each of the other two
  record AwsSigV4(
      String region,
      String service,
      String accessKeyId,
      String secretAccessKey,
      Optional<String> sessionToken)
      implements HttpAuth {}

  /// Who asks at a token endpoint.
  ///
  /// @param secret the client's secret, or its private key as a JSON Web Key; none for a public one
  record OAuthClient(String id, Method method, Optional<String> secret) {
    public OAuthClient {
      if (secret.isPresent() == (method == Method.NONE)) {
        throw new IllegalArgumentException(
            "a client has a secret or a key, or its method is `none`");
      }
    }
  }

  /// How a client proves itself: the names of OpenID Connect Core, section 9.
  enum Method implements Word {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    PRIVATE_KEY_JWT,
    /// It does not; for public clients.
    NONE;

    @Override
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// For whom an upstream's token is.
  enum Per implements Word {
    /// One for all who may call.
    RESOURCE,
    /// One for each task, given back when it ends.
    TASK
  }
}
