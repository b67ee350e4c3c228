package dev.remit.kernel.ledger;

import java.util.regex.Pattern;

/// One of a log's keys, and the sizes that it signs for. Beyond them it is believed nothing: a key
/// that was replaced, and then stolen, signs no new checkpoint.
///
/// Written as the verifier key, then ` from SIZE` unless it is the first, then ` to SIZE` unless it
/// is in use.
///
/// @param first smallest size that it signs for, 0 or more
/// @param last greatest such size; [#IN_USE] when no key has followed it
///
///   Errors: text of another form is an [IllegalArgumentException].
///
///   Source: `docs/formats/checkpoint.md`, «Keys».
public record LogKey(NoteKey key, long first, long last) {
  static final long IN_USE = Long.MAX_VALUE;
  private static final Pattern FORM =
      Pattern.compile("(\\S+?)(?: from ([0-9]{1,18}))?(?: to ([0-9]{1,18}))?");

  public LogKey {
    if (key.kind() != NoteKey.Kind.LOG) {
      throw new IllegalArgumentException(
          "the key of `" + key.name() + "` is a witness's, where a log's is due");
    }
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(
          "the key of `" + key.name() + "` cannot sign from " + first + " to " + last);
    }
  }

  /// Returns a key of which no span is known.
  public static LogKey always(NoteKey key) {
    return new LogKey(key, 0, IN_USE);
  }

  /// Returns a key that is in use since a size.
  public static LogKey from(NoteKey key, long first) {
    return new LogKey(key, first, IN_USE);
  }

  public static LogKey parse(String line) {
    var form = FORM.matcher(line.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("a key is written name+id+key, then its sizes if any");
    }
    return new LogKey(
        NoteKey.parse(form.group(1)),
        form.group(2) == null ? 0 : Long.parseLong(form.group(2)),
        form.group(3) == null ? IN_USE : Long.parseLong(form.group(3)));
  }

  boolean covers(long size) {
    return first <= size && size <= last;
  }

  boolean isInUse() {
    return last == IN_USE;
  }

  /// Returns the sizes in words, to end a sentence that names the key.
  public String span() {
    return "sizes from " + first + (isInUse() ? " on" : " to " + last);
  }

  @Override
  public String toString() {
    return key + (first == 0 ? "" : " from " + first) + (isInUse() ? "" : " to " + last);
  }
}
