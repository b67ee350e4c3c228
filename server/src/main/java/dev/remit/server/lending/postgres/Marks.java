package dev.remit.server.lending.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// How a deployment finds its own again at a database, and sees that the database has seen more of
/// it than it remembers.
///
/// Roles for credentials are `remit_t_<deployment>_<26 characters>`; one more that cannot log in,
/// `remit_m_<deployment>_<place>`, carries a number in its comment. What another deployment owns
/// has another name and is never touched.
public final class Marks {
  private static final String COMMENT = "remit beat ";

  private final Places places;
  private final String deployment;

  /// The marks of one deployment.
  ///
  /// @param deployment 8 lower-case letters and digits
  public Marks(Places places, String deployment) {
    this.places = places;
    this.deployment = deployment;
  }

  /// Returns the role of a credential.
  ///
  /// @param body the 26 characters of its id
  public String role(String body) {
    return "remit_t_" + deployment + "_" + body;
  }

  private String marker(Place place) {
    return "remit_m_" + deployment + "_" + place.mark();
  }

  /// What is done while no other node looks at the same database.
  public interface Look {

    /// The number on the marker; empty if there is no marker.
    Optional<Long> beat();

    /// Makes the marker carry `beat`.
    void write(long beat);

    /// Every role of this deployment's credentials that exists.
    List<String> roles();
  }

  /// What is done with a [Look].
  public interface Looking {
    void at(Look look);
  }

  /// Runs `looking`, unless another node is doing the same there now.
  ///
  /// @return whether it ran
  public boolean alone(Place place, Looking looking) {
    return places.at(
        place,
        "look what is there",
        connection -> {
          var key = "remit sweep " + deployment;
          boolean mine =
              Sql.texts(connection, "SELECT pg_try_advisory_lock(hashtextextended(?, 0))", key)
                  .contains("t");
          if (!mine) {
            return false;
          }
          try {
            looking.at(new At(connection, place));
          } finally {
            Sql.texts(connection, "SELECT pg_advisory_unlock(hashtextextended(?, 0))", key);
          }
          return true;
        });
  }

  private final class At implements Look {
    private final Connection connection;
    private final Place place;

    At(Connection connection, Place place) {
      this.connection = connection;
      this.place = place;
    }

    @Override
    public Optional<Long> beat() {
      return asked(
              "SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles"
                  + " WHERE rolname = ?",
              marker(place))
          .stream()
          .findFirst()
          .map(At::number);
    }

    /// A comment that somebody has changed counts as the greatest number there is.
    private static long number(String comment) {
      if (comment.isEmpty()) {
        return 0;
      }
      try {
        return Long.parseLong(comment.substring(Math.min(COMMENT.length(), comment.length())));
      } catch (NumberFormatException e) {
        return Long.MAX_VALUE;
      }
    }

    @Override
    public void write(long beat) {
      var name = Sql.name(marker(place));
      try {
        if (!Sql.any(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", marker(place))) {
          Sql.run(connection, "CREATE ROLE " + name + " NOLOGIN");
        }
        Sql.run(connection, "COMMENT ON ROLE " + name + " IS " + Sql.text(COMMENT + beat));
      } catch (SQLException e) {
        throw new PlaceFailed("mark " + place, e);
      }
    }

    @Override
    public List<String> roles() {
      return asked(
          "SELECT rolname FROM pg_roles WHERE starts_with(rolname::text, ?) ORDER BY rolname",
          role(""));
    }

    private List<String> asked(String sql, String argument) {
      try {
        return Sql.texts(connection, sql, argument);
      } catch (SQLException e) {
        throw new PlaceFailed("look at the roles of " + place, e);
      }
    }
  }
}
