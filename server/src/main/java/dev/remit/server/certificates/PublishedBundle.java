package dev.remit.server.certificates;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64;
import dev.remit.kernel.canonical.Digest;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.SigningKeys;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// By what SVIDs of this trust domain are verified: the keys that sign JWT-SVIDs, and the
/// authorities that sign X.509-SVIDs.
///
/// Its sequence counts how often that has changed, in the order of commits: contents and count are
/// compared, and the count raised, under one lock on the row that holds it, whichever node is
/// asked.
///
/// Source: SPIFFE Trust Domain and Bundle, section 4.
final class PublishedBundle {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  private final Database database;
  private final SigningKeys keys;
  private final AuthorityStore authorities = new AuthorityStore();
  private volatile @Nullable Remembered remembered;

  private record Remembered(ObjectNode bundle, long atNanos) {}

  private record Known(long sequence, String digest) {}

  PublishedBundle(Database database, SigningKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  /// Returns the bundle, no older than a second.
  ObjectNode document() {
    var known = remembered;
    if (known != null && System.nanoTime() - known.atNanos() < REMEMBERED.toNanos()) {
      return known.bundle();
    }
    long asked = System.nanoTime();
    var next = database.transact(this::document);
    remembered = new Remembered(next, asked);
    return next;
  }

  /// Looks anew when it is asked for next: this node has changed something.
  void forget() {
    remembered = null;
  }

  private ObjectNode document(Tx tx) {
    var known = known(tx, "");
    var contents = contents(tx);
    if (!Digest.of(contents.toString()).value().equals(known.digest())) {
      // Read again behind the lock: what is counted is what is there when it is counted.
      known = known(tx, " FOR UPDATE");
      contents = contents(tx);
      known = counted(tx, known, Digest.of(contents.toString()).value());
    }
    var bundle = JSON.createObjectNode();
    bundle.set("keys", contents);
    bundle.put("spiffe_sequence", known.sequence());
    bundle.put("spiffe_refresh_hint", CertificateConfig.REFRESH_HINT.toSeconds());
    return bundle;
  }

  private static Known known(Tx tx, String locking) {
    return tx.one(
            "SELECT sequence, digest FROM spiffe_bundle" + locking,
            row -> new Known(row.number("sequence"), row.text("digest")))
        .orElseThrow();
  }

  private static Known counted(Tx tx, Known before, String digest) {
    if (digest.equals(before.digest())) {
      return before;
    }
    var next = new Known(before.sequence() + 1, digest);
    tx.update("UPDATE spiffe_bundle SET sequence = ?, digest = ?", next.sequence(), next.digest());
    return next;
  }

  private ArrayNode contents(Tx tx) {
    var array = JSON.createArrayNode();
    keys.published(tx).getKeys().forEach(key -> array.add(forJwt(key.toECKey())));
    authorities.trusted(tx).forEach(one -> array.add(forX509(one.certificate())));
    return array;
  }

  private static JsonNode forJwt(ECKey key) {
    var marked = new ECKey.Builder(key).algorithm(null).keyUse(new KeyUse("jwt-svid")).build();
    return JSON.readTree(marked.toJSONString());
  }

  private static JsonNode forX509(byte[] der) {
    try {
      var key = (ECPublicKey) Authority.read(der).getPublicKey();
      var marked =
          new ECKey.Builder(Curve.P_256, key)
              .keyUse(new KeyUse(CertificateEntries.USE))
              .x509CertChain(List.of(Base64.encode(der)))
              .build();
      return JSON.readTree(marked.toJSONString());
    } catch (CertificateException e) {
      throw new IllegalStateException("a row of certificate_authority is no certificate", e);
    }
  }

  /// Returns the certificates of all that are trusted, in DER.
  List<byte[]> authorities() {
    return database.transact(
        tx -> authorities.trusted(tx).stream().map(AuthorityStore.Stored::certificate).toList());
  }
}
