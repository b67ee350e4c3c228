package dev.remit.kernel.ledger;

/// What a receipt proves.
public sealed interface ReceiptCheck {

  /// The log has signed for this entry.
  record Proven(Checkpoint checkpoint) implements ReceiptCheck {}

  /// None of the given keys belongs to the log that the receipt names.
  record UnknownLog(String origin) implements ReceiptCheck {}

  record WrongSignature(String keyName) implements ReceiptCheck {}

  /// The signature is right, and the key was not, or no longer, in use at that size.
  record OutsideSpan(LogKey key, long size) implements ReceiptCheck {}

  /// The signature is right, but the path does not lead from this entry to the signed root.
  record NotIncluded(long index) implements ReceiptCheck {}
}
