package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.SubsetProof;
import dev.remit.kernel.ledger.TestLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;

/// Two nodes and a third that did nothing, each with its log, a root log over them, and the bundle
/// of one workflow that both worked for.
final class NodesWorld {
  private static final Instant TEN = BundleWorld.TEN;

  final TestLog root = new TestLog("nodes.test/root", "root");
  final Map<String, TestLog> nodes = new LinkedHashMap<>();
  final Scope scope =
      new Scope(Scope.Kind.WORKFLOW, "invoices", TEN, TEN.plusSeconds(3_600), new TreeSet<>());
  private final Map<String, SignedNote> seen = new LinkedHashMap<>();
  private int calls;

  NodesWorld(Random random) {
    root.boot();
    for (var name : List.of("node-a", "node-b", "node-c")) {
      var log = new TestLog("nodes.test/" + name, name);
      log.boot();
      nodes.put(name, log);
    }
    log("node-a").add(about(EntryType.TASK_STARTED).with("expiresAt", TEN.plusSeconds(900)));
    for (int i = 0; i < 12; i++) {
      call(random.nextBoolean() ? "node-a" : "node-b");
    }
    call("node-a");
    call("node-b");
    // Begun at one node and ended at the other.
    log("node-b").add(about(EntryType.TASK_COMPLETED).with("by", "expiry"));
    look();
  }

  TestLog log(String node) {
    var log = nodes.get(node);
    if (log == null) {
      throw new IllegalArgumentException(node);
    }
    return log;
  }

  void call(String node) {
    var id = "dec_" + node + calls++;
    log(node).add(decided(id));
    log(node)
        .add(
            Entry.of(EntryType.CALL_ENDED, TEN.plusSeconds(2 + calls))
                .with("of", id)
                .with("outcome", "answered"));
  }

  Entry decided(String id) {
    return about(EntryType.CALL_DECIDED)
        .with("id", id)
        .with("method", "tools/call")
        .with("target", "files/read")
        .with("decision", "allow");
  }

  private Entry about(EntryType type) {
    return Entry.of(type, TEN.plusSeconds(1 + calls))
        .with("workflow", "invoices")
        .with("task", "task_1");
  }

  /// The root log looks at every log, and lives on.
  void look() {
    var set = JsonNodeFactory.instance.arrayNode();
    nodes.values().stream().map(log -> log.key().name()).sorted().forEach(set::add);
    nodes.forEach((name, log) -> {
      var note = log.note(log.entries);
      var checkpoint = Checkpoint.parse(note.text());
      seen.put(name, note);
      root.add(
          Entry.of(EntryType.LOG_SEEN, TEN.plusSeconds(100))
              .with("of", checkpoint.origin())
              .with("node", name)
              .with("size", checkpoint.size())
              .with("root", checkpoint.root().base64())
              .with("logEpoch", 1)
              .with("checkpoint", Digest.of(note.toString()))
              .with("key", log.key().toString())
              .with("last", "call.ended")
              .with("lastAt", TEN)
              .with("logs", nodes.size())
              .with("set", CanonicalJson.digest(set)));
    });
    root.add(Entry.of(EntryType.HEARTBEAT, TEN.plusSeconds(160)));
  }

  List<NoteKey> keys() {
    var keys = new ArrayList<>(List.of(root.key()));
    nodes.values().forEach(log -> keys.add(log.key()));
    return keys;
  }

  Map<String, byte[]> parts() {
    return parts(List.copyOf(nodes.keySet()), lastSeen());
  }

  /// The bundle of some of the logs, with some of the root log's entries.
  Map<String, byte[]> parts(List<String> names, List<RecordedEntry> told) {
    var taken = new LinkedHashMap<String, List<RecordedEntry>>();
    names.forEach(name -> taken.put(name, new ArrayList<>()));
    var selection = new Selection(scope);
    var all = names.stream().map(name -> recorded(log(name)).iterator()).toList();
    new InTime<>(all, entry -> entry)
        .forEachRemaining(entry -> {
          var belongs = taken.get(entry.text("producer").orElse(""));
          if (selection.takes(entry) && belongs != null) {
            belongs.add(entry);
          }
        });
    var logs = names.stream().map(name -> part(name, log(name), taken.get(name))).toList();
    return new DeploymentBundle(
            scope, part("root", root, told), logs, LogKeys.of(keys()), List.of())
        .parts();
  }

  /// What the root log saw last of each log, and what follows.
  List<RecordedEntry> lastSeen() {
    return recorded(root).subList(root.entries.size() - 1 - nodes.size(), root.entries.size());
  }

  static List<RecordedEntry> recorded(TestLog log) {
    var entries = new ArrayList<RecordedEntry>();
    for (var bytes : log.entries) {
      entries.add(RecordedEntry.parse(entries.size(), bytes));
    }
    return entries;
  }

  private LogEvidence part(
      String name, TestLog log, @org.jspecify.annotations.Nullable List<RecordedEntry> entries) {
    var here = entries == null ? List.<RecordedEntry>of() : entries;
    var places = here.stream().mapToLong(RecordedEntry::index).toArray();
    var note = seen.get(name);
    return new LogEvidence(
        name,
        note == null ? log.note(log.entries) : note,
        new byte[0],
        here,
        SubsetProof.of(log.tree(), log.entries.size(), places),
        List.of(),
        List.of());
  }

  BundleReport audit(Map<String, byte[]> parts) {
    return BundleAudit.of(BundleParts.of(parts), keys());
  }
}
