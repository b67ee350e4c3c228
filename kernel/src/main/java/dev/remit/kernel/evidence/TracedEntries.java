package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.evidence.Trace.Link;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The entries and declarations of a verified bundle, to be looked up.
///
/// @param entries in their order
/// @param specs what each declared thing was at each revision, by [Snapshot#place]
record TracedEntries(List<RecordedEntry> entries, Map<String, JsonNode> specs) {

  /// Members that the chain around an entry says already, or that say nothing to a reader.
  private static final Set<String> NOT_SAID =
      Set.of(
          "v",
          "type",
          "producer",
          "epoch",
          "n",
          "bodies",
          "id",
          "identity",
          "workflow",
          "task",
          "token",
          "nonce",
          "errors",
          "touches",
          "standingEpoch",
          "seq");

  private static final Set<String> PROMPTS = Set.of("prompts/get", "sampling/createMessage");
  private static final int CHARS_MAX = 400;

  static TracedEntries of(BundleParts bundle) {
    var parts = new PartReader(bundle, new ArrayList<>());
    var entries = new ArrayList<RecordedEntry>();
    var specs = new HashMap<String, JsonNode>();
    parts.lines(
        BundleParts.ENTRIES,
        line -> entries.add(new RecordedEntry(line.path("index").asLong(0), line.path("entry"))));
    parts.lines(
        BundleParts.DECLARED,
        line -> {
          var snapshot = Snapshot.of(line);
          specs.put(snapshot.place(), snapshot.spec());
        });
    return new TracedEntries(entries, specs);
  }

  Optional<RecordedEntry> first(Predicate<RecordedEntry> which) {
    return entries.stream().filter(which).findFirst();
  }

  List<RecordedEntry> all(Predicate<RecordedEntry> which) {
    return entries.stream().filter(which).toList();
  }

  /// Returns the last one before `entry`.
  Optional<RecordedEntry> lastBefore(RecordedEntry entry, Predicate<RecordedEntry> which) {
    return entries.stream()
        .filter(other -> other.index() < entry.index() && which.test(other))
        .reduce((_, later) -> later);
  }

  /// Returns the links of those after `entry`.
  List<Link> after(RecordedEntry entry, Predicate<RecordedEntry> which) {
    return entries.stream()
        .filter(other -> other.index() > entry.index() && which.test(other))
        .map(TracedEntries::link)
        .toList();
  }

  /// Returns the change that made `kind` `name` what it was when `entry` was recorded.
  Optional<RecordedEntry> declaredBefore(RecordedEntry entry, String kind, String name) {
    return lastBefore(
        entry,
        other ->
            other.type() == EntryType.REGISTRY_CHANGED
                && other.text("kind").equals(Optional.of(kind))
                && other.text("name").equals(Optional.of(name)));
  }

  /// Returns what a `registry.changed` declared; missing if it retired something.
  JsonNode spec(RecordedEntry change) {
    var spec =
        specs.get(
            Snapshot.place(
                change.text("kind").orElse(""),
                change.text("name").orElse(""),
                change.content().path("revision").asLong(0)));
    return spec == null ? CanonicalJson.parse("{}") : spec;
  }

  /// Whether it tells of something that a model is told.
  static boolean isPrompt(RecordedEntry entry) {
    return entry.type() == EntryType.CALL_DECIDED
        && entry.text("method").filter(PROMPTS::contains).isPresent();
  }

  /// Returns the entry in one line: its time and what it says beside who and what it is about.
  static Link link(RecordedEntry entry) {
    var said =
        entry.content().properties().stream()
            .filter(member -> !NOT_SAID.contains(member.getKey()))
            .filter(member -> !member.getKey().equals("at"))
            .map(member -> member.getKey() + " " + text(member.getValue()))
            .collect(Collectors.joining(", "));
    var line = entry.text("at").orElse("") + " " + plain(said);
    var id = entry.id().map(known -> " [" + plain(known) + "]").orElse("");
    return new Link(
        entry.text("type").orElse(""), line.strip() + id, OptionalLong.of(entry.index()));
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : CanonicalJson.text(value);
  }

  /// Names come from outside; on a terminal they must stay text.
  static String plain(String text) {
    var plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= CHARS_MAX ? plain : plain.substring(0, CHARS_MAX) + "…";
  }
}
