package dev.remit.kernel.promotion;

import dev.remit.kernel.evidence.Snapshot;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What is declared at one moment of a log: the entries that say what changed, with what it changed
/// to.
final class DeclaredWorld {
  private final Map<String, JsonNode> specs = new HashMap<>();
  private final Map<String, Row> rows = new TreeMap<>();

  /// One declared thing as it is now.
  ///
  /// @param by who wrote it last
  /// @param place of the entry that says so, as `node:index`
  record Row(String kind, String name, JsonNode spec, String by, String place) {
    String text(String member) {
      return spec.path(member).asString("");
    }

    List<String> texts(String member) {
      return spec.path(member).valueStream().map(one -> one.asString("")).toList();
    }
  }

  void declare(Snapshot snapshot) {
    specs.put(key(snapshot.kind(), snapshot.name()) + "@" + snapshot.revision(), snapshot.spec());
  }

  void add(RecordedEntry entry) {
    if (entry.type() != EntryType.REGISTRY_CHANGED) {
      return;
    }
    var kind = entry.text("kind").orElse("");
    var name = entry.text("name").orElse("");
    if (entry.text("action").filter("retire"::equals).isPresent()) {
      rows.remove(key(kind, name));
      return;
    }
    var spec =
        specs.getOrDefault(
            key(kind, name) + "@" + entry.number("revision"), MissingNode.getInstance());
    rows.put(key(kind, name), new Row(kind, name, spec, entry.text("by").orElse(""), place(entry)));
  }

  static String place(RecordedEntry entry) {
    return entry.text("producer").orElse("") + ":" + entry.index();
  }

  Optional<Row> find(String kind, String name) {
    return Optional.ofNullable(rows.get(key(kind, name)));
  }

  List<Row> all(String kind) {
    return rows.values().stream().filter(row -> row.kind().equals(kind)).toList();
  }

  List<Row> identities(String workflow) {
    return all("identity").stream().filter(one -> one.text("workflow").equals(workflow)).toList();
  }

  /// The grants of the identities of `workflow`.
  List<Row> grants(String workflow) {
    var names = identities(workflow).stream().map(Row::name).toList();
    return all("grant").stream().filter(one -> names.contains(one.text("identity"))).toList();
  }

  List<Row> toolsOf(String resource) {
    return all("tool").stream().filter(one -> one.text("resource").equals(resource)).toList();
  }

  private static String key(String kind, String name) {
    return kind + "/" + name;
  }
}
