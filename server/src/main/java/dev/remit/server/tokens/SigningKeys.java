package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The keys that sign task tokens, as this node knows them: ES256, one that signs now and any
/// number that are still trusted, or published ahead.
///
/// Private parts are in the database wrapped under the [MasterKey] and bound to their key id, which
/// is the RFC 7638 thumbprint. A node that meets a key id it does not know asks the database, at
/// most once every ten seconds. A key that was revoked is dead here as soon as this node hears of
/// it, whatever it has loaded. [KeyChange] makes, revokes and retires them.
public final class SigningKeys {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private final Database database;
  private final MasterKey master;
  private final Predicate<String> isRevoked;
  private final SigningKeyStore store = new SigningKeyStore();
  private volatile List<SigningKey> loaded;
  private volatile Instant askedAt;

  /// Loads what there is.
  ///
  /// @param isRevoked whether a key id is known to be dead
  SigningKeys(Database database, MasterKey master, Predicate<String> isRevoked, Instant now) {
    this.database = database;
    this.master = master;
    this.isRevoked = isRevoked;
    this.loaded = load();
    this.askedAt = now;
  }

  /// Returns the public keys, the youngest first: the document behind `jwks_uri`.
  public JWKSet published() {
    return new JWKSet(trusted().stream().<JWK>map(SigningKey::published).toList());
  }

  /// Returns the same as the database has it now, for what must agree with other rows.
  public JWKSet published(Tx tx) {
    return new JWKSet(store.trusted(tx).stream().<JWK>map(row -> parsed(row.publicJwk())).toList());
  }

  private static JWK parsed(String jwk) {
    try {
      return JWK.parse(jwk);
    } catch (ParseException e) {
      throw new IllegalStateException("a row of signing_key holds no key", e);
    }
  }

  /// Signs `claims` as a JWT of this type with the key whose time it is.
  public String sign(JOSEObjectType type, byte[] claims, Instant now) {
    var key = signing(now);
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(type).keyID(key.kid()).build();
    var jwt = new JWSObject(header, new Payload(claims));
    try {
      jwt.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a " + type + " with key " + key.kid(), e);
    }
    return jwt.serialize();
  }

  Optional<JWSVerifier> verifier(String kid, Instant now) {
    var known = find(kid);
    if (known.isEmpty() && Duration.between(askedAt, now).compareTo(ASK_AGAIN) > 0) {
      refresh(now);
      known = find(kid);
    }
    return known.map(SigningKey::verifier);
  }

  /// Reads the keys again, as other nodes may have changed them.
  void refresh(Instant now) {
    askedAt = now;
    loaded = load();
  }

  /// The youngest whose time has come. Straight after a roll all are younger than a call that
  /// arrived before it: then the eldest.
  private SigningKey signing(Instant now) {
    var keys = trusted();
    return keys.stream()
        .filter(key -> !key.signsFrom().isAfter(now))
        .findFirst()
        .orElseGet(keys::getLast);
  }

  private Optional<SigningKey> find(String kid) {
    return trusted().stream().filter(key -> key.kid().equals(kid)).findFirst();
  }

  /// After a roll elsewhere nothing that is loaded holds; what replaced it is in the database.
  private List<SigningKey> trusted() {
    if (loaded.stream().anyMatch(key -> isRevoked.test(key.kid()))) {
      loaded = load();
    }
    return loaded;
  }

  private List<SigningKey> load() {
    return database.transact(store::trusted).stream().map(this::unwrapped).toList();
  }

  private SigningKey unwrapped(SigningKeyStore.StoredKey row) {
    byte[] jwk = master.unwrap(row.wrapped(), SigningKey.purpose(row.kid()));
    return SigningKey.parse(new String(jwk, StandardCharsets.UTF_8), row.signsFrom());
  }
}
