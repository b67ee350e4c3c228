package dev.remit.kernel.ledger;

import java.util.regex.Pattern;

/// A part of a log under its own address: 256 neighbouring hashes of one level, or the bundle of
/// the 256 entries below a tile of level 0.
///
/// @param level 0 for leaf hashes, 1 for hashes over 256 leaves, and so on; [#ENTRIES] for entries
/// @param number from 0, counted within the level
/// @param width hashes or entries in it, 256 when it is full
///
///   Errors: an address of another form is an [IllegalArgumentException].
///
///   Source: C2SP tlog-tiles.
public record Tile(int level, long number, int width) {
  public static final int WIDTH_MAX = 256;

  /// The level of entry bundles in this type; written `entries`.
  public static final int ENTRIES = -1;

  /// Levels of the tree within one tile.
  static final int HEIGHT = 8;

  private static final int LEVEL_MAX = 63;
  private static final long NUMBER_MAX = 1L << 55;
  private static final Pattern FORM =
      Pattern.compile(
          "tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})"
              + "(?:\\.p/([1-9][0-9]{0,2}))?");

  public Tile {
    if (level < ENTRIES || level > LEVEL_MAX || number < 0 || number >= NUMBER_MAX) {
      throw new IllegalArgumentException("no tile has level " + level + " and number " + number);
    }
    if (width < 1 || width > WIDTH_MAX) {
      throw new IllegalArgumentException("a tile has a width of 1 to 256, was " + width);
    }
  }

  /// Returns the tile as it is in a log of `size` entries.
  ///
  /// @throws IllegalArgumentException if that log has nothing there
  public static Tile in(long size, int level, long number) {
    long hashes = size >> (HEIGHT * Math.max(level, 0));
    return new Tile(level, number, (int) Math.min(WIDTH_MAX, hashes - number * WIDTH_MAX));
  }

  /// Number of tiles of `level` in a log of `size` entries, the partial one included.
  public static long count(long size, int level) {
    long hashes = size >> (HEIGHT * Math.max(level, 0));
    return (hashes + WIDTH_MAX - 1) / WIDTH_MAX;
  }

  public static Tile parse(String path) {
    var form = FORM.matcher(path);
    if (!form.matches()) {
      throw new IllegalArgumentException("`" + path + "` is not the path of a tile");
    }
    int level = form.group(1).equals("entries") ? ENTRIES : Integer.parseInt(form.group(1));
    long number = Long.parseLong(form.group(2).replace("x", "").replace("/", ""));
    boolean partial = form.group(3) != null;
    int width = partial ? Integer.parseInt(form.group(3)) : WIDTH_MAX;
    var tile = new Tile(level, number, width);
    // One address for one tile: no needless x000, no partial tile of full width.
    if (!tile.path().equals(path)) {
      throw new IllegalArgumentException("`" + path + "` is not the path of a tile");
    }
    return tile;
  }

  /// Index of the tile's first hash or entry within its level.
  public long first() {
    return number * WIDTH_MAX;
  }

  public boolean isFull() {
    return width == WIDTH_MAX;
  }

  /// Returns the path below the log's prefix, such as `tile/0/x001/x234/067.p/8`.
  public String path() {
    var out = new StringBuilder(String.format("%03d", number % 1000));
    for (long rest = number / 1000; rest > 0; rest /= 1000) {
      out.insert(0, String.format("x%03d/", rest % 1000));
    }
    out.insert(0, level == ENTRIES ? "tile/entries/" : "tile/" + level + "/");
    return isFull() ? out.toString() : out.append(".p/").append(width).toString();
  }
}
