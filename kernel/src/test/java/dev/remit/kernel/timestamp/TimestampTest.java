package dev.remit.kernel.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LedgerFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Timestamps that OpenSSL 3.0 made over the file `note`, by an RSA and by an EC authority. (How:
/// `OpenSslAuthority` of the conformance tests.)
@Tag("R203")
class TimestampTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "timestamps");
  private static final BigInteger NONCE = new BigInteger("ef6f3a28cc1ce36c", 16);
  private static final Instant AT = Instant.parse("2026-11-21T18:39:23Z");

  private final byte[] note = file("note");

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ec"})
  void what_openssl_stamped_is_believed_by_the_certificate_that_signed_it(String kind) {
    assertThat(TimestampWord.of(reply(kind), note, List.of(certificate(kind))))
        .isEqualTo(
            new TimestampWord.Proved(
                "the checkpoint of 3 entries was there at %s, says `CN=%s-tsa`"
                    .formatted(AT, kind)));
  }

  @Test
  void by_no_certificate_or_by_anothers_it_is_not_proved() {
    assertThat(TimestampWord.of(reply("rsa"), note, List.of()))
        .isInstanceOf(TimestampWord.NotProved.class);
    assertThat(TimestampWord.of(reply("rsa"), note, List.of(certificate("ec"))))
        .isInstanceOf(TimestampWord.NotProved.class);
  }

  @Test
  void about_another_checkpoint_it_is_damage() {
    assertThat(TimestampWord.of(reply("rsa"), new byte[] {1}, List.of(certificate("rsa"))))
        .isInstanceOf(TimestampWord.Damaged.class);
  }

  /// What is not signed may change, such as the certificates that it brings; what it says may not.
  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ec"})
  void no_changed_bit_makes_it_say_anything_else(String kind) {
    var trusted = List.of(certificate(kind));
    var said = TimestampWord.of(reply(kind), note, trusted);
    var reply = reply(kind);
    int refused = 0;

    for (int bit = 0; bit < 8 * reply.length; bit++) {
      reply[bit / 8] ^= (byte) (1 << (bit % 8));
      var word = TimestampWord.of(reply, note, trusted);
      reply[bit / 8] ^= (byte) (1 << (bit % 8));
      if (word instanceof TimestampWord.Proved) {
        assertThat(word).as("bit " + bit).isEqualTo(said);
      } else {
        refused++;
      }
    }

    System.out.println(
        kind + ": " + refused + " of " + 8 * reply.length + " changed bits refused or unproved");
    assertThat(refused).isGreaterThan(8 * 400);
  }

  @Test
  void one_that_is_cut_short_or_goes_on_is_damage() {
    var reply = reply("ec");

    for (int length = 0; length < reply.length; length++) {
      assertThat(TimestampWord.of(Arrays.copyOf(reply, length), note, List.of()))
          .as(length + " bytes")
          .isInstanceOf(TimestampWord.Damaged.class);
    }
    assertThat(TimestampWord.of(Arrays.copyOf(reply, reply.length + 1), note, List.of()))
        .isEqualTo(
            new TimestampWord.Damaged(
                "the timestamp cannot be read: there are bytes after its end"));
    assertThatThrownBy(() -> Timestamp.parse(new byte[Timestamp.BYTES_MAX + 1]))
        .hasMessageContaining("longer than");
  }

  @Test
  void a_refusal_is_given_in_the_words_of_the_authority() {
    assertThatThrownBy(() -> Timestamp.parse(base64("refused.tsr.base64")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the authority refused with status 2: Bad request format or system error.");
  }

  @Test
  void a_request_is_the_bytes_that_openssl_sends_and_its_answer_repeats_the_nonce()
      throws Exception {
    var imprint = Hash.of(MessageDigest.getInstance("SHA-256").digest(note));

    var request = new TimestampRequest(imprint, NONCE);

    assertThat(HexFormat.of().formatHex(request.der()))
        .isEqualTo(
            "30440201013031300d060960864801650304020105000420"
                + HexFormat.of().formatHex(imprint.bytes())
                + "020900ef6f3a28cc1ce36c0101ff");
    assertThat(Timestamp.parse(reply("rsa")).answers(NONCE)).isTrue();
    assertThat(Timestamp.parse(reply("ec")).answers(NONCE)).isFalse();
  }

  @Test
  void an_exported_timestamp_is_about_a_checkpoint_of_the_export_that_others_may_have_cosigned() {
    var cosigned = new String(note, StandardCharsets.UTF_8) + "— witness.example AQIDBCwe5g==\n";
    var checkpoints = encoded(cosigned.getBytes(StandardCharsets.UTF_8)) + "\n";
    var line = encoded(note) + " " + encoded(reply("rsa")) + "\n";

    var good = exported(Map.of("checkpoints", checkpoints, "timestamps", line + line));
    var strange = exported(Map.of("checkpoints", "", "timestamps", line));
    var garbled = exported(Map.of("checkpoints", checkpoints, "timestamps", line + "no-line\n"));

    assertThat(good.damages()).isEmpty();
    assertThat(good.proved()).hasSize(1);
    assertThat(strange.damages())
        .containsExactly("`timestamps` line 1: it is not about a checkpoint of this export");
    assertThat(garbled.damages()).containsExactly("`timestamps` line 2: it is not base64");
    assertThat(exported(Map.of()))
        .isEqualTo(new ExportedTimestamps(List.of(), List.of(), List.of()));
  }

  private static ExportedTimestamps exported(Map<String, String> texts) {
    LedgerFiles files =
        path ->
            Optional.ofNullable(texts.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
    return ExportedTimestamps.of(files, List.of(certificate("rsa")));
  }

  private static byte[] reply(String kind) {
    return base64(kind + ".tsr.base64");
  }

  private static byte[] base64(String name) {
    return Base64.getMimeDecoder().decode(file(name));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static X509Certificate certificate(String kind) {
    try (var in = Files.newInputStream(FOLDER.resolve(kind + ".pem"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (Exception e) {
      throw new IllegalStateException("read the certificate of " + kind, e);
    }
  }

  private static byte[] file(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new IllegalStateException("read " + name, e);
    }
  }
}
