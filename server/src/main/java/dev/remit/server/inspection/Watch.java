package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.SecretKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Looks at one text that comes in pieces, and lets go of what cannot be part of a secret any more:
/// what straddles two pieces is found as if it were one.
///
/// Held back is at most the word that is under way, what announces one (`Bearer`, `key =`), the
/// beginning of a value that is known, and a private key until its end; never more than [#HELD_MAX]
/// bytes, and nothing after [#end]. Of what is longer than that, its beginning counts.
///
/// Belongs to one text; not for several threads.
public final class Watch {
  static final int HELD_MAX = 32 * 1024;
  private static final int LEADING_MAX = 4;

  private final Scanner scanner;
  private final Set<SecretKind> cut;
  private final List<Exposure> seen = new ArrayList<>();
  private byte[] held = new byte[0];

  /// What stands before `held`, so that words are not begun in their middle.
  private byte before = ' ';

  private long passed;
  private int cuts;

  /// @param cut kinds of which [Inspection#MARK] passes in place of the secret
  Watch(Scanner scanner, Set<SecretKind> cut) {
    this.scanner = scanner;
    this.cut = Set.copyOf(cut);
  }

  /// Takes the next piece, and returns what may pass now; often less than the piece, or more.
  public String next(String piece) {
    append(piece.getBytes(UTF_8));
    return release(safe());
  }

  /// The text has ended: returns the rest.
  public String end() {
    return release(held.length);
  }

  /// What was found so far; places count from the beginning of the whole text.
  public Exposed exposed() {
    return seen.isEmpty() ? Exposed.NONE : new Exposed(seen);
  }

  /// How many secrets were cut out.
  public int cuts() {
    return cuts;
  }

  private void append(byte[] more) {
    int n = held.length;
    held = Arrays.copyOf(held, n + more.length);
    System.arraycopy(more, 0, held, n, more.length);
  }

  /// Up to where nothing that has begun is still open.
  private int safe() {
    int n = held.length;
    int open = Math.min(privateKey(n), scanner.known().find(held, 0, n, new ArrayList<>(0)));
    int safe = word(open);
    // What is whole already goes as a whole.
    for (var one : scanner.scan(held).found().reversed()) {
      safe = one.start() < safe && safe < one.end() ? one.start() : safe;
    }
    return n - safe > HELD_MAX ? n : safe;
  }

  /// Where the word that `at` is in begins, or what announces it.
  private int word(int at) {
    int start = start(at);
    for (int i = 0; i < LEADING_MAX && start > 0; i++) {
      int end = start;
      while (end > 0 && isSpace(held[end - 1])) {
        end--;
      }
      int previous = start(end);
      if (!announces(previous, end)) {
        return start;
      }
      start = previous;
    }
    return start;
  }

  private int start(int end) {
    int start = end;
    while (start > 0 && !isSpace(held[start - 1])) {
      start--;
    }
    return start;
  }

  private boolean announces(int from, int end) {
    if (from == end || end - from > 64) {
      return false;
    }
    var said = new String(held, from, end - from, UTF_8).toLowerCase(Locale.ROOT);
    return said.endsWith(":")
        || said.endsWith("=")
        || said.endsWith("bearer")
        || said.endsWith("basic")
        || said.endsWith("secret_access_key")
        || said.endsWith("secretaccesskey");
  }

  private int privateKey(int n) {
    int begin = lastIndexOf("-----BEGIN ", n);
    if (begin < 0 || n - begin > HELD_MAX) {
      return n;
    }
    int end = lastIndexOf("-----END", n);
    boolean closed = end > begin && indexOf("-----", end + 8) >= 0;
    return closed ? n : begin;
  }

  private int lastIndexOf(String what, int n) {
    var wanted = what.getBytes(UTF_8);
    for (int at = n - wanted.length; at >= 0; at--) {
      if (Arrays.equals(held, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private int indexOf(String what, int from) {
    var wanted = what.getBytes(UTF_8);
    for (int at = from; at + wanted.length <= held.length; at++) {
      if (Arrays.equals(held, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  /// Lets `safe` bytes go, never a part of a character or of a secret.
  private String release(int safe) {
    if (safe == 0) {
      return "";
    }
    var seenWith = new byte[safe + 1];
    seenWith[0] = before;
    System.arraycopy(held, 0, seenWith, 1, safe);
    var found = scanner.scan(seenWith);
    var out = new StringBuilder(safe);
    int at = 1;
    for (var one : found.found()) {
      seen.add(
          new Exposure(
              one.kind(),
              one.what(),
              (int) Math.min(Integer.MAX_VALUE, passed + one.start() - 1),
              (int) Math.min(Integer.MAX_VALUE, passed + one.end() - 1),
              one.isEncoded()));
      if (cut.contains(one.kind())) {
        int start = Math.max(1, one.start());
        out.append(new String(seenWith, at, start - at, UTF_8)).append(Inspection.MARK);
        at = one.end();
        cuts++;
      }
    }
    out.append(new String(seenWith, at, seenWith.length - at, UTF_8));
    before = seenWith[safe];
    passed += safe;
    held = Arrays.copyOfRange(held, safe, held.length);
    return out.toString();
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
  }
}
