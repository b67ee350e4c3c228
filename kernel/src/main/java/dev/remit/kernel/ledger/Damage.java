package dev.remit.kernel.ledger;

/// One thing that is wrong with a ledger, and where.
///
/// @param from index of the first entry concerned
/// @param to index after the last entry concerned; greater than `from`, or equal to it when no
///   single entry is to blame
/// @param what in one lower-case sentence
public record Damage(long from, long to, String what) {

  static Damage at(long index, String what) {
    return new Damage(index, index + 1, what);
  }

  @Override
  public String toString() {
    if (to == from + 1) {
      return "entry " + from + ": " + what;
    }
    return to == from ? what : "entries " + from + " to " + (to - 1) + ": " + what;
  }
}
