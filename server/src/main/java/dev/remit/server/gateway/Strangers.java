package dev.remit.server.gateway;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/// Says which of those who come with tokens that this server never signed are recorded: the first
/// few of each minute, and with each how many went by since the last.
///
/// Anybody can send such a thing, and whoever could make an entry at will could fill the ledger.
final class Strangers {
  static final int RECORDED_A_MINUTE = 30;

  private Instant minute = Instant.MIN;
  private int recorded;
  private long unrecorded;

  /// Counts one more.
  ///
  /// @return if it is to be recorded, how many have not been since the last that was
  synchronized OptionalLong next(Instant now) {
    var thisMinute = now.truncatedTo(ChronoUnit.MINUTES);
    if (!thisMinute.equals(minute)) {
      minute = thisMinute;
      recorded = 0;
    }
    if (recorded == RECORDED_A_MINUTE) {
      unrecorded++;
      return OptionalLong.empty();
    }
    recorded++;
    long before = unrecorded;
    unrecorded = 0;
    return OptionalLong.of(before);
  }
}
