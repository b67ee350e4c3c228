package dev.remit.server.lending.postgres;

import dev.remit.server.registry.Upstream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Looks whether a database is fit to lend credentials of, and says exactly what is not.
public final class Inspection {
  private static final Duration SKEW_MAX = Duration.ofSeconds(5);
  private static final int VERSION_MIN = 15;

  private final Places places;

  public Inspection(Places places) {
    this.places = places;
  }

  /// One thing that was looked at.
  ///
  /// @param what in a few words
  /// @param problem what is wrong and what to do; empty if nothing is
  public record Looked(String what, String problem) {
    public boolean isWell() {
      return problem.isEmpty();
    }
  }

  public List<Looked> of(Upstream.Database database, Instant now) {
    var place = Place.of(database);
    try {
      return places.inDatabase(
          place, place.database(), "log in", connection -> looked(connection, database, now));
    } catch (PlaceFailed e) {
      return List.of(
          new Looked(
              "log in as " + place.administrator(),
              e.why() + "; check host, port, `tls`, the user and its stored password"));
    }
  }

  private static List<Looked> looked(Connection connection, Upstream.Database database, Instant now)
      throws SQLException {
    var all = new ArrayList<Looked>();
    var admin = database.administrator();
    all.add(new Looked("log in as " + admin, ""));
    int version = connection.getMetaData().getDatabaseMajorVersion();
    all.add(
        new Looked(
            "PostgreSQL " + version,
            version >= VERSION_MIN ? "" : "it must be 15 or newer; upgrade it"));
    all.add(scram(connection));
    all.add(skew(connection, now));
    boolean superuser =
        Sql.any(connection, "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper");
    all.add(maker(connection, admin, superuser));
    for (var group :
        database.profiles().values().stream()
            .flatMap(p -> p.roles().stream())
            .distinct()
            .sorted()
            .toList()) {
      all.add(group(connection, admin, group, superuser || version < 16));
    }
    return List.copyOf(all);
  }

  private static Looked scram(Connection connection) throws SQLException {
    boolean strings = Sql.texts(connection, "SHOW standard_conforming_strings").contains("on");
    return new Looked(
        "reads strings as the standard says",
        strings ? "" : "set `standard_conforming_strings = on` for the administrator");
  }

  private static Looked skew(Connection connection, Instant now) throws SQLException {
    var text =
        Sql.texts(connection, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text")
            .getFirst();
    var skew = Duration.between(now, Instant.ofEpochMilli(Long.parseLong(text))).abs();
    return new Looked(
        "clock within " + SKEW_MAX.toSeconds() + " s of ours",
        skew.compareTo(SKEW_MAX) <= 0
            ? ""
            : "it is off by "
                + skew.toSeconds()
                + " s, so logins end at another time than they"
                + " should; set both clocks by NTP");
  }

  private static Looked maker(Connection connection, String admin, boolean superuser)
      throws SQLException {
    boolean may =
        superuser
            || Sql.any(
                connection,
                "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolcreaterole");
    return new Looked(
        admin + " may make roles",
        may ? "" : "it may not; as a superuser run: ALTER ROLE " + Sql.name(admin) + " CREATEROLE");
  }

  private static Looked group(Connection connection, String admin, String group, boolean any)
      throws SQLException {
    var what = admin + " may grant " + group;
    var powers =
        Sql.texts(
            connection,
            "SELECT (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls)::text"
                + " FROM pg_roles WHERE rolname = ?",
            group);
    if (powers.isEmpty()) {
      return new Looked(
          what, "there is no such role; as a superuser run: CREATE ROLE " + Sql.name(group));
    }
    if (powers.contains("true")) {
      return new Looked(
          what, "it has powers over the whole server; name a role that only has privileges");
    }
    boolean may =
        any
            || Sql.any(
                connection,
                "SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
                    + " WHERE r.rolname = ? AND m.admin_option"
                    + " AND pg_has_role(current_user, m.member, 'USAGE')",
                group);
    return new Looked(
        what,
        may
            ? ""
            : "it may not; as a superuser run: GRANT "
                + Sql.name(group)
                + " TO "
                + Sql.name(admin)
                + " WITH ADMIN OPTION");
  }
}
