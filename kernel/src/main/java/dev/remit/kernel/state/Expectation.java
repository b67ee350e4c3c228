package dev.remit.kernel.state;

import dev.remit.kernel.ledger.RecordedEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/// The rows that a log says there must be, growing entry by entry.
///
/// A row is written down only if `mine` says so, which is how a large state is compared in parts.
final class Expectation {
  static final String OPERATOR_TOKEN = "operator-token";

  private final Map<String, Map<String, ExpectedRow>> rows = new TreeMap<>();
  private final Map<String, Set<String>> tokensOf = new HashMap<>();
  private final BiPredicate<String, String> mine;
  private int size;

  Expectation(BiPredicate<String, String> mine) {
    this.mine = mine;
  }

  int size() {
    return size;
  }

  Map<String, Map<String, ExpectedRow>> rows() {
    return rows;
  }

  @Nullable ExpectedRow find(String kind, String key) {
    return rows.getOrDefault(kind, Map.of()).get(key);
  }

  /// Returns a pen for one row, as `entry` speaks of it.
  Pen row(String kind, String key, RecordedEntry entry) {
    if (!mine.test(kind, key)) {
      return new Pen(entry, Optional.empty());
    }
    var row =
        rows.computeIfAbsent(kind, _ -> new HashMap<>())
            .computeIfAbsent(
                key,
                _ -> {
                  size++;
                  return new ExpectedRow();
                });
    return new Pen(entry, Optional.of(row));
  }

  /// Remembers whose operator token `key` is, so that all of a person's can be taken back at once.
  void own(String person, String key) {
    if (mine.test(OPERATOR_TOKEN, key)) {
      tokensOf.computeIfAbsent(person, _ -> new HashSet<>()).add(key);
    }
  }

  /// Returns the operator tokens that a person has, and forgets whose they are.
  Set<String> disown(String person) {
    var tokens = tokensOf.remove(person);
    return tokens == null ? Set.of() : tokens;
  }

  /// Writes down what one entry says of one row.
  record Pen(RecordedEntry entry, Optional<ExpectedRow> row) {

    /// The column is what the entry's member `member` says, if it has one.
    Pen as(String column, String member) {
      return maybe(
          column, Optional.of(entry.content().path(member)).filter(v -> !v.isMissingNode()));
    }

    /// The columns are the entry's members of the same names.
    Pen copy(String... members) {
      for (var member : members) {
        as(member, member);
      }
      return this;
    }

    /// The column is the time in the entry's member `member`, or what that says instead of one.
    Pen copyTime(String column, String member) {
      return maybe(column, entry.text(member).map(text -> StringNode.valueOf(micros(text))));
    }

    /// The columns hold nothing yet: until a later entry says otherwise, a value is an invention.
    Pen none(String... columns) {
      for (var column : columns) {
        say(column, NullNode.getInstance());
      }
      return this;
    }

    Pen say(String column, String value) {
      return say(column, StringNode.valueOf(value));
    }

    Pen say(String column, JsonNode value) {
      row.ifPresent(expected -> expected.say(entry, column, value));
      return this;
    }

    Pen maybe(String column, Optional<? extends JsonNode> value) {
      value.ifPresent(present -> say(column, present));
      return this;
    }

    /// The column is when the entry says it happened.
    Pen at(String column) {
      return copyTime(column, "at");
    }

    Pen keptUntil(String member) {
      row.ifPresent(expected -> expected.keptUntil(entry.text(member).flatMap(Pen::moment)));
      return this;
    }

    void delete() {
      row.ifPresent(expected -> expected.delete(entry));
    }

    private static String micros(String text) {
      return moment(text).map(StateRow::time).orElse(text);
    }

    private static Optional<Instant> moment(String text) {
      try {
        return Optional.of(Instant.parse(text));
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
  }
}
