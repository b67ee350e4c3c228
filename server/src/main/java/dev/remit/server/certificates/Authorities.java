package dev.remit.server.certificates;

import dev.remit.server.crypto.MasterKey;
import dev.remit.server.store.Database;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The authorities that sign X.509-SVIDs, as this node knows them: one that signs now, and any
/// number that are still trusted, published ahead, or revoked and not forgotten yet.
///
/// Private parts are in the database wrapped under the [MasterKey] and bound to their id.
/// [AuthorityChange] makes, revokes and retires them.
final class Authorities {
  private final Database database;
  private final MasterKey master;
  private final AuthorityStore store = new AuthorityStore();
  private volatile Loaded loaded;

  private record Loaded(String version, List<Authority> all) {}

  /// Loads what there is.
  Authorities(Database database, MasterKey master) {
    this.database = database;
    this.master = master;
    this.loaded = load();
  }

  /// Returns the one whose time it is: the youngest that signs by now. Straight after a roll all
  /// are younger than a request that arrived before it: then the eldest.
  Authority signing(Instant now) {
    var trusted = all().stream().filter(Authority::isTrusted).toList();
    return trusted.stream()
        .filter(one -> !one.signsFrom().isAfter(now))
        .findFirst()
        .orElseGet(trusted::getLast);
  }

  List<Authority> all() {
    return loaded.all();
  }

  Optional<Authority> find(String id) {
    return all().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /// Returns which of ours `certificate` says has signed it.
  Optional<Authority> issuer(X509Certificate certificate) {
    return all().stream().filter(one -> one.isNamedBy(certificate)).findFirst();
  }

  /// Reads them again if they have changed, here or at another node.
  void refresh() {
    if (!database.transact(store::version).equals(loaded.version())) {
      loaded = load();
    }
  }

  private Loaded load() {
    return database.transact(
        tx -> new Loaded(store.version(tx), store.all(tx).stream().map(this::unwrapped).toList()));
  }

  private Authority unwrapped(AuthorityStore.Stored row) {
    return Authority.of(row, master.unwrap(row.wrapped(), Authority.purpose(row.id())));
  }
}
