package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/// Something to be recorded: a type, a time and named members. Immutable; each `with` returns a new
/// entry.
///
/// Members are strings, integers, booleans, lists and objects of those; never floating-point
/// numbers, never null. Names start with a lower-case letter, at most 40 letters and digits; a name
/// is given once. The members `v`, `type`, `at`, `producer`, `epoch`, `n` and `bodies` belong to
/// the ledger. Whose value may be personal or bulky goes into a body, not into a member.
///
/// Customary members: `id` (under which the entry and its receipt are found), `of` (the id of the
/// decision this belongs to), `identity` (SPIFFE ID), `workflow`, `task`, `intent`, `by` (person).
///
/// Errors: a value that cannot be recorded is an [IllegalArgumentException] when it is given.
///
/// Source: `docs/formats/ledger-entry.md`.
public final class Entry {
  /// Version of the format, the member `v` of every entry.
  public static final int VERSION = 1;

  /// Entries are shorter than 64 KiB, the most an entry bundle's length prefix can say.
  public static final int BYTES_MAX = 65_535;

  private static final long INTEGER_MAX = (1L << 53) - 1;
  private static final int DEPTH_MAX = 16;
  private static final int NAME_MAX = 40;
  private static final Set<String> RESERVED =
      Set.of("v", "type", "at", "producer", "epoch", "n", "bodies");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final EntryType type;
  private final Instant at;
  private final @Nullable Member last;

  private record Member(String name, JsonNode value, @Nullable Member before) {}

  private Entry(EntryType type, Instant at, @Nullable Member last) {
    this.type = type;
    this.at = at;
    this.last = last;
  }

  public static Entry of(EntryType type, Instant at) {
    return new Entry(type, at, null);
  }

  /// Whether this can be the name of a member or of a body: a lower-case letter, then at most 39
  /// letters and digits of ASCII.
  public static boolean isName(String text) {
    if (text.isEmpty() || text.length() > NAME_MAX || !isBetween(text.charAt(0), 'a', 'z')) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isBetween(c, 'a', 'z') && !isBetween(c, 'A', 'Z') && !isBetween(c, '0', '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBetween(char c, char first, char last) {
    return first <= c && c <= last;
  }

  public EntryType type() {
    return type;
  }

  public Instant at() {
    return at;
  }

  public Entry with(String name, String value) {
    return and(name, StringNode.valueOf(value));
  }

  /// Adds an integer.
  ///
  /// @param value from -(2⁵³ - 1) to 2⁵³ - 1, what JSON readers everywhere agree on
  public Entry with(String name, long value) {
    return and(name, LongNode.valueOf(value));
  }

  public Entry with(String name, boolean value) {
    return and(name, BooleanNode.valueOf(value));
  }

  public Entry with(String name, Digest value) {
    return with(name, value.value());
  }

  /// Adds a time, as RFC 3339 in UTC with microseconds.
  public Entry with(String name, Instant value) {
    return with(name, MICROS.format(value));
  }

  public Entry with(String name, List<String> values) {
    var list = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(list::add);
    return and(name, list);
  }

  public Entry with(String name, JsonNode value) {
    return and(name, value.deepCopy());
  }

  /// Adds the member if there is a value.
  public Entry withMaybe(String name, Optional<String> value) {
    return value.map(text -> with(name, text)).orElse(this);
  }

  /// Returns the member's value, if it was given.
  public Optional<JsonNode> member(String name) {
    for (var member = last; member != null; member = member.before) {
      if (member.name.equals(name)) {
        return Optional.of(member.value);
      }
    }
    return Optional.empty();
  }

  /// Returns the member's text, if it was given as text.
  public Optional<String> text(String name) {
    return member(name).filter(JsonNode::isString).map(JsonNode::stringValue);
  }

  /// Writes everything but the number, which only the sequencer knows.
  ///
  /// @param bodies the commitments to the entry's bodies; an empty object when it has none
  /// @throws IllegalArgumentException if the entry could be 64 KiB or more
  public UnnumberedEntry by(Producer producer, JsonNode bodies) {
    var members = new TreeMap<String, JsonNode>();
    for (var member = last; member != null; member = member.before) {
      members.put(member.name, member.value);
    }
    members.put("v", LongNode.valueOf(VERSION));
    members.put("type", StringNode.valueOf(type.word()));
    members.put("at", StringNode.valueOf(MICROS.format(at)));
    members.put("producer", StringNode.valueOf(producer.name()));
    members.put("epoch", LongNode.valueOf(producer.epoch()));
    if (!bodies.isEmpty()) {
      members.put("bodies", bodies);
    }
    return split(members);
  }

  private static UnnumberedEntry split(SortedMap<String, JsonNode> members) {
    var head = new StringBuilder(512).append('{');
    // INVARIANT: every entry has `at`, which sorts before `n`, and `v`, which sorts after it.
    members
        .headMap("n")
        .forEach((name, value) -> {
          write(name, value, head);
          head.append(',');
        });
    head.append("\"n\":");
    var tail = new StringBuilder(512);
    members
        .tailMap("n")
        .forEach((name, value) -> {
          tail.append(',');
          write(name, value, tail);
        });
    tail.append('}');
    return new UnnumberedEntry(utf8(head), utf8(tail));
  }

  private static void write(String name, JsonNode value, StringBuilder out) {
    out.append('"').append(name).append("\":");
    CanonicalJson.write(value, out);
  }

  private static byte[] utf8(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Entry and(String name, JsonNode value) {
    if (!isName(name)) {
      throw new IllegalArgumentException("`" + name + "` is not a name of a member of an entry");
    }
    if (RESERVED.contains(name)) {
      throw new IllegalArgumentException("the member `" + name + "` is set by the ledger");
    }
    if (member(name).isPresent()) {
      throw new IllegalArgumentException("the member `" + name + "` is given twice");
    }
    check(name, value, 1);
    return new Entry(type, at, new Member(name, value, last));
  }

  private static void check(String name, JsonNode value, int depth) {
    if (depth > DEPTH_MAX) {
      throw new IllegalArgumentException(
          "the member `" + name + "` is nested deeper than " + DEPTH_MAX);
    }
    switch (value.getNodeType()) {
      case STRING, BOOLEAN -> {}
      case NUMBER -> checkNumber(name, value);
      case ARRAY, OBJECT -> value.forEach(inner -> check(name, inner, depth + 1));
      case NULL, BINARY, MISSING, POJO ->
          throw new IllegalArgumentException(
              "the member `" + name + "` holds a " + value.getNodeType() + " value");
    }
  }

  private static void checkNumber(String name, JsonNode value) {
    boolean exact = value.isIntegralNumber() && value.canConvertToLong();
    if (!exact || Math.abs(value.longValue()) > INTEGER_MAX) {
      throw new IllegalArgumentException(
          "the member `" + name + "` holds a number that is not an integer below 2^53");
    }
  }
}
