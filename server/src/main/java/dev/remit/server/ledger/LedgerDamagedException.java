package dev.remit.server.ledger;

/// The stored ledger contradicts itself: rows are missing or were changed. Nothing is appended on
/// top of that; `remit verify` names the place.
public final class LedgerDamagedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LedgerDamagedException(String message) {
    super(message);
  }
}
