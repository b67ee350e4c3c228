package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Holds one evaluation as it is stored against what the ledger says of it, so that nobody approves
/// anything on results that were edited after the run. `remit verify --state` does the same for
/// every row, and checks the ledger itself.
public final class Recorded {
  private final Database database;
  private final LedgerReader reader;
  private final EvaluationStore store = new EvaluationStore();

  public Recorded(Database database, LedgerReader reader) {
    this.database = database;
    this.reader = reader;
  }

  /// Says what differs, in one clause; empty if nothing does.
  Optional<String> altered(EvaluationId id) {
    var entries = reader.everywhere(id.value());
    return database.transact(tx ->
        store.find(tx, id).isEmpty()
            ? Optional.of("it is no longer stored")
            : altered(tx, store.find(tx, id).orElseThrow(), entries));
  }

  private Optional<String> altered(Tx tx, Planned one, List<RecordedEntry> entries) {
    var planned = of(entries, EntryType.EVALUATION_PLANNED);
    if (planned.isEmpty()
        || !said(planned.getFirst(), "plan").equals(one.plan().digest().value())) {
      return Optional.of("its plan is not the one that was frozen");
    }
    var answers = store.answers(tx, one.id());
    var stored = new HashMap<String, String>();
    answers.forEach(answer ->
        stored.put(
            answer.trial().key(),
            Evaluations.word(answer.outcome())
                + " "
                + Evaluations.word(answer.harm())
                + " "
                + Digest.of(answer.content()).value()));
    var answered = new HashMap<String, String>();
    for (var entry : of(entries, EntryType.EVALUATION_ANSWERED)) {
      answered.put(
          said(entry, "trial"),
          said(entry, "outcome") + " " + said(entry, "harm") + " " + said(entry, "answer"));
    }
    var answer = difference(stored, answered);
    if (answer.isPresent()) {
      return answer.map(trial -> "the answer to `" + trial + "` is not the one that was recorded");
    }
    var labels = store.labels(tx, one.id());
    var given = new HashMap<String, String>();
    labels.forEach(label -> given.put(label.key() + " " + label.by(), label.said().word()));
    var told = new HashMap<String, String>();
    for (var entry : of(entries, EntryType.EVALUATION_LABELLED)) {
      told.put(said(entry, "trial") + " " + said(entry, "by"), said(entry, "label"));
    }
    var label = difference(given, told);
    if (label.isPresent()) {
      return label.map(which -> "the label of `" + which + "` is not the one that was recorded");
    }
    return unjudged(one, entries, Reckoning.of(one.plan(), one.blind(), answers, labels));
  }

  private static Optional<String> unjudged(
      Planned one, List<RecordedEntry> entries, List<SuiteResult> results) {
    var lines = results.stream().map(SuiteResult::line).toList();
    var last =
        of(entries, EntryType.EVALUATION_JUDGED).stream()
            .max(Comparator.comparing(RecordedEntry::at));
    boolean same =
        last.filter(entry ->
                entry
                    .content()
                    .path("axes")
                    .valueStream()
                    .map(line -> line.asString(""))
                    .toList()
                    .equals(lines))
            .isPresent();
    return same && one.axes().equals(lines)
        ? Optional.empty()
        : Optional.of("what is stored comes to another verdict than was recorded");
  }

  private static Optional<String> difference(Map<String, String> one, Map<String, String> other) {
    if (one.equals(other)) {
      return Optional.empty();
    }
    return java.util.stream.Stream.concat(one.keySet().stream(), other.keySet().stream())
        .filter(
            key -> !Optional.ofNullable(one.get(key)).equals(Optional.ofNullable(other.get(key))))
        .sorted()
        .findFirst();
  }

  private static List<RecordedEntry> of(List<RecordedEntry> entries, EntryType type) {
    return entries.stream().filter(entry -> entry.type() == type).toList();
  }

  private static String said(RecordedEntry entry, String member) {
    return entry.text(member).orElse("");
  }
}
