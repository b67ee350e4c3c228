package dev.remit.cli.operate;

/// Says how many there are of something, in words that fit the number.
final class Amount {
  private Amount() {}

  /// Returns `1 key` or `3 keys`.
  static String of(long count, String one, String several) {
    return "%,d %s".formatted(count, count == 1 ? one : several);
  }
}
