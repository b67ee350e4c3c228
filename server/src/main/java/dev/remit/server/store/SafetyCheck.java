package dev.remit.server.store;

import java.util.List;

/// Refuses a server that could lose rows after it has acknowledged them: evidence that may vanish
/// in a power cut is none.
final class SafetyCheck {
  static final int VERSION_MIN = 15;

  /// What must be on. `synchronous_commit` has several safe values; `off` is the one that loses.
  private static final List<String> MUST_BE_ON =
      List.of("fsync", "full_page_writes", "synchronous_commit");

  private SafetyCheck() {}

  static void check(Tx tx) {
    var version = (int) (Long.parseLong(setting(tx, "server_version_num")) / 10_000);
    if (version < VERSION_MIN) {
      throw new UnsafeDatabase(
          "the database server is PostgreSQL %d; Remit needs %d or newer"
              .formatted(version, VERSION_MIN));
    }
    var off = MUST_BE_ON.stream().filter(name -> setting(tx, name).equals("off")).toList();
    if (!off.isEmpty()) {
      throw new UnsafeDatabase(
          "the database can lose rows that it has acknowledged: `%s` is off. "
                  .formatted(String.join("`, `", off))
              + "Set it on in postgresql.conf (and for the role and database: ALTER ROLE … RESET), "
              + "reload the server and start again");
    }
  }

  private static String setting(Tx tx, String name) {
    return tx.one("SELECT current_setting(?) AS value", row -> row.text("value"), name)
        .orElseThrow();
  }
}
