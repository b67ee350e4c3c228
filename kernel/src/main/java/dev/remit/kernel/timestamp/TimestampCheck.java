package dev.remit.kernel.timestamp;

/// Whether a timestamp is an authority's.
public sealed interface TimestampCheck {

  /// An authority that is trusted has signed it.
  ///
  /// @param by the authority's name in its certificate
  record Signed(String by) implements TimestampCheck {}

  /// It names no certificate that is trusted, so nobody's word stands behind it.
  record Unknown() implements TimestampCheck {}

  /// It names a trusted certificate that has not signed this, or may not have.
  ///
  /// @param why what is wrong
  record Wrong(String why) implements TimestampCheck {}
}
