package dev.remit.server.registry;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Test keys that anybody can copy, private half included, out of a specification.
///
/// Source: RFC 7515 (appendix A.3), RFC 7517 (appendix A.1, A.2), RFC 8037 (appendix A.1).
final class PublishedKeys {
  private static final Set<String> THUMBPRINTS =
      List.of(
              """
              {"kty":"EC","crv":"P-256",
               "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
               "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}\
              """,
              """
              {"kty":"EC","crv":"P-256",
               "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
               "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}\
              """,
              """
              {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}\
              """)
          .stream()
          .map(PublishedKeys::thumbprint)
          .collect(Collectors.toUnmodifiableSet());

  private PublishedKeys() {}

  static boolean contain(JWK key) {
    return THUMBPRINTS.contains(thumbprint(key));
  }

  private static String thumbprint(String key) {
    try {
      return thumbprint(JWK.parse(key));
    } catch (ParseException e) {
      throw new IllegalStateException("a key of a specification is not a JSON Web Key", e);
    }
  }

  private static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("a JSON Web Key has a thumbprint", e);
    }
  }
}
