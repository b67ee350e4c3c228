package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalBase64;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// One signature line of a note: who signed, with which key, and the signature.
///
/// Source: C2SP signed-note, "Signatures".
public final class NoteSignature {
  private static final String DASH = "— ";
  private static final int KEY_ID_LENGTH = 4;

  private final String name;
  private final int keyId;
  private final byte[] bytes;

  public NoteSignature(String name, int keyId, byte[] bytes) {
    if (!NoteKey.isName(name)) {
      throw new IllegalArgumentException("`" + name + "` cannot be the name of a key");
    }
    this.name = name;
    this.keyId = keyId;
    this.bytes = bytes.clone();
  }

  static NoteSignature parse(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(DASH) || space <= DASH.length()) {
      throw new IllegalArgumentException("`" + line + "` is not a signature line of a note");
    }
    byte[] all = CanonicalBase64.decode(line.substring(space + 1));
    if (all.length <= KEY_ID_LENGTH) {
      throw new IllegalArgumentException("a signature line of a note holds no signature");
    }
    return new NoteSignature(
        line.substring(DASH.length(), space),
        ByteBuffer.wrap(all).getInt(),
        Arrays.copyOfRange(all, KEY_ID_LENGTH, all.length));
  }

  public String name() {
    return name;
  }

  public int keyId() {
    return keyId;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// Returns the line, without its newline.
  @Override
  public String toString() {
    var all = ByteBuffer.allocate(KEY_ID_LENGTH + bytes.length).putInt(keyId).put(bytes).array();
    return DASH + name + " " + Base64.getEncoder().encodeToString(all);
  }
}
