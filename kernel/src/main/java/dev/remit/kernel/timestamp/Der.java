package dev.remit.kernel.timestamp;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One element of DER: a tag and what it holds.
///
/// Tags are of one byte, lengths definite and of four bytes at most; anything else is an
/// [IllegalArgumentException], as is whatever is read as another type than it is.
///
/// Source: ITU-T X.690, sections 8 and 10.
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record Der(byte[] source, int start, int from, int to) {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int NULL = 0x05;
  static final int OID = 0x06;
  static final int TIME = 0x18;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;
  static final int CONTEXT_0 = 0xa0;
  private static final int LENGTH_BYTES_MAX = 4;

  /// Returns the element that `bytes` are, from the first to the last.
  static Der of(byte[] bytes) {
    var element = at(bytes, 0, bytes.length);
    if (element.to != bytes.length) {
      throw new IllegalArgumentException("there are bytes after its end");
    }
    return element;
  }

  private static Der at(byte[] source, int start, int end) {
    if (end - start < 2 || (source[start] & 0x1f) == 0x1f) {
      throw new IllegalArgumentException("it is cut short, or no DER");
    }
    int from = start + 2;
    long length = source[start + 1] & 0xff;
    if (length >= 0x80) {
      int count = (int) length - 0x80;
      if (count == 0 || count > LENGTH_BYTES_MAX || count > end - from) {
        throw new IllegalArgumentException("a length in it is indefinite or too long");
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = (length << 8) | (source[from++] & 0xff);
      }
    }
    if (length > end - from) {
      throw new IllegalArgumentException("it is cut short");
    }
    return new Der(source, start, from, from + (int) length);
  }

  int tag() {
    return source[start] & 0xff;
  }

  boolean is(int tag) {
    return tag() == tag;
  }

  byte[] content() {
    return Arrays.copyOfRange(source, from, to);
  }

  /// Its bytes with tag and length.
  byte[] whole() {
    return Arrays.copyOfRange(source, start, to);
  }

  /// Returns what is within it, which must have this tag.
  List<Der> within(int tag) {
    var all = new ArrayList<Der>();
    expect(tag);
    for (int next = from; next < to; next = all.getLast().to) {
      all.add(at(source, next, to));
    }
    return all;
  }

  /// Returns the only element within it.
  Der only(int tag) {
    var all = within(tag);
    if (all.size() != 1) {
      throw new IllegalArgumentException("it holds " + all.size() + " elements where one belongs");
    }
    return all.getFirst();
  }

  byte[] octets() {
    expect(OCTETS);
    return content();
  }

  BigInteger integer() {
    expect(INTEGER);
    if (from == to) {
      throw new IllegalArgumentException("a number in it is empty");
    }
    return new BigInteger(content());
  }

  String text(int tag) {
    expect(tag);
    return new String(content(), StandardCharsets.UTF_8);
  }

  /// Returns an object identifier with its dots.
  String oid() {
    expect(OID);
    var out = new StringBuilder();
    long arc = 0;
    for (int i = from; i < to; i++) {
      if (arc > (Long.MAX_VALUE >> 8)) {
        throw new IllegalArgumentException("an object identifier in it is too long");
      }
      arc = (arc << 7) | (source[i] & 0x7f);
      if (source[i] >= 0) {
        long first = Math.min(arc / 40, 2);
        out.append(out.isEmpty() ? first + "." + (arc - 40 * first) : "." + arc);
        arc = 0;
      }
    }
    return out.toString();
  }

  private void expect(int tag) {
    if (!is(tag)) {
      throw new IllegalArgumentException(
          "it has an element of type %02x where one of type %02x belongs".formatted(tag(), tag));
    }
  }

  /// Returns an element that holds these bytes, one after the other.
  static byte[] encode(int tag, byte[]... contents) {
    var content = new ByteArrayOutputStream();
    for (var part : contents) {
      content.writeBytes(part);
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.size() < 0x80) {
      out.write(content.size());
    } else {
      var length = BigInteger.valueOf(content.size()).toByteArray();
      int skip = length[0] == 0 ? 1 : 0;
      out.write(0x80 | (length.length - skip));
      out.write(length, skip, length.length - skip);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
