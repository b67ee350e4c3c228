package dev.remit.kernel.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A log in memory, as a producer would write it, to be exported, tampered with and verified.
public final class TestLog {
  public static final String ORIGIN = "ledger.test/log";
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  public final List<byte[]> entries = new ArrayList<>();
  private final List<String> older = new ArrayList<>();
  private final KeyPair pair = pair();
  private final String origin;
  private final String node;
  private long epoch;
  private long n;

  public TestLog() {
    this(ORIGIN, "node-1");
  }

  /// A log of another node.
  public TestLog(String origin, String node) {
    this.origin = origin;
    this.node = node;
  }

  /// A log of about `size` entries in several epochs with decisions and outcomes.
  public static TestLog random(Random random, int size) {
    var log = new TestLog();
    log.boot();
    while (log.entries.size() < size) {
      switch (random.nextInt(40)) {
        case 0 -> log.restart(random.nextBoolean());
        case 1 -> log.keepCheckpoint();
        default -> log.call("dec_" + log.entries.size());
      }
    }
    return log;
  }

  public NoteKey key() {
    byte[] spki = pair.getPublic().getEncoded();
    return NoteKey.of(origin, Arrays.copyOfRange(spki, spki.length - 32, spki.length));
  }

  void call(String id) {
    add(Entry.of(EntryType.CALL_DECIDED, NOW).with("id", id).with("decision", "allow"));
    add(Entry.of(EntryType.CALL_ENDED, NOW).with("of", id));
  }

  public void boot() {
    var boot = Entry.of(EntryType.BOOT, NOW).with("previousEpoch", epoch).with("previousN", n);
    epoch++;
    n = 0;
    add(boot);
  }

  public void restart(boolean sealed) {
    if (sealed) {
      add(Entry.of(EntryType.SEAL, NOW).with("total", n + 1));
    }
    boot();
  }

  public void add(Entry entry) {
    add(entry, JsonNodeFactory.instance.objectNode());
  }

  public void add(Entry entry, ObjectNode bodies) {
    n++;
    entries.add(entry.by(new Producer(node, epoch), bodies).numbered(n));
  }

  void keepCheckpoint() {
    older.add(note(entries).toString());
  }

  List<Hash> leaves() {
    return leaves(entries);
  }

  static List<Hash> leaves(List<byte[]> entries) {
    return entries.stream().map(Hash::leaf).toList();
  }

  public SignedNote note(List<byte[]> entries) {
    return sign(new Checkpoint(origin, entries.size(), Frontiers.root(leaves(entries))));
  }

  SignedNote sign(Checkpoint checkpoint) {
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(checkpoint.text().getBytes(StandardCharsets.UTF_8));
      return new SignedNote(
          checkpoint.text(), List.of(new NoteSignature(origin, key().id(), signature.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  Map<String, byte[]> export() {
    return export(entries, leaves(), note(entries));
  }

  /// The log's files if its rows were `entries` and `leaves`, under the checkpoint `note`.
  Map<String, byte[]> export(List<byte[]> entries, List<Hash> leaves, SignedNote note) {
    var files = new HashMap<String, byte[]>();
    long size = Checkpoint.parse(note.text()).size();
    files.put("checkpoint", utf8(note.toString()));
    files.put("checkpoints", utf8(String.join("\n", older.stream().map(TestLog::line).toList())));
    for (long i = 0; i < Tile.count(size, Tile.ENTRIES); i++) {
      var tile = Tile.in(size, Tile.ENTRIES, i);
      int from = (int) tile.first();
      int to = Math.min(entries.size(), from + tile.width());
      if (from < to) {
        files.put(tile.path(), bundle(entries.subList(from, to)));
      }
    }
    for (int level = 0; Tile.count(size, level) > 0; level++) {
      for (long i = 0; i < Tile.count(size, level); i++) {
        var tile = Tile.in(size, level, i);
        files.put(tile.path(), hashes(leaves, tile));
      }
    }
    return files;
  }

  /// The log's tree.
  public Nodes tree() {
    var leaves = leaves();
    return (level, index) ->
        Frontiers.root(leaves.subList((int) (index << level), (int) ((index + 1) << level)));
  }

  static LedgerFiles files(Map<String, byte[]> files) {
    return path -> Optional.ofNullable(files.get(path));
  }

  static byte[] bundle(List<byte[]> entries) {
    var out = new ByteArrayOutputStream();
    for (var entry : entries) {
      out.write(entry.length >> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  private static byte[] hashes(List<Hash> leaves, Tile tile) {
    var out = new ByteArrayOutputStream();
    int span = 1 << (8 * tile.level());
    for (int i = 0; i < tile.width(); i++) {
      int from = ((int) tile.first() + i) * span;
      if (from + span <= leaves.size()) {
        out.writeBytes(Frontiers.root(leaves.subList(from, from + span)).bytes());
      }
    }
    return out.toByteArray();
  }

  private static String line(String note) {
    return Base64.getEncoder().encodeToString(utf8(note));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
