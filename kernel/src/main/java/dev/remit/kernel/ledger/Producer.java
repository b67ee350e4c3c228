package dev.remit.kernel.ledger;

import java.util.regex.Pattern;

/// Who writes entries: one node, in one of its lives. Entries of one producer's epoch are numbered
/// without gaps from 1, so a missing one shows.
///
/// @param name the node: 1 to 63 lower-case letters, digits, dots and hyphens
/// @param epoch which life of it, counted from 1; raised by each start
public record Producer(String name, long epoch) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

  public Producer {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("`" + name + "` is not the name of a node");
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs count from 1, was " + epoch);
    }
  }
}
