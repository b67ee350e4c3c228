package dev.remit.server.tokens;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

/// Draws places of the status list at random, so that a place tells neither how many tokens there
/// are nor which came first.
///
/// A page belongs to the node that began it, under a name of 96 random bits, and no place of it is
/// given twice: what was drawn for a transaction that failed is lost. Half of a page stays empty,
/// so that two draws find a place. Used by one thread at a time.
final class StatusPages {
  /// Places of one page.
  static final int SIZE = 1 << 17;

  private static final int TAKEN_MAX = SIZE / 2;
  private static final Duration AGE_MAX = Duration.ofHours(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private Page page = Page.begun(Instant.MIN);

  private record Page(String name, BitSet taken, Instant begunAt) {

    static Page begun(Instant now) {
      var name = new byte[12];
      RANDOM.nextBytes(name);
      return new Page(
          Base64.getUrlEncoder().withoutPadding().encodeToString(name), new BitSet(SIZE), now);
    }

    boolean isOver(int wanted, Instant now) {
      return taken.cardinality() + wanted > TAKEN_MAX
          || begunAt.equals(Instant.MIN)
          || !now.isBefore(begunAt.plus(AGE_MAX));
    }

    StatusPlace draw() {
      int index = RANDOM.nextInt(SIZE);
      while (taken.get(index)) {
        index = RANDOM.nextInt(SIZE);
      }
      taken.set(index);
      return new StatusPlace(name, index);
    }
  }

  /// Returns `count` places, all of one page.
  List<StatusPlace> draw(int count, Instant now) {
    if (page.isOver(count, now)) {
      page = Page.begun(now);
    }
    var drawn = new ArrayList<StatusPlace>(count);
    for (int i = 0; i < count; i++) {
      drawn.add(page.draw());
    }
    return drawn;
  }
}
