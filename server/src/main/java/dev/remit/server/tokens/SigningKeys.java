package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.Crypto;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The keys that sign task tokens: ES256, one that signs and any number that are still trusted.
///
/// The first is made when there is none. Private parts are in the database wrapped under the
/// [MasterKey] and bound to their key id, which is the RFC 7638 thumbprint. A node that meets a key
/// id it does not know asks the database, at most once every ten seconds, so a key that another
/// node has begun to sign with is found.
public final class SigningKeys {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private final Database database;
  private final MasterKey master;
  private final SigningKeyStore store = new SigningKeyStore();
  private volatile Loaded loaded;
  private volatile Instant askedAt;

  /// The key that signs.
  record Signing(String kid, JWSSigner signer) {}

  private record Loaded(Signing signing, Map<String, JWSVerifier> verifiers, JWKSet published) {}

  public SigningKeys(Database database, Ledger ledger, MasterKey master, Instant now) {
    this.database = database;
    this.master = master;
    ledger.transact(recording -> ensureOne(recording, now));
    this.loaded = load();
    this.askedAt = now;
  }

  /// Returns the public keys, the signing one first: the document behind `jwks_uri`.
  public JWKSet published() {
    return loaded.published();
  }

  /// Returns a JWT of `claims`, signed by this server.
  ///
  /// @param type its `typ`; never that of task tokens
  public String signed(String type, ObjectNode claims) {
    var signing = signing();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType(type))
            .keyID(signing.kid())
            .build();
    if (header.getType().equals(TokenMint.TYPE)) {
      throw new IllegalArgumentException("task tokens are made elsewhere");
    }
    var jwt = new JWSObject(header, new Payload(claims.toString()));
    try {
      jwt.sign(signing.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with key " + signing.kid(), e);
    }
    return jwt.serialize();
  }

  Signing signing() {
    return loaded.signing();
  }

  Optional<JWSVerifier> verifier(String kid, Instant now) {
    if (!loaded.verifiers().containsKey(kid)
        && Duration.between(askedAt, now).compareTo(ASK_AGAIN) > 0) {
      askedAt = now;
      loaded = load();
    }
    return Optional.ofNullable(loaded.verifiers().get(kid));
  }

  private String ensureOne(Recording recording, Instant now) {
    store.lock(recording.tx());
    var present = store.all(recording.tx());
    if (!present.isEmpty()) {
      return present.getFirst().kid();
    }
    var key = fresh();
    var kid = key.getKeyID();
    byte[] wrapped = master.wrap(key.toJSONString().getBytes(StandardCharsets.UTF_8), purpose(kid));
    store.add(recording.tx(), kid, key.toPublicJWK().toJSONString(), wrapped, now);
    recording.append(
        Entry.of(EntryType.KEY_CREATED, now)
            .with("use", "task-token")
            .with("algorithm", JWSAlgorithm.ES256.getName())
            .with("kid", kid)
            .with("sealed", Digest.of(wrapped)));
    return kid;
  }

  private Loaded load() {
    var rows = database.transact(store::all);
    var verifiers = new LinkedHashMap<String, JWSVerifier>();
    for (var row : rows) {
      verifiers.put(row.kid(), verifier(parse(row.publicJwk())));
    }
    var first = rows.getFirst();
    var json =
        new String(master.unwrap(first.wrapped(), purpose(first.kid())), StandardCharsets.UTF_8);
    return new Loaded(
        new Signing(first.kid(), signer(parse(json))),
        Map.copyOf(verifiers),
        new JWKSet(List.copyOf(rows.stream().map(row -> parse(row.publicJwk())).toList())));
  }

  private static ECKey fresh() {
    try {
      var generator = KeyPairGenerator.getInstance("EC", Crypto.install());
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
          .privateKey((ECPrivateKey) pair.getPrivate())
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint()
          .build();
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("cannot make a P-256 key", e);
    }
  }

  private static ECKey parse(String jwk) {
    try {
      return ECKey.parse(jwk);
    } catch (ParseException e) {
      throw new IllegalStateException("a row of signing_key does not hold an EC key", e);
    }
  }

  private static JWSSigner signer(ECKey key) {
    try {
      var signer = new ECDSASigner(key);
      signer.getJCAContext().setProvider(Crypto.install());
      return signer;
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with key " + key.getKeyID(), e);
    }
  }

  private static JWSVerifier verifier(ECKey key) {
    try {
      var verifier = new ECDSAVerifier(key);
      verifier.getJCAContext().setProvider(Crypto.install());
      return verifier;
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot verify with key " + key.getKeyID(), e);
    }
  }

  private static String purpose(String kid) {
    return "signing-key/" + kid;
  }
}
