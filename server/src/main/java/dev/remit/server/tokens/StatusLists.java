package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEObjectType;
import dev.remit.server.store.Database;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Says in signed lists which task tokens do not hold any more, for verifiers that do not ask us
/// about each.
///
/// A bit is what [Tokens] says of the token now, so a list and the gateway cannot differ. A list
/// that was made is given again until something was taken away or declared since, or a part of its
/// life is over. Only tokens that live are looked at; a place that belongs to none is 0.
///
/// What a list does not say: that a token's key was revoked. Who verifies looks the key up, and it
/// is not published any more.
///
/// Source: draft-ietf-oauth-status-list-21, sections 5.1 and 8.
final class StatusLists {
  static final String MEDIA_TYPE = "application/statuslist+jwt";

  private static final JOSEObjectType TYPE = new JOSEObjectType("statuslist+jwt");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int KEPT_MAX = 256;

  /// How many times its `ttl` a list is believed by whoever cannot ask again.
  static final int LIVES = 4;

  private final URI issuer;
  private final Duration ttl;
  private final Database database;
  private final SigningKeys keys;
  private final Tokens tokens;
  private final StatusStore store = new StatusStore();
  private final Map<String, Made> kept = new ConcurrentHashMap<>();

  private record Made(String jwt, Tokens.Moment moment, Instant at) {}

  /// What is answered to somebody who asks for a list.
  sealed interface Answer {
    record Listed(String jwt, Duration ttl) implements Answer {}

    /// There is no such list, or every token of it has expired.
    record Unknown() implements Answer {}

    /// This node has not heard of suspensions for too long to say anything.
    record Stale() implements Answer {}
  }

  StatusLists(TokenConfig config, Database database, SigningKeys keys, Tokens tokens) {
    this.issuer = config.issuer();
    this.ttl = config.statusTtl();
    this.database = database;
    this.keys = keys;
    this.tokens = tokens;
  }

  Answer page(String page, Instant now) {
    if (tokens.isStale()) {
      return new Answer.Stale();
    }
    if (kept.size() > KEPT_MAX) {
      kept.clear();
    }
    // One at a time makes a page; the others wait for it and take what was made.
    return Optional.ofNullable(kept.compute(page, (_, made) -> current(page, made, now)))
        .<Answer>map(made -> new Answer.Listed(made.jwt(), ttl))
        .orElseGet(Answer.Unknown::new);
  }

  private @Nullable Made current(String page, @Nullable Made made, Instant now) {
    // Before the rows are read: what is taken away meanwhile is looked at next time.
    var moment = tokens.moment();
    boolean holds =
        made != null
            && made.moment().equals(moment)
            && now.isBefore(made.at().plus(ttl.dividedBy(2)));
    return holds ? made : make(page, moment, now);
  }

  private @Nullable Made make(String page, Tokens.Moment moment, Instant now) {
    var listed = database.transact(tx -> store.tokens(tx, page));
    if (listed.isEmpty()) {
      return null;
    }
    var dead = new BitSet(StatusPages.SIZE);
    listed.stream()
        .filter(token -> !tokens.stands(token.jti(), token.links(), now))
        .forEach(token -> dead.set(token.index()));
    return new Made(sign(page, StatusBits.encode(dead, StatusPages.SIZE), now), moment, now);
  }

  private String sign(String page, String lst, Instant now) {
    var claims = JSON.createObjectNode();
    claims.put("iss", issuer.toString());
    claims.put("sub", StatusPlace.uri(issuer, page).toString());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(ttl.multipliedBy(LIVES)).getEpochSecond());
    claims.put("ttl", ttl.toSeconds());
    claims.putObject("status_list").put("bits", 1).put("lst", lst);
    return keys.sign(TYPE, claims.toString().getBytes(StandardCharsets.UTF_8), now);
  }
}
