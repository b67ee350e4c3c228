package dev.remit.kernel.evidence;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A bundle that was not touched verifies, and its answer can be read; one that was does not, and
/// the part is named.
@Tag("R203")
@Tag("R207")
class BundleAuditTest {
  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final TestLog log = new TestLog();
  private final List<OpenedBody> bodies = new ArrayList<>();
  private final List<Redaction> redactions = new ArrayList<>();
  private final ObjectNode workflow =
      JSON.createObjectNode().put("owner", "anna").put("purpose", "pay").put("stage", "pilot");
  private final Scope scope =
      new Scope(
          Scope.Kind.WORKFLOW,
          "invoices",
          TEN,
          TEN.plusSeconds(3_600),
          new TreeSet<>(List.of("workflow/invoices")));

  BundleAuditTest() {
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

  @RepeatedTest(20)
  void an_untouched_bundle_holds_and_holds_nothing_of_others() {
    var parts = parts();

    var report = audit(parts);

    assertThat(report.damages()).as("seed %d", seed).isEmpty();
    assertThat(report.holds()).isTrue();
    assertThat(report.figure()).isEqualTo(10_000);
    assertThat(text(parts, BundleParts.ENTRIES)).doesNotContain("payroll");
  }

  @Test
  void the_same_question_makes_the_same_bytes() {
    assertThat(parts()).containsExactlyEntriesOf(parts());
  }

  @Test
  @Tag("R201")
  @Tag("R204")
  void the_answer_says_who_was_answerable_what_was_done_and_how_it_was_stopped() {
    var answer = text(parts(), BundleParts.ANSWER);

    assertThat(answer)
        .contains("workflow invoices: owner anna; purpose: pay; stage pilot")
        .contains("create | workflow invoices | by anna")
        .contains("tools/call files/read")
        .contains("suspended | workflow invoices by sam: looked odd")
        .contains("100.00 % of what was begun is seen to have ended; 0 gaps");
  }

  @Test
  @Tag("R208")
  void a_call_without_an_outcome_is_a_gap_with_its_cause() {
    log.add(decided("dec_lost", "invoices"));
    log.restart(false);
    log.add(decided("dec_late", "invoices"));

    var parts = parts();

    assertThat(audit(parts).damages()).isEmpty();
    assertThat(audit(parts).gaps()).isEqualTo(2);
    assertThat(text(parts, BundleParts.ANSWER))
        .contains("call dec_lost: the recorder stopped before its outcome was known")
        .contains("call dec_late: no outcome was recorded before the export");
  }

  @RepeatedTest(100)
  void one_changed_byte_anywhere_is_found_and_its_part_named() {
    var parts = new TreeMap<>(parts());
    var names = parts.entrySet().stream().filter(one -> one.getValue().length > 0).toList();
    var changed = names.get(random.nextInt(names.size()));
    var bytes = changed.getValue().clone();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
    parts.put(changed.getKey(), bytes);

    var report = audit(parts);

    assertThat(report.holds()).as("seed %d", seed).isFalse();
    // A changed manifest cannot be told from changed parts.
    if (!changed.getKey().equals(BundleParts.MANIFEST)) {
      assertThat(String.join("\n", report.damages())).contains(changed.getKey());
    }
  }

  @RepeatedTest(20)
  void a_missing_part_and_an_added_one_are_named() {
    var parts = new TreeMap<>(parts());
    var names = parts.keySet().stream().filter(name -> !name.equals("manifest.json")).toList();
    var gone = names.get(random.nextInt(names.size()));
    parts.remove(gone);
    parts.put("more.txt", new byte[0]);

    var damages = audit(parts).damages();

    assertThat(damages)
        .contains(
            "the part `" + gone + "` is missing: the manifest names it",
            "the part `more.txt` was added: the manifest does not name it");
  }

  /// Whoever can write the manifest can make the parts agree with it; the log's signature they
  /// cannot make.
  @RepeatedTest(50)
  void an_entry_changed_together_with_everything_unsigned_is_found() {
    var parts = new TreeMap<>(parts());
    var entries = text(parts, BundleParts.ENTRIES);
    var forged = entries.replaceFirst("\"decision\":\"allow\"", "\"decision\":\"deny\"");
    rewrite(parts, BundleParts.ENTRIES, random.nextBoolean() ? rehashed(forged) : forged);

    var damages = String.join("\n", audit(parts).damages());

    assertThat(damages)
        .as("seed %d", seed)
        .containsAnyOf("does not have the hash", "do not lead to the root that was signed");
  }

  @RepeatedTest(20)
  void two_entries_in_the_wrong_order_are_found() {
    var parts = new TreeMap<>(parts());
    var lines = new ArrayList<>(text(parts, BundleParts.ENTRIES).lines().toList());
    int at = random.nextInt(lines.size() - 1);
    java.util.Collections.swap(lines, at, at + 1);
    rewrite(parts, BundleParts.ENTRIES, String.join("\n", lines) + "\n");

    assertThat(String.join("\n", audit(parts).damages())).contains("is out of order");
  }

  @Test
  void a_declaration_that_was_not_made_is_found() {
    var parts = new TreeMap<>(parts());
    rewrite(
        parts,
        BundleParts.DECLARED,
        text(parts, BundleParts.DECLARED).replace("\"anna\"", "\"otto\""));

    assertThat(audit(parts).damages())
        .contains("workflow/invoices revision 1 is not what its entry says was declared");
  }

  @Test
  void a_body_is_what_its_entry_commits_to_or_it_is_found() {
    callWithBody("dec_body", "{\"path\":\"/a\"}");
    var parts = new TreeMap<>(parts());
    assertThat(audit(parts).proved()).contains("1 opened bodies are what their entries commit to");

    var other = JSON.createObjectNode();
    other.setAll((ObjectNode) JSON.readTree(text(parts, BundleParts.BODIES)));
    other.put("value", "e30=");
    rewrite(parts, BundleParts.BODIES, CanonicalJson.text(other) + "\n");

    assertThat(String.join("\n", audit(parts).damages()))
        .contains("is not what its entry commits to");
  }

  @Test
  void an_erased_body_leaves_the_bundle_whole_and_is_said() {
    callWithBody("dec_body", "{\"path\":\"/a\"}");
    var gone = bodies.removeLast();
    redactions.add(new Redaction(gone.index(), gone.name(), Redaction.ERASED));

    var report = audit(parts());

    assertThat(report.holds()).isTrue();
    assertThat(report.notProved()).contains("what 1 bodies said, which were erased");
  }

  @Test
  void a_body_that_is_kept_quiet_about_is_found() {
    callWithBody("dec_body", "{\"path\":\"/a\"}");
    bodies.clear();

    assertThat(String.join("\n", audit(parts()).damages()))
        .contains("is neither opened nor said to be redacted");
  }

  @Test
  void an_entry_of_somebody_else_does_not_belong() {
    var other = new Scope(Scope.Kind.WORKFLOW, "payroll", TEN, scope.to(), new TreeSet<>());
    var parts = new TreeMap<>(parts());
    var manifest = (ObjectNode) JSON.readTree(text(parts, BundleParts.MANIFEST));
    manifest.set("scope", other.toJson());
    parts.put(BundleParts.MANIFEST, utf8(CanonicalJson.text(manifest) + "\n"));

    assertThat(String.join("\n", audit(parts).damages()))
        .contains("is not about what the manifest names");
  }

  @Test
  void another_key_believes_nothing() {
    var report = BundleAudit.of(BundleParts.of(parts()), List.of(new TestLog().key()));

    assertThat(report.holds()).isFalse();
    assertThat(report.damages().getFirst()).contains("no known key has signed");
  }

  private void call(String id, String workflow) {
    log.add(decided(id, workflow));
    log.add(
        Entry.of(EntryType.CALL_ENDED, TEN.plusSeconds(2))
            .with("of", id)
            .with("outcome", "answered"));
  }

  private static Entry decided(String id, String workflow) {
    return Entry.of(EntryType.CALL_DECIDED, TEN.plusSeconds(1))
        .with("id", id)
        .with("workflow", workflow)
        .with("task", workflow.equals("invoices") ? "task_1" : "task_2")
        .with("method", "tools/call")
        .with("target", "files/read")
        .with("decision", "allow");
  }

  private void callWithBody(String id, String value) {
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

  private Map<String, byte[]> parts() {
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
            LogKeys.of(List.of(log.key())),
            entries,
            List.of(snapshot),
            bodies,
            redactions)
        .parts(log.tree());
  }

  private BundleReport audit(Map<String, byte[]> parts) {
    return BundleAudit.of(BundleParts.of(parts), List.of(log.key()));
  }

  /// Gives each line the hash of the entry that it now holds.
  private static String rehashed(String entries) {
    var out = new StringBuilder();
    for (var line : entries.lines().toList()) {
      var json = (ObjectNode) JSON.readTree(line);
      var bytes = CanonicalJson.bytes(json.path("entry"));
      json.put("leaf", dev.remit.kernel.ledger.Hash.leaf(bytes).base64());
      out.append(json).append('\n');
    }
    return out.toString();
  }

  /// Replaces a part and its line in the manifest.
  private static void rewrite(Map<String, byte[]> parts, String name, String text) {
    parts.put(name, utf8(text));
    var manifest = (ObjectNode) JSON.readTree(text(parts, BundleParts.MANIFEST));
    for (var part : manifest.path("parts")) {
      if (part.path("name").stringValue().equals(name)) {
        ((ObjectNode) part)
            .put("bytes", utf8(text).length)
            .put("digest", Digest.of(utf8(text)).value());
      }
    }
    parts.put(BundleParts.MANIFEST, utf8(CanonicalJson.text(manifest) + "\n"));
  }

  private static String text(Map<String, byte[]> parts, String name) {
    return new String(parts.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
