package dev.remit.kernel.policy;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A Cedar value. Values are immutable, have a total order (by kind, then by content), and are
/// equal exactly where Cedar's `==` says so; of values that hold a [value that is not
/// known][#unknown], [Compiler] and [Sets] say so instead of comparing them.
///
/// Sets and records are sorted arrays, not hash tables: arguments come from strangers, and a sorted
/// array costs the same whatever strings they choose.
///
/// Source: Cedar reference, "Data types".
public sealed interface Value extends Comparable<Value> {

  /// Returns the type's name as Cedar's messages say it.
  String typeName();

  /// The place of this kind in the order over all kinds.
  int rank();

  /// Compares with a value of the same kind.
  int compareSameKind(Value other);

  /// How many values this one is made of, itself included: what comparing it can cost.
  default long weight() {
    return 1;
  }

  /// Returns what of this value is not known: itself, or something that it is made of, and rather
  /// what will never be known than what may be soon. Null where everything is known.
  default @Nullable Unknown unknown() {
    return null;
  }

  private static @Nullable Unknown unknown(Value[] values) {
    Unknown pending = null;
    for (var value : values) {
      var found = value.unknown();
      if (found != null && !found.isPending()) {
        return found;
      }
      pending = found == null ? pending : found;
    }
    return pending;
  }

  private static long weight(Value[] values) {
    long sum = 1;
    for (var value : values) {
      sum += value.weight();
    }
    return sum;
  }

  @Override
  default int compareTo(Value other) {
    return rank() != other.rank() ? Integer.compare(rank(), other.rank()) : compareSameKind(other);
  }

  /// A truth value.
  record Bool(boolean value) implements Value {
    public static final Bool FALSE = new Bool(false);
    public static final Bool TRUE = new Bool(true);

    public static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String typeName() {
      return "bool";
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int compareSameKind(Value other) {
      return Boolean.compare(value, ((Bool) other).value);
    }
  }

  /// A 64-bit integer; arithmetic that would overflow is an error.
  record Whole(long value) implements Value {

    @Override
    public String typeName() {
      return "long";
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public int compareSameKind(Value other) {
      return Long.compare(value, ((Whole) other).value);
    }
  }

  /// A Unicode string.
  record Text(String value) implements Value {

    @Override
    public String typeName() {
      return "string";
    }

    @Override
    public int rank() {
      return 2;
    }

    @Override
    public int compareSameKind(Value other) {
      return value.compareTo(((Text) other).value);
    }
  }

  /// A reference to an entity, which need not exist.
  record Entity(EntityUid uid) implements Value {

    @Override
    public String typeName() {
      return "(entity of type `" + uid.type() + "`)";
    }

    @Override
    public int rank() {
      return 3;
    }

    @Override
    public int compareSameKind(Value other) {
      return uid.compareTo(((Entity) other).uid);
    }
  }

  /// Distinct values of any kind, in the order of [Value].
  final class Several implements Value {
    public static final Several NONE = new Several(new Value[0]);

    private final Value[] sorted;
    private final long weight;

    /// Kept, since a set may be large and be asked often.
    private final @Nullable Unknown unknown;

    private Several(Value[] sorted) {
      this.sorted = sorted;
      this.weight = Value.weight(sorted);
      this.unknown = Value.unknown(sorted);
    }

    @Override
    public @Nullable Unknown unknown() {
      return unknown;
    }

    @Override
    public long weight() {
      return weight;
    }

    public static Several of(Collection<? extends Value> values) {
      return values.isEmpty() ? NONE : new Several(new TreeSet<>(values).toArray(Value[]::new));
    }

    public int size() {
      return sorted.length;
    }

    public Value get(int index) {
      return sorted[index];
    }

    public boolean contains(Value value) {
      return Arrays.binarySearch(sorted, value) >= 0;
    }

    @Override
    public String typeName() {
      return "set";
    }

    @Override
    public int rank() {
      return 4;
    }

    @Override
    public int compareSameKind(Value other) {
      return Arrays.compare(sorted, ((Several) other).sorted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Several that && Arrays.equals(sorted, that.sorted);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(sorted);
    }

    @Override
    public String toString() {
      return Arrays.toString(sorted);
    }
  }

  /// Named values; names are sorted and distinct.
  final class Members implements Value {
    public static final Members EMPTY = new Members(new String[0], new Value[0]);

    private final String[] names;
    private final Value[] values;
    private final long weight;

    /// Looked for when first asked: most records are made for each call and never compared. Two
    /// threads that look at once find the same; [Unknown] is immutable.
    private volatile boolean isLookedThrough;

    private @Nullable Unknown unknown;

    private Members(String[] names, Value[] values) {
      this.names = names;
      this.values = values;
      this.weight = Value.weight(values);
    }

    @Override
    public @Nullable Unknown unknown() {
      if (!isLookedThrough) {
        unknown = Value.unknown(values);
        isLookedThrough = true;
      }
      return unknown;
    }

    @Override
    public long weight() {
      return weight;
    }

    public static Members of(Map<String, ? extends Value> members) {
      String[] names = members.keySet().toArray(String[]::new);
      Arrays.sort(names);
      var values = new Value[names.length];
      for (int i = 0; i < names.length; i++) {
        var value = members.get(names[i]);
        if (value == null) {
          throw new IllegalArgumentException("`" + names[i] + "` has no value");
        }
        values[i] = value;
      }
      return new Members(names, values);
    }

    /// Returns a maker of records that all have `names`, given in any order; it costs one array per
    /// record.
    public static Shape shape(String... names) {
      return new Shape(names);
    }

    public int size() {
      return names.length;
    }

    public String name(int index) {
      return names[index];
    }

    public Value get(int index) {
      return values[index];
    }

    /// Returns the value of `name`, or null where there is none: the hot path's form of [#find].
    @Nullable Value get(String name) {
      int at = Arrays.binarySearch(names, name);
      return at < 0 ? null : values[at];
    }

    public Optional<Value> find(String name) {
      return Optional.ofNullable(get(name));
    }

    /// Returns this record with `name` set to `value`.
    public Members with(String name, Value value) {
      int at = Arrays.binarySearch(names, name);
      if (at >= 0) {
        Value[] changed = values.clone();
        changed[at] = value;
        return new Members(names, changed);
      }
      int gap = -at - 1;
      var moreNames = new String[names.length + 1];
      var moreValues = new Value[names.length + 1];
      System.arraycopy(names, 0, moreNames, 0, gap);
      System.arraycopy(values, 0, moreValues, 0, gap);
      System.arraycopy(names, gap, moreNames, gap + 1, names.length - gap);
      System.arraycopy(values, gap, moreValues, gap + 1, names.length - gap);
      moreNames[gap] = name;
      moreValues[gap] = value;
      return new Members(moreNames, moreValues);
    }

    @Override
    public String typeName() {
      return "record";
    }

    @Override
    public int rank() {
      return 5;
    }

    @Override
    public int compareSameKind(Value other) {
      var that = (Members) other;
      int byNames = Arrays.compare(names, that.names);
      return byNames != 0 ? byNames : Arrays.compare(values, that.values);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Members that
          && Arrays.equals(names, that.names)
          && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      var text = new StringBuilder("{");
      for (int i = 0; i < names.length; i++) {
        text.append(i == 0 ? "" : ", ").append(names[i]).append("=").append(values[i]);
      }
      return text.append("}").toString();
    }

    /// Makes records with one fixed set of names.
    public static final class Shape {
      private final String[] sorted;
      private final int[] places;

      private Shape(String[] names) {
        sorted = names.clone();
        Arrays.sort(sorted);
        places = new int[names.length];
        for (int i = 0; i < names.length; i++) {
          places[i] = Arrays.binarySearch(sorted, names[i]);
        }
      }

      /// Returns a record of `values`, given in the order in which the shape's names were given.
      public Members of(Value... given) {
        if (given.length != sorted.length) {
          throw new IllegalArgumentException(
              sorted.length + " values are wanted, not " + given.length);
        }
        var values = new Value[given.length];
        for (int i = 0; i < given.length; i++) {
          values[places[i]] = given[i];
        }
        return new Members(sorted, values);
      }
    }
  }

  /// A decimal number with four digits after the point.
  ///
  /// @param tenThousandths the number times 10,000
  record Decimal(long tenThousandths) implements Value {

    @Override
    public String typeName() {
      return "decimal";
    }

    @Override
    public int rank() {
      return 6;
    }

    @Override
    public int compareSameKind(Value other) {
      return Long.compare(tenThousandths, ((Decimal) other).tenThousandths);
    }
  }

  /// A range of IP addresses; a single address is a range with the longest prefix.
  ///
  /// @param high the upper 64 bits of an IPv6 address; 0 for IPv4
  /// @param low the lower 64 bits, or the 32 bits of an IPv4 address
  /// @param v6 whether it is an IPv6 address
  /// @param prefix the prefix length in bits, up to 32 or 128
  record IpAddress(long high, long low, boolean v6, int prefix) implements Value {

    @Override
    public String typeName() {
      return "ipaddr";
    }

    @Override
    public int rank() {
      return 7;
    }

    @Override
    public int compareSameKind(Value other) {
      var that = (IpAddress) other;
      int order = Boolean.compare(v6, that.v6);
      order = order != 0 ? order : Long.compareUnsigned(high, that.high);
      order = order != 0 ? order : Long.compareUnsigned(low, that.low);
      return order != 0 ? order : Integer.compare(prefix, that.prefix);
    }

    /// Returns the range as Cedar's `ip` reads it.
    String text() {
      var address = new StringJoiner(v6 ? ":" : ".");
      for (int i = v6 ? 7 : 3; i >= 0; i--) {
        long half = i > 3 ? high : low;
        address.add(
            v6
                ? Long.toHexString((half >>> (16 * (i % 4))) & 0xffff)
                : Long.toString((low >>> (8 * i)) & 0xff));
      }
      return address + "/" + prefix;
    }

    boolean isLoopback() {
      return v6 ? high == 0 && low == 1 && prefix == 128 : low >>> 24 == 127 && prefix >= 8;
    }

    boolean isMulticast() {
      return v6 ? high >>> 56 == 0xff && prefix >= 8 : low >>> 28 == 0xe && prefix >= 4;
    }

    /// Whether every address of this range is in `range` too.
    boolean isWithin(IpAddress range) {
      if (v6 != range.v6 || prefix < range.prefix) {
        return false;
      }
      if (!v6) {
        return sameBits(low << 32, range.low << 32, range.prefix);
      }
      return sameBits(high, range.high, Math.min(64, range.prefix))
          && sameBits(low, range.low, Math.max(0, range.prefix - 64));
    }

    private static boolean sameBits(long left, long right, int count) {
      return count == 0 || (left ^ right) >>> (64 - count) == 0;
    }
  }

  /// An instant.
  ///
  /// @param epochMs milliseconds since 1970-01-01T00:00:00Z, negative before
  record Moment(long epochMs) implements Value {

    @Override
    public String typeName() {
      return "datetime";
    }

    @Override
    public int rank() {
      return 8;
    }

    @Override
    public int compareSameKind(Value other) {
      return Long.compare(epochMs, ((Moment) other).epochMs);
    }
  }

  /// A length of time in milliseconds, possibly negative.
  record Span(long millis) implements Value {

    @Override
    public String typeName() {
      return "duration";
    }

    @Override
    public int rank() {
      return 9;
    }

    @Override
    public int compareSameKind(Value other) {
      return Long.compare(millis, ((Span) other).millis);
    }
  }

  /// A value that is not known yet, such as the arguments of a call that has not been made, or one
  /// that has no exact Cedar form. A policy that depends on it is undecided: see [Combination].
  ///
  /// @param isPending whether asking again soon may find it: a fact that is missing or stale
  record Unknown(boolean isPending) implements Value {
    public static final Unknown UNKNOWN = new Unknown(false);
    public static final Unknown PENDING = new Unknown(true);

    @Override
    public Unknown unknown() {
      return this;
    }

    @Override
    public String typeName() {
      return "unknown";
    }

    @Override
    public int rank() {
      return 10;
    }

    @Override
    public int compareSameKind(Value other) {
      return 0;
    }
  }
}
