package dev.remit.server.credentials.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The test suite that AWS publishes with its own signer (aws-c-auth, Apache-2.0): every case of
/// Signature Version 4 in headers, as one line of JSON each.
@Tag("R63")
class SigV4Test {
  private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  /// The cases that are not normalised are those of S3, which the suite signs under another name.
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void every_published_vector_is_signed_as_published(String name, JsonNode vector) {
    var service = new SigV4("us-east-1", "service");
    if (!vector.get("normalize").booleanValue()) {
      assertThat(new SigV4("us-east-1", "s3").canonicalPath(path(vector)))
          .isEqualTo(vector.get("canonical").stringValue().split("\n", -1)[1]);
      return;
    }

    var added = service.sign(request(vector), keys(vector), NOW);

    assertThat(added).containsEntry("authorization", vector.get("authorization").stringValue());
  }

  @Test
  void the_whole_suite_is_there() {
    assertThat(cases().count()).isEqualTo(38);
  }

  @Test
  void keys_do_not_print_themselves() {
    assertThat(new AwsKeys("id", SECRET, "token")).hasToString("[redacted]");
  }

  static Stream<Object[]> cases() {
    try (var in = SigV4Test.class.getResourceAsStream("/sigv4/aws-signing-test-suite.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
              .lines()
              .map(JsonMapper.shared()::readTree)
              .map(vector -> new Object[] {vector.get("name").stringValue(), vector})
              .toList()
              .stream();
    } catch (IOException e) {
      throw new UncheckedIOException("read the vectors", e);
    }
  }

  private static SigV4.Request request(JsonNode vector) {
    byte[] body = vector.get("body").stringValue().getBytes(UTF_8);
    var headers = new ArrayList<SigV4.Header>();
    vector
        .get("headers")
        .forEach(header ->
            headers.add(
                new SigV4.Header(header.get(0).stringValue(), header.get(1).stringValue())));
    if (vector.get("signBody").booleanValue()) {
      headers.add(new SigV4.Header("x-amz-content-sha256", SigV4.digest(body)));
    }
    var target = vector.get("target").stringValue().split("\\?", 2);
    return new SigV4.Request(
        vector.get("method").stringValue(),
        target[0],
        target.length == 2 ? target[1] : "",
        List.copyOf(headers),
        body);
  }

  private static String path(JsonNode vector) {
    return vector.get("target").stringValue().split("\\?", 2)[0];
  }

  private static AwsKeys keys(JsonNode vector) {
    boolean omitted = vector.get("omitToken").booleanValue();
    return new AwsKeys("AKIDEXAMPLE", SECRET, omitted ? "" : vector.get("token").stringValue());
  }
}
