package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEObjectType;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Vouches for an identity to others: a JWT-SVID for whoever holds a task token. It ends no later
/// than the token, is durably recorded before it is signed, and never speaks to Remit itself: else
/// a token could be turned into a proof, and the proof into the next token, for ever.
///
/// Source: JWT-SVID, sections 2 and 3.
final class Svids {
  static final int AUDIENCES_MAX = 8;
  static final int AUDIENCE_CHARS_MAX = 500;
  private static final JOSEObjectType TYPE = JOSEObjectType.JWT;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final TokenConfig config;
  private final SigningKeys keys;
  private final Ledger ledger;

  Svids(TokenConfig config, SigningKeys keys, Ledger ledger) {
    this.config = config;
    this.keys = keys;
    this.ledger = ledger;
  }

  /// What somebody who asked is answered.
  sealed interface Answer {

    /// Recorded and signed.
    record Issued(String svid, Instant expiresAt) implements Answer {}

    /// None is issued, and why.
    ///
    /// @param remedy what to do about it
    record Refused(String reasonCode, String detail, String remedy) implements Answer {}
  }

  /// Issues one for the identity of `claims`, to be shown to `audience`.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it is not known to be recorded:
  ///   nothing is handed out then
  Answer issue(TaskClaims claims, List<String> audience, Instant at) {
    return wrong(claims, audience)
        .<Answer>map(refused -> refused)
        .orElseGet(() -> recorded(claims, audience, at));
  }

  private Optional<Answer.Refused> wrong(TaskClaims claims, List<String> audience) {
    if (claims.mayAct().isPresent()) {
      return refused(
          "token-delegates",
          "a token that delegates is good for nothing else",
          "use a token for a resource");
    }
    if (!claims.subject().trustDomain().equals(config.svids().trustDomain())) {
      return refused(
          "svid-trust-domain",
          "`" + claims.subject() + "` is not of this server's trust domain",
          "get its SVID from its own trust domain, " + claims.subject().trustDomain());
    }
    boolean ours = audience.stream().anyMatch(this::isOurs);
    return ours
        ? refused(
            "svid-audience",
            "an SVID is for others; here the task token itself is what is shown",
            "name the service that the SVID is for")
        : Optional.empty();
  }

  /// Also beneath our address and in any case of letters, since a host's name has none.
  private boolean isOurs(String audience) {
    var issuer = config.issuer().toString();
    return audience.regionMatches(true, 0, issuer, 0, issuer.length());
  }

  private Answer recorded(TaskClaims claims, List<String> audience, Instant at) {
    var wanted = at.plus(config.svids().lifetime());
    var end = wanted.isBefore(claims.expiresAt()) ? wanted : claims.expiresAt();
    var expiresAt = Instant.ofEpochSecond(end.getEpochSecond());
    var id = freshId();
    ledger.append(
        Entry.of(EntryType.SVID_ISSUED, at)
            .with("id", id)
            .with("kind", "jwt")
            .with("identity", claims.subject().value())
            .with("workflow", claims.workflow().value())
            .with("task", claims.task().value())
            .with("token", claims.jti())
            .with("audience", audience)
            .with("expiresAt", expiresAt));
    return new Answer.Issued(sign(claims, audience, id, at, expiresAt), expiresAt);
  }

  private String sign(
      TaskClaims claims, List<String> audience, String id, Instant at, Instant expiresAt) {
    var body = JSON.createObjectNode().put("sub", claims.subject().value());
    audience.forEach(body.putArray("aud")::add);
    body.put("exp", expiresAt.getEpochSecond()).put("iat", at.getEpochSecond()).put("jti", id);
    return keys.sign(TYPE, body.toString().getBytes(StandardCharsets.UTF_8), at);
  }

  private static String freshId() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Optional<Answer.Refused> refused(String reasonCode, String detail, String remedy) {
    return Optional.of(new Answer.Refused(reasonCode, detail, remedy));
  }
}
