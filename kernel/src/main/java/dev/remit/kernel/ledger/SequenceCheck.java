package dev.remit.kernel.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows the numbers of each producer through the log, entry by entry: every epoch starts with a
/// boot that names where the previous one stopped, counts without gaps, and says nothing after its
/// seal.
final class SequenceCheck {
  private final Map<String, Life> lives = new HashMap<>();
  private final List<Damage> damages;
  private boolean resumed;
  private long epochs;
  private long sealed;

  private record Life(long epoch, long n, boolean sealed) {}

  SequenceCheck(List<Damage> damages) {
    this.damages = damages;
  }

  long epochs() {
    return epochs;
  }

  long sealed() {
    return sealed;
  }

  /// Entries before the next one could not be read: take its numbers as they come.
  void resume() {
    lives.clear();
    resumed = true;
  }

  void next(RecordedEntry entry) {
    var producer = entry.producer();
    var before = Optional.ofNullable(lives.get(producer.name()));
    var wrong = before.isEmpty() && resumed ? "" : wrong(entry, before);
    if (!wrong.isEmpty()) {
      damages.add(Damage.at(entry.index(), wrong));
    }
    if (entry.type() == EntryType.BOOT) {
      epochs++;
    }
    boolean seals = entry.type() == EntryType.SEAL;
    if (seals) {
      sealed++;
    }
    lives.put(producer.name(), new Life(producer.epoch(), entry.n(), seals));
  }

  private static String wrong(RecordedEntry entry, Optional<Life> before) {
    try {
      return entry.type() == EntryType.BOOT
          ? wrongBoot(entry, before)
          : before.map(life -> wrongNext(entry, life)).orElse("its epoch has no boot entry");
    } catch (IllegalArgumentException e) {
      return "it " + e.getMessage();
    }
  }

  private static String wrongBoot(RecordedEntry boot, Optional<Life> before) {
    long epoch = before.map(Life::epoch).orElse(0L);
    long n = before.map(Life::n).orElse(0L);
    if (boot.n() != 1) {
      return "a boot entry has number " + boot.n() + " instead of 1";
    }
    // An epoch may end before its boot was stored; epochs grow, they need not be neighbours.
    if (boot.producer().epoch() <= epoch) {
      return "epoch " + boot.producer().epoch() + " starts after epoch " + epoch;
    }
    if (boot.number("previousEpoch") != epoch || boot.number("previousN") != n) {
      return "the boot entry names number "
          + boot.number("previousN")
          + " of epoch "
          + boot.number("previousEpoch")
          + " as the last before it, the log has number "
          + n
          + " of epoch "
          + epoch;
    }
    return "";
  }

  private static String wrongNext(RecordedEntry entry, Life life) {
    if (entry.producer().epoch() != life.epoch) {
      return "it belongs to epoch " + entry.producer().epoch() + " amid epoch " + life.epoch;
    }
    if (entry.n() != life.n + 1) {
      return "it has number " + entry.n() + ", number " + (life.n + 1) + " was due";
    }
    if (life.sealed) {
      return "it follows the seal of its epoch";
    }
    boolean seals = entry.type() == EntryType.SEAL;
    return seals && entry.number("total") != entry.n()
        ? "the seal states a total of " + entry.number("total") + ", the epoch has " + entry.n()
        : "";
  }
}
