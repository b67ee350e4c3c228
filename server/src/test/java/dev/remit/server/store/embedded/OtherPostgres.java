package dev.remit.server.store.embedded;

import java.nio.file.Path;
import java.util.List;

/// Somebody else's PostgreSQL, for tests: like the private one, but its account is a superuser, as
/// that of whoever runs a server of their own is.
public final class OtherPostgres {
  private OtherPostgres() {}

  /// Makes the server of `directory` and starts it.
  public static EmbeddedPostgres make(Path directory, Path programs) {
    EmbeddedPostgres.start(directory, programs).close();
    var home = directory.toAbsolutePath().normalize();
    var account = Account.choose();
    var cluster = new Cluster(home, Binaries.unpacked(programs), account);
    var single =
        List.of(
            cluster.program("postgres"), "--single", "-D", cluster.data().toString(), "postgres");
    account.run("make a superuser", single, "ALTER ROLE " + Cluster.ROLE + " SUPERUSER\n");
    return EmbeddedPostgres.start(directory, programs);
  }
}
