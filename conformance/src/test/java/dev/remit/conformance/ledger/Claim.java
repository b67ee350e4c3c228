package dev.remit.conformance.ledger;

import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.Receipt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// That an entry is in a log at a place: what a foreign verifier is asked about.
///
/// @param note the signed checkpoint, as it travels
/// @param path siblings from the leaf upwards
/// @param key whom to believe
/// @param tampering what was done to it; empty for one that was not touched
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Claim(
    String note, byte[] entry, long index, List<Hash> path, NoteKey key, String tampering) {
  private static final byte[] SPKI_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  Claim {
    path = List.copyOf(path);
  }

  static Claim of(Receipt receipt, byte[] entry, NoteKey key) {
    return new Claim(receipt.note().toString(), entry, receipt.index(), receipt.path(), key, "");
  }

  boolean isUntouched() {
    return tampering.isEmpty();
  }

  long size() {
    return Long.parseLong(line(1));
  }

  /// The root as the checkpoint spells it.
  String root() {
    return line(2);
  }

  private String line(int number) {
    return note.lines().skip(number).findFirst().orElseThrow();
  }

  /// The public key as a SubjectPublicKeyInfo (RFC 8410).
  byte[] spki() {
    var raw = key.raw();
    var spki = Arrays.copyOf(SPKI_HEAD, SPKI_HEAD.length + raw.length);
    System.arraycopy(raw, 0, spki, SPKI_HEAD.length, raw.length);
    return spki;
  }

  /// The log's id as Rekor's second version forms it: all 32 bytes of the hash whose first four are
  /// the key id of a signed note.
  byte[] logId() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(key.name().getBytes(StandardCharsets.UTF_8));
      sha.update(new byte[] {'\n', 1});
      return sha.digest(key.raw());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  ObjectNode toJson() {
    var base64 = Base64.getEncoder();
    var json = JsonNodeFactory.instance.objectNode();
    json.put("note", note);
    json.put("entry", base64.encodeToString(entry));
    json.put("index", Long.toString(index));
    var hashes = json.putArray("path");
    path.forEach(hash -> hashes.add(hash.base64()));
    json.put("key", base64.encodeToString(spki()));
    json.put("logId", base64.encodeToString(logId()));
    json.put("name", key.name());
    return json;
  }
}
