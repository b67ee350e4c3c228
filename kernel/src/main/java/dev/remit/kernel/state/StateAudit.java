package dev.remit.kernel.state;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Compares the rows of the state with what a verified log says they must be.
///
/// Finds the edited row, the row that never had an entry, the row that the ledger says was deleted,
/// and the entry whose row is gone. Says nothing about the log itself: verify it first, with
/// [dev.remit.kernel.ledger.LedgerAudit].
///
/// Memory is bounded: when the log tells of more rows than are held at once, entries and rows are
/// read again for each part of the keys.
public final class StateAudit {
  private static final int ROWS_AT_ONCE = 200_000;
  private static final int SHOWN_MAX = 1_000;
  private static final String NOTHING = "nothing";

  /// How far the clocks of server and verifier may be apart, where a row goes by the clock.
  private static final Duration SKEW = Duration.ofMinutes(2);

  private static final Comparator<Disagreement> ORDER =
      Comparator.comparing(Disagreement::kind)
          .thenComparing(Disagreement::key)
          .thenComparing(Disagreement::column);

  private final Source source;
  private final Instant now;
  private final PriorityQueue<Disagreement> first = new PriorityQueue<>(ORDER.reversed());
  private final Map<String, Long> rows = new TreeMap<>();
  private long entries;
  private long count;

  /// Where entries and rows come from. Both may be read several times and are the same each time.
  public interface Source {

    /// Hands over every entry, in order, up to the moment at which the rows were read.
    void entries(Consumer<RecordedEntry> each);

    /// Returns what is wrong with the order of the entries that were handed over last.
    default List<String> disorder() {
      return List.of();
    }

    /// Whether entries come from more than one log, so that an index alone names none.
    default boolean isOfSeveralLogs() {
      return false;
    }

    /// Hands over every row, in any order.
    void rows(Consumer<StateRow> each);
  }

  private StateAudit(Source source, Instant now) {
    this.source = source;
    this.now = now.plus(SKEW);
  }

  /// Compares all of `source`.
  ///
  /// @param now for the few rows that are swept away once their time is up
  public static StateReport of(Source source, Instant now) {
    return of(source, now, ROWS_AT_ONCE);
  }

  static StateReport of(Source source, Instant now, int rowsAtOnce) {
    for (int parts = 1; ; parts *= 2) {
      var audit = new StateAudit(source, now);
      if (audit.compared(parts, rowsAtOnce)) {
        return audit.report();
      }
    }
  }

  /// Compares part after part.
  ///
  /// @return false if one of them was too large; nothing found so far counts
  private boolean compared(int parts, int rowsAtOnce) {
    for (int part = 0; part < parts; part++) {
      var expected = expected(part, parts, rowsAtOnce);
      if (expected.size() > rowsAtOnce) {
        return false;
      }
      compare(part, parts, expected);
    }
    return true;
  }

  private Expectation expected(int part, int parts, int rowsAtOnce) {
    var expected = new Expectation((kind, key) -> isIn(part, parts, kind, key));
    var replay = new StateReplay(expected);
    entries = 0;
    source.entries(entry -> {
      entries++;
      if (expected.size() <= rowsAtOnce) {
        replay.next(entry);
      }
    });
    return expected;
  }

  private static boolean isIn(int part, int parts, String kind, String key) {
    return Math.floorMod(Objects.hash(kind, key) * 0x9E3779B1, parts) == part;
  }

  private void compare(int part, int parts, Expectation expected) {
    source.rows(row -> {
      if (isIn(part, parts, row.kind(), row.key())) {
        rows.merge(row.kind(), 1L, Long::sum);
        compare(row, expected);
      }
    });
    expected
        .rows()
        .forEach((kind, byKey) ->
            byKey.forEach((key, row) -> {
              if (row.isMissing(now)) {
                found(kind, key, "", "there is one", "there is none", Optional.of(row.told()));
              }
            }));
  }

  private void compare(StateRow row, Expectation expected) {
    var must = expected.find(row.kind(), row.key());
    if (must == null) {
      found(row.kind(), row.key(), "", NOTHING, "there is one", Optional.empty());
      return;
    }
    must.see();
    if (must.isDeleted()) {
      var told = Optional.of(must.told());
      found(row.kind(), row.key(), "", "it was deleted", "there is one", told);
    } else {
      must.columns().forEach((column, said) -> compare(row, column, said));
    }
  }

  private void compare(StateRow row, String column, ExpectedRow.Said said) {
    var ledger = said.value().isNull() ? NOTHING : CanonicalJson.text(said.value());
    var table = row.column(column).map(CanonicalJson::text).orElse(NOTHING);
    if (!ledger.equals(table)) {
      found(row.kind(), row.key(), column, ledger, table, Optional.of(said.told()));
    }
  }

  private void found(
      String kind,
      String key,
      String column,
      String ledger,
      String table,
      Optional<ExpectedRow.Told> told) {
    count++;
    var entry = told.map(by -> OptionalLong.of(by.entry())).orElseGet(() -> OptionalLong.empty());
    var node = source.isOfSeveralLogs() ? told.map(ExpectedRow.Told::node).orElse("") : "";
    first.add(new Disagreement(kind, key, column, ledger, table, entry, node));
    if (first.size() > SHOWN_MAX) {
      first.remove();
    }
  }

  private StateReport report() {
    List<Disagreement> shown = new ArrayList<>(first);
    shown.sort(ORDER);
    return new StateReport(entries, rows, source.disorder(), shown, count);
  }
}
