package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import java.nio.charset.StandardCharsets;

/// Something personal or bulky that belongs to an entry: a prompt, a call's arguments, a result.
///
/// It is stored encrypted in its own table, in the entry's transaction; the entry itself holds only
/// a salted commitment to it.
///
/// @param name what it is, a lower-case word such as `arguments`; once per entry
/// @param bytes the value as it was, at most 16 MiB; the caller must not change them any more
@SuppressWarnings("ArrayRecordComponent") // Never compared; copying 16 MiB on each call costs.
public record Body(String name, byte[] bytes) {
  public static final int BYTES_MAX = 16 * 1024 * 1024;

  public Body {
    if (!Entry.isName(name)) {
      throw new IllegalArgumentException("`" + name + "` is not a name for a body");
    }
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException("a body has at most 16 MiB, was " + bytes.length);
    }
  }

  public static Body of(String name, String text) {
    return new Body(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
