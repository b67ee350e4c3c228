package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKey;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.Nodes;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.SubsetProof;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What goes into an evidence bundle. The same content makes the same bytes.
///
/// @param note the signed checkpoint of the tree that `entries` are proved against
/// @param timestamp what an authority said of that checkpoint (RFC 3161); empty if it was not asked
/// @param keys the log's public keys
/// @param entries what [Selection] takes for `scope`, in order
/// @param declared what the entries say was declared, a snapshot for each `registry.changed`
/// @param bodies those that are opened
/// @param redactions those that are not
///
///   Source: `docs/formats/evidence-bundle.md`.
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record Bundle(
    Scope scope,
    SignedNote note,
    byte[] timestamp,
    LogKeys keys,
    List<RecordedEntry> entries,
    List<Snapshot> declared,
    List<OpenedBody> bodies,
    List<Redaction> redactions) {
  static final int VERSION = 1;

  public Bundle {
    entries = List.copyOf(entries);
    declared = List.copyOf(declared);
    bodies = List.copyOf(bodies);
    redactions = List.copyOf(redactions);
  }

  /// Returns the parts by name.
  ///
  /// @param tree the tree that `note` has signed
  public SortedMap<String, byte[]> parts(Nodes tree) {
    var checkpoint = Checkpoint.parse(note.text());
    var completeness = new Completeness(scope, false);
    entries.forEach(completeness::add);

    var parts = new TreeMap<String, byte[]>();
    put(parts, BundleParts.VERIFY, Instructions.text(checkpoint.origin()));
    put(parts, BundleParts.ANSWER, answer(checkpoint, completeness));
    put(parts, BundleParts.CHECKPOINT, note.toString());
    if (timestamp.length > 0) {
      parts.put(BundleParts.TIMESTAMP, timestamp);
    }
    put(parts, BundleParts.KEYS, lines(keys.keys().stream().map(LogKey::toString).toList()));
    put(parts, BundleParts.ENTRIES, lines(entries.stream().map(Bundle::line).toList()));
    put(parts, BundleParts.PROOF, proof(tree, checkpoint.size()));
    put(parts, BundleParts.DECLARED, json(declared.stream().map(Snapshot::toJson).toList()));
    put(parts, BundleParts.BODIES, json(bodies.stream().map(OpenedBody::toJson).toList()));
    put(parts, BundleParts.REDACTIONS, json(redactions.stream().map(Redaction::toJson).toList()));
    put(parts, BundleParts.COMPLETENESS, completeness.text());
    put(parts, BundleParts.MANIFEST, CanonicalJson.text(manifest(checkpoint, parts)) + "\n");
    return parts;
  }

  private String answer(Checkpoint checkpoint, Completeness completeness) {
    var answer = new Answer(scope, false);
    declared.forEach(answer::add);
    entries.forEach(answer::add);
    return answer.text(List.of(checkpoint), completeness);
  }

  private String proof(Nodes tree, long size) {
    var places = entries.stream().mapToLong(RecordedEntry::index).toArray();
    return lines(SubsetProof.of(tree, size, places).stream().map(Hash::base64).toList());
  }

  private ObjectNode manifest(Checkpoint checkpoint, SortedMap<String, byte[]> parts) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.set("scope", scope.toJson());
    json.put("origin", checkpoint.origin());
    json.put("size", checkpoint.size());
    json.put("root", checkpoint.root().base64());
    json.put("entries", entries.size());
    list(json, parts);
    return json;
  }

  /// Adds the list of all parts to a manifest.
  static void list(ObjectNode manifest, SortedMap<String, byte[]> parts) {
    var listed = manifest.putArray("parts");
    parts.forEach((name, bytes) ->
        listed
            .addObject()
            .put("name", name)
            .put("bytes", bytes.length)
            .put("digest", Digest.of(bytes).value()));
  }

  /// The leaf hash stands beside the entry so that a changed one can be told from a wrong proof.
  static String line(RecordedEntry entry) {
    var bytes = CanonicalJson.bytes(entry.content());
    return "{\"index\":"
        + entry.index()
        + ",\"leaf\":\""
        + Hash.leaf(bytes).base64()
        + "\",\"entry\":"
        + new String(bytes, StandardCharsets.UTF_8)
        + "}";
  }

  static String json(List<? extends JsonNode> nodes) {
    return lines(nodes.stream().map(CanonicalJson::text).toList());
  }

  static String lines(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  static void put(SortedMap<String, byte[]> parts, String name, String text) {
    parts.put(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
