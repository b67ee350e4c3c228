package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.LedgerAudit;

/// How the worlds of other features end: with their ledger verified.
public final class Audited {

  private Audited() {}

  /// Closes `ledger` and verifies everything that it recorded.
  public static void close(Ledger ledger, LedgerReader reader) {
    var keys = reader.keys();
    ledger.close();
    assertThat(LedgerAudit.of(reader.files(), keys).damages()).isEmpty();
  }
}
