package dev.remit.kernel.timestamp;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/// An authority's answer that it had seen something at a time.
///
/// Say nothing by it before [#isOf] and [#check] agree: anybody can write one.
///
/// Errors: bytes that are no granted answer with a timestamp over a SHA-256 are an
/// [IllegalArgumentException] that says what is wrong, or why the authority refused.
///
/// Source: RFC 3161, section 2.4.2; RFC 5652, section 5; RFC 5816.
public final class Timestamp {
  private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
  static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";
  private static final String SHA_256 = "2.16.840.1.101.3.4.2.1";

  /// Longest answer that is read; one with a chain of certificates has a tenth of it.
  public static final int BYTES_MAX = 64 * 1024;

  private static final List<Integer> GRANTED = List.of(0, 1);

  private final byte[] info;
  private final Der signer;
  private final byte[] imprint;
  private final Instant at;
  private final BigInteger nonce;

  private Timestamp(Der signedData) {
    var parts = new ArrayDeque<>(signedData.within(Der.SEQUENCE));
    parts.removeFirst(); // version
    parts.removeFirst(); // digest algorithms
    var content = parts.removeFirst().within(Der.SEQUENCE);
    if (content.size() != 2 || !content.getFirst().oid().equals(TST_INFO)) {
      throw new IllegalArgumentException("what it signs is no timestamp");
    }
    this.info = content.get(1).only(Der.CONTEXT_0).octets();
    this.signer = parts.removeLast().only(Der.SET);
    var said = new ArrayDeque<>(Der.of(info).within(Der.SEQUENCE));
    said.removeFirst(); // version
    said.removeFirst(); // policy
    this.imprint = imprint(said.removeFirst());
    said.removeFirst(); // serial number
    this.at = time(said.removeFirst().text(Der.TIME));
    this.nonce =
        said.stream()
            .filter(element -> element.is(Der.INTEGER))
            .map(Der::integer)
            .findFirst()
            .orElse(BigInteger.ONE.negate());
  }

  /// Reads a `TimeStampResp`.
  public static Timestamp parse(byte[] reply) {
    if (reply.length > BYTES_MAX) {
      throw new IllegalArgumentException("it is longer than " + BYTES_MAX + " bytes");
    }
    try {
      var answer = Der.of(reply).within(Der.SEQUENCE);
      var status = answer.getFirst().within(Der.SEQUENCE);
      int code = status.getFirst().integer().intValueExact();
      if (!GRANTED.contains(code)) {
        throw new IllegalArgumentException(
            "the authority refused with status " + code + words(status));
      }
      var token = answer.get(1).within(Der.SEQUENCE);
      if (!token.getFirst().oid().equals(SIGNED_DATA)) {
        throw new IllegalArgumentException("it holds no signed data");
      }
      return new Timestamp(token.get(1).only(Der.CONTEXT_0));
    } catch (IndexOutOfBoundsException | NoSuchElementException | ArithmeticException e) {
      throw new IllegalArgumentException("an element of it is missing", e);
    }
  }

  private static String words(List<Der> status) {
    return status.stream()
        .skip(1)
        .filter(element -> element.is(Der.SEQUENCE))
        .flatMap(element -> element.within(Der.SEQUENCE).stream())
        .map(text -> text.text(text.tag()).replaceAll("\\p{Cntrl}", " "))
        .collect(Collectors.joining("; ", ": ", ""));
  }

  private static byte[] imprint(Der element) {
    var parts = element.within(Der.SEQUENCE);
    var algorithm = parts.getFirst().within(Der.SEQUENCE).getFirst().oid();
    if (!algorithm.equals(SHA_256)) {
      throw new IllegalArgumentException(
          "its imprint is made with `" + algorithm + "`, not with SHA-256");
    }
    return parts.get(1).octets();
  }

  /// Reads a GeneralizedTime as RFC 3161 restricts it: `20261121100000.5Z`.
  private static Instant time(String text) {
    try {
      return Instant.parse(
          text.replaceFirst(
              "^(\\d{4})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)((?:\\.\\d{1,9})?)Z$",
              "$1-$2-$3T$4:$5:$6$7Z"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("`" + text + "` is no time of a timestamp", e);
    }
  }

  /// The time that the authority says.
  public Instant at() {
    return at;
  }

  /// Whether it is about these bytes.
  public boolean isOf(byte[] stamped) {
    try {
      return Arrays.equals(imprint, MessageDigest.getInstance("SHA-256").digest(stamped));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Whether it answers the request with this nonce.
  public boolean answers(BigInteger asked) {
    return nonce.equals(asked);
  }

  /// Says whether one of `authorities`, certificates that the verifier trusts to stamp time, has
  /// signed it.
  public TimestampCheck check(Collection<X509Certificate> authorities) {
    try {
      var signature = new TimestampSignature(signer, info);
      Optional<X509Certificate> by = authorities.stream().filter(signature::names).findFirst();
      return by.map(known -> signature.check(known, at)).orElseGet(TimestampCheck.Unknown::new);
    } catch (IndexOutOfBoundsException | NoSuchElementException e) {
      return new TimestampCheck.Wrong("an element of its signature is missing");
    }
  }
}
