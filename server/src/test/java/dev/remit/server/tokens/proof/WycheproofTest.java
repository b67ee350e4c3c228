package dev.remit.server.tokens.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A selection of Wycheproof's vectors of known attacks on signatures (`wycheproof.json` says from
/// where, and under which licence), through the same steps as every proof and token.
@Tag("R65")
class WycheproofTest {
  private static final JsonNode VECTORS = vectors();

  record Vector(String name, JsonNode key, JsonNode test) {

    boolean isValid() {
      return test.path("result").stringValue().equals("valid");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> jws() {
    return all("jws");
  }

  static Stream<Vector> ecdsa() {
    return all("ecdsa");
  }

  @ParameterizedTest
  @MethodSource
  void jws(Vector vector) {
    assertThat(isTaken(vector.test().path("jws").stringValue(), vector.key()))
        .isEqualTo(vector.isValid());
  }

  @ParameterizedTest
  @MethodSource
  void ecdsa(Vector vector) throws JOSEException {
    var point = HexFormat.of().parseHex(vector.key().stringValue());
    var key = new ECKey.Builder(Curve.P_256, coordinate(point, 1), coordinate(point, 33)).build();
    var message = HexFormat.of().parseHex(vector.test().path("msg").stringValue());
    var signature =
        Base64URL.encode(HexFormat.of().parseHex(vector.test().path("sig").stringValue()));

    var verifies =
        KeyVerifiers.fresh(key).verify(new JWSHeader(JWSAlgorithm.ES256), message, signature);

    assertThat(verifies).isEqualTo(vector.isValid());
  }

  /// As [SignedProof] does, for payloads that are no claims.
  private static boolean isTaken(String text, JsonNode jwk) {
    try {
      var jws = JWSObject.parse(text);
      var key = JWK.parse(jwk.toString());
      return SignedProof.wrong(jws.getHeader()).isEmpty()
          && KeyVerifiers.fits(key, jws.getHeader().getAlgorithm())
          && jws.verify(KeyVerifiers.fresh(key));
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      return false;
    }
  }

  private static Base64URL coordinate(byte[] point, int from) {
    return Base64URL.encode(Arrays.copyOfRange(point, from, from + 32));
  }

  private static Stream<Vector> all(String kind) {
    return VECTORS
        .path(kind)
        .valueStream()
        .flatMap(group ->
            group
                .path("tests")
                .valueStream()
                .map(test ->
                    new Vector(
                        test.path("tcId").asString() + " " + test.path("comment").asString(),
                        group.path("key"),
                        test)));
  }

  private static JsonNode vectors() {
    try (var in = WycheproofTest.class.getResourceAsStream("wycheproof.json")) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
