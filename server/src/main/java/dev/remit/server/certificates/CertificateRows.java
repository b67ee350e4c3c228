package dev.remit.server.certificates;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Which certificates were issued and by which authorities, for comparison with the ledger: tables
/// `certificate` and `certificate_authority`.
public final class CertificateRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT id, task, token, subject, workflow, authority, serial, key, state, reason,
               intended_at, expires_at, active_at, thumbprint, revoking_at, ended_at
          FROM certificate
        """,
        row -> each.accept(certificate(row)));
    tx.each(
        "SELECT id, certificate, wrapped, created_at, signs_from, expires_at, revoked_at"
            + " FROM certificate_authority",
        row -> each.accept(authority(row)));
  }

  private static StateRow certificate(Row row) {
    var told =
        StateRow.of("certificate", row.text("id"))
            .with("state", row.text("state").toLowerCase(Locale.ROOT))
            .with("task", row.text("task"))
            .with("token", row.text("token"))
            .with("identity", row.text("subject"))
            .with("workflow", row.text("workflow"))
            .with("authority", row.text("authority"))
            .with("serial", row.text("serial"))
            .with("key", row.text("key"))
            .with("intendedAt", row.instant("intended_at"))
            .with("expiresAt", row.instant("expires_at"));
    for (var column : List.of("active", "revoking", "ended")) {
      var at = row.maybeInstant(column + "_at");
      told = at.isPresent() ? told.with(column + "At", at.get()) : told;
    }
    for (var column : List.of("thumbprint", "reason")) {
      var text = row.maybeText(column);
      told = text.isPresent() ? told.with(column, text.get()) : told;
    }
    return told;
  }

  private static StateRow authority(Row row) {
    var told =
        StateRow.of("certificate-authority", row.text("id"))
            .with("certificate", Digest.of(row.bytes("certificate")).value())
            .with("sealed", Digest.of(row.bytes("wrapped")).value())
            .with("signsFrom", row.instant("signs_from"))
            .with("expiresAt", row.instant("expires_at"))
            .with("createdAt", row.instant("created_at"));
    return row.maybeInstant("revoked_at").map(at -> told.with("revokedAt", at)).orElse(told);
  }
}
