package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Where state is kept. With an empty `url` a private PostgreSQL runs inside `data`.
public record DatabaseSection(
    @Setting(says = "JDBC URL of a PostgreSQL 15 or newer; without one a private one is started")
        String url,
    @Setting(
            value = "remit",
            says = "role that owns the schema; its password is `REMIT_DATABASE_PASSWORD`")
        String user,
    @Setting(value = "16", says = "most connections held at once") int poolMax,
    @Setting(
            value = "5s",
            says = "longest wait for a connection before the database counts as gone")
        Duration waitMax,
    @Setting(value = "30s", says = "longest that one statement may run") Duration statementMax) {
  public DatabaseSection {
    between("poolMax", poolMax, 2, 1000);
  }

  public boolean isPrivate() {
    return url.isEmpty();
  }
}
