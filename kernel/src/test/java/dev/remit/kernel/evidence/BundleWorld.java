package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.TestLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A small log of two workflows, and the bundle that tells of one of them.
final class BundleWorld {
  static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");
  private static final JsonMapper JSON = JsonMapper.shared();

  final TestLog log = new TestLog();
  final List<OpenedBody> bodies = new ArrayList<>();
  final List<Redaction> redactions = new ArrayList<>();
  final Scope scope =
      new Scope(
          Scope.Kind.WORKFLOW,
          "invoices",
          TEN,
          TEN.plusSeconds(3_600),
          new TreeSet<>(List.of("workflow/invoices")));

  private final Random random;
  private final ObjectNode workflow =
      JSON.createObjectNode().put("owner", "anna").put("purpose", "pay").put("stage", "pilot");

  BundleWorld(Random random) {
    this.random = random;
    log.boot();
    log.add(
        Entry.of(EntryType.REGISTRY_CHANGED, TEN.minusSeconds(86_400))
            .with("action", "create")
            .with("kind", "workflow")
            .with("name", "invoices")
            .with("revision", 1)
            .with("after", CanonicalJson.digest(workflow))
            .with("by", "anna"));
    log.add(about(EntryType.TASK_STARTED, "task_1").with("expiresAt", TEN.plusSeconds(900)));
    for (int i = 0; i < 20; i++) {
      call("dec_" + i, random.nextBoolean() ? "invoices" : "payroll");
    }
    log.add(
        Entry.of(EntryType.STANDING_CHANGED, TEN.plusSeconds(50))
            .with("kind", "workflow")
            .with("name", "invoices")
            .with("suspended", true)
            .with("reason", "looked odd")
            .with("by", "sam"));
    log.add(about(EntryType.TASK_COMPLETED, "task_1").with("by", "expiry"));
  }

  private void call(String id, String workflow) {
    log.add(decided(id, workflow));
    log.add(
        Entry.of(EntryType.CALL_ENDED, TEN.plusSeconds(2))
            .with("of", id)
            .with("outcome", "answered"));
  }

  static Entry decided(String id, String workflow) {
    return Entry.of(EntryType.CALL_DECIDED, TEN.plusSeconds(1))
        .with("id", id)
        .with("workflow", workflow)
        .with("task", workflow.equals("invoices") ? "task_1" : "task_2")
        .with("method", "tools/call")
        .with("target", "files/read")
        .with("decision", "allow");
  }

  void callWithBody(String id, String value) {
    var salt = new byte[32];
    random.nextBytes(salt);
    var body = new OpenedBody(log.entries.size(), "arguments", salt, utf8(value));
    var commitments = JsonNodeFactory.instance.objectNode();
    commitments
        .putObject("arguments")
        .put("ciphertext", Digest.of("x").value())
        .put("commitment", body.commitment().value());
    log.add(decided(id, "invoices"), commitments);
    log.add(Entry.of(EntryType.CALL_ENDED, TEN.plusSeconds(2)).with("of", id));
    bodies.add(body);
  }

  private static Entry about(EntryType type, String task) {
    return Entry.of(type, TEN.plusSeconds(1)).with("workflow", "invoices").with("task", task);
  }

  Map<String, byte[]> parts() {
    var selection = new Selection(scope);
    var entries = new ArrayList<RecordedEntry>();
    for (int i = 0; i < log.entries.size(); i++) {
      var entry = RecordedEntry.parse(i, log.entries.get(i));
      if (selection.takes(entry)) {
        entries.add(entry);
      }
    }
    var snapshot = new Snapshot("workflow", "invoices", 1, workflow);
    var note = log.note(log.entries);
    return new Bundle(
            scope,
            note,
            new byte[0],
            LogKeys.of(List.of(log.key())),
            entries,
            List.of(snapshot),
            bodies,
            redactions)
        .parts(log.tree());
  }

  BundleReport audit(Map<String, byte[]> parts) {
    return BundleAudit.of(BundleParts.of(parts), List.of(log.key()));
  }

  static String text(Map<String, byte[]> parts, String name) {
    return new String(parts.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
