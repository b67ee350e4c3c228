package dev.remit.server.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/// The database cluster on disk: made once, then configured before each start.
///
/// @param home directory that holds everything of the private PostgreSQL; absolute
/// @param programs directory with `bin/postgres`
/// @param account who owns the data and runs the server
record Cluster(Path home, Path programs, Account account) {
  /// Owner of the database that Remit uses. The superuser `postgres` has no password, so nobody can
  /// sign in with it.
  static final String ROLE = "remit";

  static final String DATABASE = "remit";

  Path data() {
    return home.resolve("cluster-" + Binaries.major());
  }

  Path log() {
    return home.resolve("log");
  }

  Path configuration() {
    return home.resolve("postgresql.conf");
  }

  String program(String name) {
    return programs.resolve("bin").resolve(name).toString();
  }

  /// Makes the cluster unless it is there. Made beside its place and renamed, so that a cluster
  /// that exists is complete, with its role, its database and the password in the file.
  void makeIfMissing() throws IOException {
    refuseOtherMajor();
    if (!Files.isDirectory(log())) {
      account.makeOwnDirectory(log());
    }
    if (Files.isDirectory(data())) {
      return;
    }
    removeLeftovers();
    var fresh = home.resolve("making-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
    account.makeOwnDirectory(fresh);
    account.run("make a database cluster", initdb(fresh), "");
    account.run("make the role and database `remit`", single(fresh), roleAndDatabase(password()));
    Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private void refuseOtherMajor() throws IOException {
    try (var clusters = Files.newDirectoryStream(home, "cluster-*")) {
      for (var found : clusters) {
        if (!found.equals(data())) {
          throw new PostgresNotStarted(
              "`%s` was made by another PostgreSQL than the %s of this Remit: start it with the "
                      .formatted(found, Binaries.major())
                  + "Remit that made it, dump it, and load the dump into a new --data");
        }
      }
    }
  }

  /// An initdb that outlived a killed Remit may still be writing; what cannot be removed now is
  /// removed at a later start.
  private void removeLeftovers() {
    try {
      Trees.removeMatching(home, "making-*");
    } catch (IOException e) {
      return;
    }
  }

  private List<String> initdb(Path fresh) {
    return List.of(
        program("initdb"),
        "--pgdata=" + fresh,
        "--username=postgres",
        "--auth=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--data-checksums");
  }

  private List<String> single(Path fresh) {
    return List.of(program("postgres"), "--single", "-D", fresh.toString(), "postgres");
  }

  /// One statement a line, on standard input: the password appears in no argument list. It is hex,
  /// so it needs no quoting.
  private static String roleAndDatabase(String password) {
    return """
    CREATE ROLE %s LOGIN CREATEDB PASSWORD '%s'
    CREATE DATABASE %s OWNER %s
    """
        .formatted(ROLE, password, DATABASE, ROLE);
  }

  /// The password of [#ROLE], made at first use and kept in a file that only Remit can read.
  String password() {
    var file = home.resolve("password");
    try {
      if (!Files.exists(file)) {
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        var fresh = home.resolve("password.new");
        Files.deleteIfExists(fresh);
        Files.createFile(
            fresh,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, HexFormat.of().formatHex(random));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("keep the database password in `" + file + "`", e);
    }
  }

  /// Writes the configuration for a server on `port`. It lies outside the data directory, since
  /// nothing may be written as root where another account can place a link.
  void configure(int port) throws IOException {
    write("postgresql.conf", Settings.postgresql(home, data(), port));
    write("pg_hba.conf", Settings.access());
    write("pg_ident.conf", "");
    write("port", port + "\n");
  }

  private void write(String name, String text) throws IOException {
    var file = Files.writeString(home.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /// The port of the last start if it is free, so that an operator's `psql` keeps working, or any.
  int freePort() throws IOException {
    var file = home.resolve("port");
    if (Files.exists(file)) {
      var last = Files.readString(file).strip();
      if (last.matches("\\d{1,5}") && isFree(Integer.parseInt(last))) {
        return Integer.parseInt(last);
      }
    }
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
