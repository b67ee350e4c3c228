package dev.remit.server.credentials.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests to one AWS service in one region, in a header: Signature Version 4 (AWS General
/// Reference, «Create a signed AWS API request»).
///
/// A pure function of the request, the keys and the time. The body is signed as a whole, so it is
/// there as a whole; bodies that arrive in signed chunks are not made.
///
/// @param region such as `eu-central-1`
/// @param service as it stands in the credential scope, such as `execute-api`; `s3` takes a path as
///   it is, every other service one that is normalised and encoded once more
public record SigV4(String region, String service) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  /// What is sent.
  ///
  /// @param path as it goes over the wire, `/` at least
  /// @param query as it goes over the wire, without `?`; empty for none
  /// @param headers all that are signed, `host` among them; names in any case
  /// @param body not copied
  @SuppressWarnings("ArrayRecordComponent") // signed once and never compared
  public record Request(
      String method, String path, String query, List<Header> headers, byte[] body) {
    public Request {
      headers = List.copyOf(headers);
    }
  }

  /// One header; the same name may come again.
  public record Header(String name, String value) {}

  /// Returns the headers to add: `x-amz-date`, `authorization`, and `x-amz-security-token` where
  /// the keys are temporary.
  public Map<String, String> sign(Request request, AwsKeys keys, Instant now) {
    var added = new TreeMap<String, String>();
    added.put("x-amz-date", TIME.format(now));
    if (!keys.sessionToken().isEmpty()) {
      added.put("x-amz-security-token", keys.sessionToken());
    }
    var headers = canonicalHeaders(request, added);
    var signed = String.join(";", headers.keySet());
    var scope = TIME.format(now).substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    var toSign =
        String.join(
            "\n",
            ALGORITHM,
            TIME.format(now),
            scope,
            digest(canonical(request, headers, signed).getBytes(UTF_8)));
    added.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + keys.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + signed
            + ", Signature="
            + HEX.formatHex(hmac(key(keys, scope), toSign)));
    return added;
  }

  /// Returns a body's digest as `x-amz-content-sha256` says it.
  public static String digest(byte[] body) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  String canonical(Request request, Map<String, String> headers, String signed) {
    var text = new StringBuilder(request.method()).append('\n');
    text.append(canonicalPath(request.path())).append('\n');
    text.append(canonicalQuery(request.query())).append('\n');
    headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.append('\n').append(signed).append('\n').append(digest(request.body())).toString();
  }

  private static TreeMap<String, String> canonicalHeaders(
      Request request, Map<String, String> added) {
    var headers = new TreeMap<String, String>();
    for (var header : request.headers()) {
      headers.merge(
          header.name().toLowerCase(Locale.ROOT),
          header.value().strip().replaceAll("\\s+", " "),
          (one, other) -> one + "," + other);
    }
    headers.putAll(added);
    return headers;
  }

  String canonicalPath(String path) {
    return service.equals("s3") ? encoded(decoded(path), "/") : encoded(withoutDots(path), "/");
  }

  /// RFC 3986, section 5.2.4, and no empty segments.
  private static String withoutDots(String path) {
    var segments = new ArrayDeque<String>();
    for (var segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    boolean isDirectory = path.endsWith("/") && !segments.isEmpty();
    return "/" + String.join("/", segments) + (isDirectory ? "/" : "");
  }

  private static String canonicalQuery(String query) {
    if (query.isEmpty()) {
      return "";
    }
    return Arrays.stream(query.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .map(pair ->
            new Header(
                encoded(decoded(pair[0]), ""),
                pair.length == 2 ? encoded(decoded(pair[1]), "") : ""))
        .sorted((one, other) -> {
          int names = one.name().compareTo(other.name());
          return names == 0 ? one.value().compareTo(other.value()) : names;
        })
        .map(pair -> pair.name() + "=" + pair.value())
        .collect(Collectors.joining("&"));
  }

  /// `+` is itself in a path and in a query that is to be signed.
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  private static String encoded(String text, String kept) {
    var out = new StringBuilder();
    for (byte one : text.getBytes(UTF_8)) {
      char c = (char) (one & 0xff);
      boolean unreserved = c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      if (unreserved || kept.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.withUpperCase().toHexDigits(one));
      }
    }
    return out.toString();
  }

  private static byte[] key(AwsKeys keys, String scope) {
    byte[] key = ("AWS4" + keys.secretAccessKey()).getBytes(UTF_8);
    for (var part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return key;
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }
}
