package dev.remit.server.measures;

import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a workflow has done in some time, and what is declared of it now.
///
/// @param entries in time
record Period(
    WorkflowName workflow,
    Instant from,
    Instant until,
    List<RecordedEntry> entries,
    Registered declared) {
  Period {
    entries = List.copyOf(entries);
  }

  /// How long it took from one entry to what ended it.
  record Took(RecordedEntry begun, Duration time) {

    static List<Duration> times(List<Took> all) {
      return all.stream().map(Took::time).toList();
    }
  }

  Duration length() {
    return Duration.between(from, until);
  }

  Stream<RecordedEntry> of(EntryType... types) {
    var wanted = Set.of(types);
    return entries.stream().filter(entry -> wanted.contains(entry.type()));
  }

  long count(EntryType... types) {
    return of(types).count();
  }

  List<Identity> identities() {
    return declared.identities().stream()
        .filter(identity -> identity.workflow().equals(workflow))
        .toList();
  }

  /// Who is meant by the SPIFFE ID or the name that an entry has.
  Optional<Identity> identity(RecordedEntry entry) {
    return entry.text("identity").flatMap(this::identity);
  }

  private Optional<Identity> identity(String text) {
    return identities().stream()
        .filter(one -> one.spiffeId().value().equals(text) || one.key().equals(text))
        .findFirst();
  }

  /// How long after each `first` the `later` of the same came; what has had none is left out.
  ///
  /// @param key what both have of the one thing that they are about
  List<Took> between(
      EntryType first, EntryType later, Function<RecordedEntry, Optional<String>> key) {
    var open = new HashMap<String, RecordedEntry>();
    var took = new ArrayList<Took>();
    for (var entry : entries) {
      if (entry.type() == first) {
        key.apply(entry).ifPresent(id -> open.put(id, entry));
      } else if (entry.type() == later) {
        key.apply(entry)
            .flatMap(id -> Optional.ofNullable(open.remove(id)))
            .ifPresent(
                begun -> took.add(new Took(begun, Duration.between(begun.at(), entry.at()))));
      }
    }
    return took;
  }

  /// How long each held call waited for people.
  List<Took> waits() {
    return between(
        EntryType.APPROVAL_OPENED, EntryType.APPROVAL_SETTLED, entry -> entry.text("approval"));
  }
}
