package dev.remit.server.lending.postgres;

import dev.remit.server.lending.LendingCrash;
import dev.remit.server.lending.LendingCrashes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Makes roles at a database, and takes them away for good.
///
/// What a role may do it has from the groups that it is a member of: a grant for each role would
/// end at some 2,400 of them, when the list of grants of one table no longer fits a page. The
/// server is told a verifier and never a password.
///
/// Everything throws [PlaceFailed]; everything may be done again.
public final class Roles {
  private static final int SETS_INHERIT = 16;
  private static final long PAUSE_MILLIS_MAX = 50;

  /// A session that was logging in when login ended shows a moment later.
  private static final int LOOKS = 2;

  private final Places places;
  private final LendingCrashes crashes;
  private final Duration terminateMax;

  /// Roles at `places`.
  ///
  /// @param terminateMax how long sessions are given to end in one attempt
  public Roles(Places places, Duration terminateMax, LendingCrashes crashes) {
    this.places = places;
    this.terminateMax = terminateMax;
    this.crashes = crashes;
  }

  /// A role to be made.
  ///
  /// @param groups what it is made a member of
  public record Wanted(
      String role, String verifier, Instant until, int connectionsMax, Set<String> groups) {
    public Wanted {
      groups = Set.copyOf(groups);
    }

    /// Without the verifier: it is not secret, and belongs nowhere.
    @Override
    public String toString() {
      return role;
    }
  }

  public void make(Place place, Wanted wanted) {
    places.at(
        place,
        "make role " + wanted.role(),
        connection -> {
          connection.setAutoCommit(false);
          try {
            Sql.run(connection, making(wanted, connection.getMetaData().getDatabaseMajorVersion()));
            crashes.at(LendingCrash.ISSUE_BEFORE_COMMIT);
            connection.commit();
          } catch (SQLException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
          return true;
        });
  }

  private static String making(Wanted wanted, int version) {
    var role = Sql.name(wanted.role());
    var groups = String.join(", ", wanted.groups().stream().sorted().map(Sql::name).toList());
    // It inherits what the groups may, and cannot become them: what it makes is its own, and found.
    var only = version >= SETS_INHERIT ? " WITH INHERIT TRUE, SET FALSE" : "";
    return "CREATE ROLE %s LOGIN PASSWORD %s VALID UNTIL %s CONNECTION LIMIT %d;\nGRANT %s TO %s%s"
        .formatted(
            role,
            Sql.text(wanted.verifier()),
            Sql.text(wanted.until().truncatedTo(ChronoUnit.MILLIS).toString()),
            wanted.connectionsMax(),
            groups,
            role,
            only);
  }

  /// How a role went.
  ///
  /// @param existed whether it was there at all
  /// @param sessions how many sessions of it were ended
  /// @param owned whether it had made something, which is the administrator's now
  /// @param lock until nobody could log in as it, `terminate` until no session was left, `drop`
  ///   until it was gone with what it owned, `verify` until that was seen
  public record Gone(
      boolean existed,
      long sessions,
      boolean owned,
      Duration lock,
      Duration terminate,
      Duration drop,
      Duration verify) {}

  /// Takes `role` away: no login, no session, nothing owned, no role, and looks that it is so.
  /// Dropping alone would leave its sessions running.
  public Gone take(Place place, String role) {
    return places.at(place, "take away role " + role, connection -> take(place, connection, role));
  }

  private Gone take(Place place, Connection connection, String role) throws SQLException {
    var clock = new Steps();
    var oid = Sql.texts(connection, "SELECT oid FROM pg_roles WHERE rolname = ?", role);
    if (oid.isEmpty()) {
      return new Gone(false, 0, false, clock.step(), Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    Sql.run(connection, "ALTER ROLE " + Sql.name(role) + " NOLOGIN CONNECTION LIMIT 0");
    var lock = clock.step();
    crashes.at(LendingCrash.REVOKE_AFTER_LOCK);

    var membership = new Membership(connection, role);
    long sessions = terminate(membership, oid.getFirst());
    var terminate = clock.step();
    crashes.at(LendingCrash.REVOKE_AFTER_TERMINATE);

    boolean owned = drop(place, membership, oid.getFirst());
    var drop = clock.step();
    crashes.at(LendingCrash.REVOKE_AFTER_DROP);

    sessions += verify(connection, oid.getFirst(), role);
    return new Gone(true, sessions, owned, lock, terminate, drop, clock.step());
  }

  private static boolean isSuperuser(Connection connection) throws SQLException {
    return Sql.texts(connection, "SELECT current_setting('is_superuser')").contains("on");
  }

  private long terminate(Membership membership, String oid) throws SQLException {
    var connection = membership.connection;
    long end = System.nanoTime() + terminateMax.toNanos();
    var ended = new LinkedHashSet<String>();
    long pause = 1;
    int quiet = 0;
    while (true) {
      if (Sql.any(connection, "SELECT 1 FROM pg_stat_activity WHERE usesysid = ?::oid", oid)) {
        membership.need();
      }
      var alive = sessions(connection, oid);
      quiet = alive.isEmpty() ? quiet + 1 : 0;
      if (quiet == LOOKS) {
        return ended.size();
      }
      ended.addAll(alive);
      if (System.nanoTime() > end) {
        throw new SQLException(
            alive.size() + " sessions of " + membership.role + " do not end", "57014");
      }
      pause(pause);
      pause = Math.min(3 * pause, PAUSE_MILLIS_MAX);
    }
  }

  /// Tells every session to end and returns which ones there were.
  private static List<String> sessions(Connection connection, String oid) throws SQLException {
    return Sql.texts(
        connection,
        "SELECT pid::text, pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = ?::oid",
        oid);
  }

  /// In every database where it owns something or was granted something, and then the role itself.
  private boolean drop(Place place, Membership membership, String oid) throws SQLException {
    var connection = membership.connection;
    var role = membership.role;
    var found =
        Sql.texts(
            connection,
            """
            SELECT DISTINCT coalesce(d.datname, current_database())
              FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
             WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = ?::oid
            """,
            oid);
    if (!found.isEmpty()) {
      membership.need();
    }
    var disowning = disowning(role);
    for (var other : found) {
      if (!other.equals(place.database())) {
        places.inDatabase(
            place,
            other,
            "take over what role " + role + " owns",
            elsewhere -> {
              Sql.together(elsewhere, disowning);
              return true;
            });
      }
    }
    var statements = new ArrayList<String>();
    if (found.contains(place.database())) {
      statements.addAll(disowning);
    }
    statements.add("DROP ROLE IF EXISTS " + Sql.name(role));
    Sql.together(connection, statements);
    return !found.isEmpty();
  }

  private static List<String> disowning(String role) {
    var name = Sql.name(role);
    return List.of("REASSIGN OWNED BY " + name + " TO CURRENT_USER", "DROP OWNED BY " + name);
  }

  /// A session that was still logging in when login ended has the number of a role that is gone.
  private static long verify(Connection connection, String oid, String role) throws SQLException {
    if (Sql.any(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)) {
      throw new SQLException("role " + role + " is still there after it was dropped", "55006");
    }
    return sessions(connection, oid).size();
  }

  private static void pause(long millis) throws SQLException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while sessions end", "57014", e);
    }
  }

  /// The administrator's membership in a role that is taken away: who is no superuser needs it to
  /// end sessions and to take over objects. It is asked for only then, because beside ten thousand
  /// roles each grant costs the database tens of milliseconds (ADR 0186).
  private static final class Membership {
    private final Connection connection;
    private final String role;
    private boolean there;

    Membership(Connection connection, String role) {
      this.connection = connection;
      this.role = role;
    }

    void need() throws SQLException {
      if (!there && !isSuperuser(connection)) {
        Sql.run(connection, "GRANT " + Sql.name(role) + " TO CURRENT_USER");
      }
      there = true;
    }
  }

  /// Measures one step after the other.
  private static final class Steps {
    private long since = System.nanoTime();

    Duration step() {
      long now = System.nanoTime();
      var took = Duration.ofNanos(now - since);
      since = now;
      return took;
    }
  }
}
