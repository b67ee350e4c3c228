package dev.remit.kernel.evidence;

import static dev.remit.kernel.evidence.Bundle.json;
import static dev.remit.kernel.evidence.Bundle.lines;
import static dev.remit.kernel.evidence.Bundle.put;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKey;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An evidence bundle over the logs of all nodes, under the one root log that has seen them. The
/// same content makes the same bytes.
///
/// @param root of the root log: what it saw last of each log, and every entry after the newest of
///   these
/// @param logs of each other log, by name, exactly as far as the root log has seen it
/// @param keys the public keys of all logs
/// @param declared what the entries say was declared, a snapshot for each `registry.changed`
///
///   Source: `docs/formats/evidence-bundle.md`, «Several logs».
public record DeploymentBundle(
    Scope scope, LogEvidence root, List<LogEvidence> logs, LogKeys keys, List<Snapshot> declared) {
  static final int VERSION = 2;

  public DeploymentBundle {
    logs = List.copyOf(logs);
    declared = List.copyOf(declared);
  }

  /// Returns the parts by name.
  public SortedMap<String, byte[]> parts() {
    var checkpoints = logs.stream().map(LogEvidence::checkpoint).toList();
    var completeness = new Completeness(scope, true);
    var answer = new Answer(scope, true);
    declared.forEach(answer::add);
    merged(logs)
        .forEachRemaining(entry -> {
          completeness.add(entry);
          answer.add(entry);
        });

    var parts = new TreeMap<String, byte[]>();
    put(parts, BundleParts.VERIFY, Instructions.ofSeveral(root.checkpoint().origin()));
    put(parts, BundleParts.ANSWER, answer.text(checkpoints, completeness));
    put(parts, BundleParts.KEYS, lines(keys.keys().stream().map(LogKey::toString).toList()));
    put(parts, BundleParts.DECLARED, json(declared.stream().map(Snapshot::toJson).toList()));
    put(parts, BundleParts.COMPLETENESS, completeness.text());
    putLog(parts, root);
    logs.forEach(log -> putLog(parts, log));
    put(parts, BundleParts.MANIFEST, CanonicalJson.text(manifest(parts)) + "\n");
    return parts;
  }

  /// Returns the entries of all logs in the order in which they are judged.
  public static Iterator<RecordedEntry> merged(List<LogEvidence> logs) {
    return new InTime<>(
        logs.stream().map(log -> log.entries().iterator()).toList(), entry -> entry);
  }

  private static void putLog(SortedMap<String, byte[]> parts, LogEvidence log) {
    var in = log.prefix();
    put(parts, in + BundleParts.CHECKPOINT, log.note().toString());
    if (log.timestamp().length > 0) {
      parts.put(in + BundleParts.TIMESTAMP, log.timestamp());
    }
    var entries = lines(log.entries().stream().map(Bundle::line).toList());
    put(parts, in + BundleParts.ENTRIES, entries);
    var proof = lines(log.proof().stream().map(Hash::base64).toList());
    put(parts, in + BundleParts.PROOF, proof);
    var bodies = json(log.bodies().stream().map(OpenedBody::toJson).toList());
    put(parts, in + BundleParts.BODIES, bodies);
    var redactions = json(log.redactions().stream().map(Redaction::toJson).toList());
    put(parts, in + BundleParts.REDACTIONS, redactions);
  }

  private ObjectNode manifest(SortedMap<String, byte[]> parts) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.set("scope", scope.toJson());
    var listed = json.putArray("logs");
    list(listed, root);
    logs.forEach(log -> list(listed, log));
    Bundle.list(json, parts);
    return json;
  }

  private static void list(ArrayNode listed, LogEvidence log) {
    var checkpoint = log.checkpoint();
    listed
        .addObject()
        .put("name", log.name())
        .put("origin", checkpoint.origin())
        .put("size", checkpoint.size())
        .put("root", checkpoint.root().base64())
        .put("entries", log.entries().size());
  }
}
