package dev.remit.kernel.ledger;

import java.util.List;

/// What the witnesses whom a verifier trusts have seen of a log.
///
/// @param names of those who have cosigned a checkpoint of it, in no order
/// @param size up to which at least two of them have; 0 when fewer than two have at all
public record Witnessed(List<String> names, long size) {
  /// How many it takes until a log is called witnessed: one alone may be its operator's.
  public static final int ENOUGH = 2;

  public Witnessed {
    names = List.copyOf(names);
  }

  public boolean isEnough() {
    return names.size() >= ENOUGH;
  }
}
