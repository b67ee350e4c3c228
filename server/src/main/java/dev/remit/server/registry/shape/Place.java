package dev.remit.server.registry.shape;

/// Where something stands in a file.
///
/// @param file the file's name as the author gave it
/// @param line 1-based; 0 when the whole file is meant
/// @param column 1-based; 0 when the whole line is meant
public record Place(String file, int line, int column) implements Comparable<Place> {

  @Override
  public int compareTo(Place other) {
    int byFile = file.compareTo(other.file);
    int byLine = byFile != 0 ? byFile : Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  /// Returns `file:line:column`, which editors turn into a link.
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
