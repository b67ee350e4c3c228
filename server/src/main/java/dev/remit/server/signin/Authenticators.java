package dev.remit.server.signin;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionsAuthenticatorOutputs;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads and checks what authenticators say, by the library: our origin and no other, the challenge
/// that was given, a person who has shown themselves to the authenticator (user verification), and
/// a counter that only grows. Where an authenticator comes from is not asked (attestation `none`).
///
/// Source: W3C Web Authentication, Level 3, sections 7.1 and 7.2.
final class Authenticators {
  /// ES256, EdDSA, RS256.
  static final List<COSEAlgorithmIdentifier> ALGORITHMS =
      List.of(
          COSEAlgorithmIdentifier.ES256,
          COSEAlgorithmIdentifier.EdDSA,
          COSEAlgorithmIdentifier.RS256);

  private final ObjectConverter objects = new ObjectConverter();
  private final WebAuthnManager library = WebAuthnManager.createNonStrictWebAuthnManager(objects);
  private final AttestedCredentialDataConverter credentials =
      new AttestedCredentialDataConverter(objects);
  private final Origin origin;
  private final String host;

  Authenticators(URI publicUrl) {
    this.origin = new Origin(publicUrl.toString());
    this.host = publicUrl.getHost();
  }

  /// What came of an answer.
  sealed interface Read {

    /// It holds.
    ///
    /// @param id of the credential, in base64url
    /// @param credential the attested credential data
    @SuppressWarnings("ArrayRecordComponent") // read once and compared never
    record Good(String id, byte[] credential, long counter, String challenge) implements Read {}

    /// It is signed rightly, and its counter has not grown: there may be a copy.
    record Copied() implements Read {}

    /// It is not what it says it is.
    ///
    /// @param why in words for the administrator; holds nothing secret
    record Bad(String why) implements Read {}
  }

  /// Reads the answer of a new passkey.
  ///
  /// @param answer `PublicKeyCredential.toJSON()`
  Read added(String answer, Predicate<String> isOurChallenge) {
    if (!holds(answer, "clientDataJSON", "attestationObject")) {
      return new Read.Bad("it is not complete");
    }
    try {
      var said = library.parseRegistrationResponseJSON(answer);
      var client = said.getCollectedClientData();
      var object = said.getAttestationObject();
      if (client == null || object == null) {
        return new Read.Bad("it is not complete");
      }
      var challenge = text(client.getChallenge().getValue());
      if (!isOurChallenge.test(challenge)) {
        return new Read.Bad("its challenge is not of this browser and this page, or is too old");
      }
      library.verify(
          said,
          new RegistrationParameters(
              server(challenge),
              ALGORITHMS.stream()
                  .map(one ->
                      new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, one))
                  .toList(),
              true,
              true));
      var data = object.getAuthenticatorData();
      var credential = data.getAttestedCredentialData();
      return credential == null
          ? new Read.Bad("it holds no key")
          : new Read.Good(
              base64(credential.getCredentialId()),
              credentials.convert(credential),
              data.getSignCount(),
              challenge);
    } catch (WebAuthnException | IllegalArgumentException e) {
      return new Read.Bad(why(e));
    }
  }

  /// Returns which passkey an answer says to be of, in base64url; empty where it is none.
  Optional<String> idOf(String answer) {
    if (!holds(answer, "clientDataJSON", "authenticatorData", "signature")) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(library.parseAuthenticationResponseJSON(answer).getCredentialId())
          .map(Authenticators::base64);
    } catch (WebAuthnException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Reads the answer of a passkey that is known.
  Read shown(String answer, PasskeyStore.Kept kept, Predicate<String> isOurChallenge) {
    try {
      var said = library.parseAuthenticationResponseJSON(answer);
      var client = said.getCollectedClientData();
      if (client == null) {
        return new Read.Bad("it is not complete");
      }
      var challenge = text(client.getChallenge().getValue());
      if (!isOurChallenge.test(challenge)) {
        return new Read.Bad("its challenge is not of this browser and this page, or is too old");
      }
      var handle = said.getUserHandle();
      if (handle != null && !Arrays.equals(handle, Passkeys.handle(kept.person()))) {
        return new Read.Bad("it names another person than it was added by");
      }
      library.verify(
          said, new AuthenticationParameters(server(challenge), record(kept), null, true, true));
      var data = said.getAuthenticatorData();
      return data == null
          ? new Read.Bad("it is not complete")
          : new Read.Good(kept.id(), kept.credential(), data.getSignCount(), challenge);
    } catch (MaliciousCounterValueException e) {
      return new Read.Copied();
    } catch (WebAuthnException | IllegalArgumentException e) {
      return new Read.Bad(why(e));
    }
  }

  /// Whether the members are there. The library takes for granted that they are, and a stranger
  /// sends what they like.
  private static boolean holds(String answer, String... members) {
    try {
      var json = JsonMapper.shared().readTree(answer);
      return json != null
          && json.path("rawId").isString()
          && Arrays.stream(members).allMatch(name -> json.path("response").path(name).isString());
    } catch (JacksonException e) {
      return false;
    }
  }

  private CredentialRecordImpl record(PasskeyStore.Kept kept) {
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        null,
        null,
        null,
        kept.counter(),
        credentials.convert(kept.credential()),
        new AuthenticationExtensionsAuthenticatorOutputs<>(),
        null,
        null,
        Set.of());
  }

  private ServerProperty server(String challenge) {
    return ServerProperty.builder()
        .origin(origin)
        .rpId(host)
        .challenge(new DefaultChallenge(challenge.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  private static String why(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
