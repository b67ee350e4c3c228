package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.evidence.Trace.Link;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
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
/// @param entries in their order; where there are several logs each has its place in that order as
///   its index, and `places` says where it really is
/// @param places empty where there is one log
/// @param specs what each declared thing was at each revision, by [Snapshot#place]
record TracedEntries(
    List<RecordedEntry> entries, List<RecordedEntry> places, Map<String, JsonNode> specs) {

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
    var specs = new HashMap<String, JsonNode>();
    var logs = new ArrayList<Iterator<RecordedEntry>>();
    var directories = directories(bundle);
    for (var directory : directories) {
      logs.add(entries(parts, directory + BundleParts.ENTRIES).iterator());
    }
    var places = new ArrayList<RecordedEntry>();
    new InTime<>(logs, entry -> entry).forEachRemaining(places::add);
    parts.lines(
        BundleParts.DECLARED,
        line -> {
          var snapshot = Snapshot.of(line);
          specs.put(snapshot.place(), snapshot.spec());
        });
    return directories.equals(List.of(""))
        ? new TracedEntries(places, List.of(), specs)
        : new TracedEntries(inOrder(places), places, specs);
  }

  /// Where the entries of each node's log are.
  private static List<String> directories(BundleParts bundle) {
    if (bundle.names().contains(BundleParts.ENTRIES)) {
      return List.of("");
    }
    return Manifest.read(bundle).logs().stream()
        .filter(log -> !log.name().equals(Manifest.ROOT))
        .map(Manifest.Listed::prefix)
        .toList();
  }

  private static List<RecordedEntry> entries(PartReader parts, String part) {
    var entries = new ArrayList<RecordedEntry>();
    parts.lines(
        part,
        line -> entries.add(new RecordedEntry(line.path("index").asLong(0), line.path("entry"))));
    return entries;
  }

  private static List<RecordedEntry> inOrder(List<RecordedEntry> places) {
    var entries = new ArrayList<RecordedEntry>(places.size());
    places.forEach(entry -> entries.add(new RecordedEntry(entries.size(), entry.content())));
    return entries;
  }

  /// Whether `place` is that of `entry`: its index, or `node/index` where there are several logs.
  boolean isAt(RecordedEntry entry, String place) {
    if (places.isEmpty()) {
      return place.equals("" + entry.index());
    }
    long index = places.get((int) entry.index()).index();
    return place.equals("" + index) || place.equals(node(entry) + "/" + index);
  }

  private static String node(RecordedEntry entry) {
    return entry.text("producer").orElse("");
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
        .map(this::link)
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
  Link link(RecordedEntry entry) {
    var said =
        entry.content().properties().stream()
            .filter(member -> !NOT_SAID.contains(member.getKey()))
            .filter(member -> !member.getKey().equals("at"))
            .map(member -> member.getKey() + " " + text(member.getValue()))
            .collect(Collectors.joining(", "));
    var line = entry.text("at").orElse("") + " " + plain(said);
    var id = entry.id().map(known -> " [" + plain(known) + "]").orElse("");
    return link(entry.text("type").orElse(""), line.strip() + id, entry);
  }

  /// Returns a step that `source` says.
  Link link(String what, String says, RecordedEntry source) {
    return places.isEmpty()
        ? new Link(what, says, OptionalLong.of(source.index()), "")
        : new Link(
            what, says, OptionalLong.of(places.get((int) source.index()).index()), node(source));
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
