package dev.remit.server.signals;

import dev.remit.server.tokens.proof.ForeignJwt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One security event: a verified token holds exactly one.
///
/// Source: RFC 8417, section 2; OpenID Shared Signals Framework 1.0, section 4.
///
/// @param jti the token's id, 1 to 256 printable characters
/// @param type the event's, a URI
/// @param subject whom it is about (`sub_id`)
record Signal(String jti, Instant issuedAt, String type, JsonNode event, JsonNode subject) {
  private static final String TYPE = "secevent+jwt";
  private static final String JTI = "[\\x21-\\x7e]{1,256}";
  private static final int TYPE_CHARS_MAX = 256;
  private static final long SECONDS_MAX = 253_402_300_799L; // the year 9999

  /// What a token turns out to be.
  sealed interface Reading {
    record Read(Signal signal) implements Reading {}

    record Wrong(String reasonCode, String detail) implements Reading {}
  }

  /// Reads the claims, whoever signed them.
  static Reading read(ForeignJwt jwt, Duration skew, Duration ageMax, Instant now) {
    if (!jwt.type().filter(TYPE::equalsIgnoreCase).isPresent()) {
      return new Reading.Wrong("wrong-type", "`typ` must be " + TYPE);
    }
    var claims = jwt.claims();
    var jti = claims.path("jti").asString("");
    if (!jti.matches(JTI)) {
      return new Reading.Wrong("no-jti", "`jti` must be 1 to 256 printable characters");
    }
    if (claims.has("sub")) {
      return new Reading.Wrong("has-sub", "the subject belongs into `sub_id`, not `sub`");
    }
    var issuedAt = seconds(claims.path("iat"));
    if (issuedAt.isEmpty()) {
      return new Reading.Wrong("no-iat", "`iat` must say when the token was issued, in seconds");
    }
    if (issuedAt.get().isAfter(now.plus(skew))) {
      return new Reading.Wrong("from-the-future", "`iat` is in the future; check clocks");
    }
    if (issuedAt.get().isBefore(now.minus(ageMax))) {
      return new Reading.Wrong(
          "too-old", "the token is older than " + ageMax + "; issue a new one");
    }
    return event(claims, jti, issuedAt.get());
  }

  private static Reading event(JsonNode claims, String jti, Instant issuedAt) {
    var events = claims.path("events");
    if (!events.isObject() || events.size() != 1) {
      return new Reading.Wrong("events", "`events` must be an object with exactly one event");
    }
    var only = events.properties().iterator().next();
    if (only.getKey().length() > TYPE_CHARS_MAX || !only.getValue().isObject()) {
      return new Reading.Wrong("events", "an event is named by a URI and is an object");
    }
    return new Reading.Read(
        new Signal(jti, issuedAt, only.getKey(), only.getValue(), claims.path("sub_id")));
  }

  private static Optional<Instant> seconds(JsonNode value) {
    return value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() >= 0
            && value.longValue() <= SECONDS_MAX
        ? Optional.of(Instant.ofEpochSecond(value.longValue()))
        : Optional.empty();
  }
}
