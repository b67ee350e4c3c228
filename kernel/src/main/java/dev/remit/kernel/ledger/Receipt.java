package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalBase64;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// The signed promise that one entry is in the ledger; whoever holds it can prove an omission.
///
/// It needs nothing else but the log's public key: a checkpoint that the log has signed, and the
/// path from the entry's leaf to that checkpoint's root.
///
/// @param index the entry's place in the log, from 0
/// @param leaf hash of the entry's canonical bytes
/// @param path siblings from the leaf upwards
/// @param note the signed checkpoint; its size is greater than `index`
///
///   Errors: bytes or text of another form are an [IllegalArgumentException].
///
///   Source: `docs/formats/receipt.md`; the text form is C2SP tlog-proof.
public record Receipt(long index, Hash leaf, List<Hash> path, SignedNote note) {
  private static final byte VERSION = 1;
  private static final String TEXT_HEAD = "c2sp.org/tlog-proof@v1\n";

  public Receipt {
    path = List.copyOf(path);
    if (index < 0 || path.size() > 63) {
      throw new IllegalArgumentException("not a place in a log: " + index);
    }
  }

  public Checkpoint checkpoint() {
    return Checkpoint.parse(note.text());
  }

  public String origin() {
    return checkpoint().origin();
  }

  /// Says whether a log whose key is among `keys` has promised this entry.
  public ReceiptCheck check(Collection<NoteKey> keys) {
    return check(LogKeys.of(keys));
  }

  /// The same with keys of which it is known for which sizes each signs.
  public ReceiptCheck check(LogKeys keys) {
    return switch (keys.check(note)) {
      case CheckpointCheck.UnknownLog(var origin) -> new ReceiptCheck.UnknownLog(origin);
      case CheckpointCheck.OtherLog(_, var origin) -> new ReceiptCheck.UnknownLog(origin);
      case CheckpointCheck.WrongSignature(var name) -> new ReceiptCheck.WrongSignature(name);
      case CheckpointCheck.OutsideSpan(var key, var size) ->
          new ReceiptCheck.OutsideSpan(key, size);
      case CheckpointCheck.Proven(var checkpoint, _) ->
          Proofs.includes(checkpoint.root(), checkpoint.size(), index, leaf, path)
              ? new ReceiptCheck.Proven(checkpoint)
              : new ReceiptCheck.NotIncluded(index);
    };
  }

  /// Whether this is a receipt for an entry with exactly these bytes.
  public boolean isFor(byte[] entry) {
    return leaf.equals(Hash.leaf(entry));
  }

  /// Returns the receipt as the value of an HTTP header: base64url without padding.
  public String header() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
  }

  public static Receipt ofHeader(String header) {
    return of(CanonicalBase64.decodeUrl(header.strip()));
  }

  public byte[] bytes() {
    byte[] signed = note.toString().getBytes(StandardCharsets.UTF_8);
    var out = ByteBuffer.allocate(42 + path.size() * Hash.LENGTH + signed.length);
    out.put(VERSION).putLong(index).put(leaf.bytes()).put((byte) path.size());
    path.forEach(hash -> out.put(hash.bytes()));
    return out.put(signed).array();
  }

  public static Receipt of(byte[] bytes) {
    try {
      var in = ByteBuffer.wrap(bytes);
      if (in.get() != VERSION) {
        throw new IllegalArgumentException("not a receipt of version 1");
      }
      long index = in.getLong();
      var leaf = hash(in);
      int count = in.get();
      var path = new ArrayList<Hash>();
      for (int i = 0; i < count; i++) {
        path.add(hash(in));
      }
      var note = new byte[in.remaining()];
      in.get(note);
      return new Receipt(
          index, leaf, path, SignedNote.parse(new String(note, StandardCharsets.UTF_8)));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a receipt that is cut short", e);
    }
  }

  /// Returns the receipt as a C2SP tlog-proof, whose extra data is the leaf hash.
  public String text() {
    return path.stream()
        .map(hash -> hash.base64() + "\n")
        .collect(
            Collectors.joining(
                "", TEXT_HEAD + "extra " + leaf.base64() + "\nindex " + index + "\n", "\n" + note));
  }

  public static Receipt ofText(String text) {
    int blank = text.indexOf("\n\n");
    if (!text.startsWith(TEXT_HEAD) || blank < 0) {
      throw new IllegalArgumentException("not a tlog-proof");
    }
    var lines = text.substring(TEXT_HEAD.length(), blank).lines().toList();
    if (lines.size() < 2 || !lines.get(0).startsWith("extra ") || !isIndex(lines.get(1))) {
      throw new IllegalArgumentException("a tlog-proof without the extra and index lines");
    }
    return new Receipt(
        Long.parseLong(lines.get(1).substring("index ".length())),
        Hash.ofBase64(lines.get(0).substring("extra ".length())),
        lines.stream().skip(2).map(Hash::ofBase64).toList(),
        SignedNote.parse(text.substring(blank + 2)));
  }

  private static boolean isIndex(String line) {
    return line.matches("index (0|[1-9][0-9]{0,17})");
  }

  private static Hash hash(ByteBuffer in) {
    var bytes = new byte[Hash.LENGTH];
    in.get(bytes);
    return Hash.of(bytes);
  }
}
