package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.SecretKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Looks at one text that comes in pieces, and lets go of what cannot be part of a secret any more:
/// what straddles two pieces is found as if it were one.
///
/// Held back is only what [Trailing] says may go on to be one; never more than [#HELD_MAX] bytes,
/// and nothing after [#end]. Of what is longer than that, its beginning counts. What passes of a
/// secret is nothing, or less than [Trailing#PLAIN_MAX] characters of one that is encoded.
///
/// Belongs to one text; not for several threads.
public final class Watch {
  static final int HELD_MAX = 32 * 1024;

  /// How much of what has passed is looked at again with what follows it, so that words are not
  /// begun in their middle.
  private static final int CONTEXT_MAX = 64;

  private final Scanner scanner;
  private final Set<SecretKind> cut;
  private final List<Exposure> seen = new ArrayList<>();

  /// What has passed lately, and behind it what is held.
  private byte[] text = {' '};

  /// Where in `text` what is held begins.
  private int from = 1;

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
    return release(text.length);
  }

  /// What was found so far; places count from the beginning of the whole text.
  public Exposed exposed() {
    return seen.isEmpty() ? Exposed.NONE : new Exposed(seen);
  }

  /// How many secrets were cut out.
  public int cuts() {
    return cuts;
  }

  /// How many bytes of what came have passed, as they were or cut.
  public long passed() {
    return passed;
  }

  private void append(byte[] more) {
    int n = text.length;
    text = Arrays.copyOf(text, n + more.length);
    System.arraycopy(more, 0, text, n, more.length);
  }

  /// Up to where nothing that has begun is still open.
  private int safe() {
    int n = text.length;
    int safe = Math.max(from, Trailing.open(text, scanner.known()));
    // What is whole already goes as a whole.
    for (var one : safe == n ? List.<Exposure>of() : scanner.scan(text).found().reversed()) {
      safe = one.start() < safe && safe < one.end() ? Math.max(from, one.start()) : safe;
    }
    return n - safe > HELD_MAX ? n : safe;
  }

  /// Lets what is before `safe` go, never a part of a character or of a secret.
  private String release(int safe) {
    if (safe == from) {
      return "";
    }
    var found = scanner.scan(text, 0, safe).found();
    var out = new StringBuilder(safe - from);
    int at = from;
    for (var one : found) {
      if (one.end() <= from) {
        continue;
      }
      long before = passed - from;
      seen.add(
          new Exposure(
              one.kind(),
              one.what(),
              place(before + one.start()),
              place(before + one.end()),
              one.isEncoded()));
      if (cut.contains(one.kind())) {
        int start = Math.max(at, one.start());
        out.append(new String(text, at, start - at, UTF_8)).append(Inspection.MARK);
        at = one.end();
        cuts++;
      }
    }
    out.append(new String(text, at, safe - at, UTF_8));
    passed += safe - from;
    forget(safe, found);
    return out.toString();
  }

  private static int place(long at) {
    return Math.clamp(at, 0, Integer.MAX_VALUE);
  }

  /// Keeps of what has passed as much as the next look needs, and nothing of what was found: it is
  /// not to be found twice.
  private void forget(int safe, List<Exposure> found) {
    int kept = Math.max(Trailing.context(text, safe), safe - CONTEXT_MAX);
    for (var one : found) {
      kept = Math.max(kept, Math.min(one.end(), safe));
    }
    kept = Math.min(kept, safe - 1);
    text = Arrays.copyOfRange(text, kept, text.length);
    from = safe - kept;
  }
}
