package dev.remit.server.models;

import dev.remit.kernel.identity.SecretKind;
import dev.remit.server.inspection.Exposed;
import dev.remit.server.inspection.Exposure;
import dev.remit.server.inspection.Watch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The texts of one answer on their way to the agent: looked at for secrets, and without those that
/// may not pass.
///
/// A streamed text comes in pieces, each in an event. An event passes as the very bytes it came in
/// as soon as nothing in it can be the beginning of a secret any more, mostly at once; only where
/// one was cut out are events of that text written anew. The order of events is kept: what comes
/// behind one that waits, waits too.
///
/// Belongs to one answer and one thread.
final class Texts {
  private final Asked asked;
  private final Looking looking;
  private final Set<SecretKind> cut;
  private final int waitingMax;

  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final Map<String, Channel> channels = new HashMap<>();
  private final Set<Exposure> noted = new LinkedHashSet<>();
  private final TreeSet<String> kinds = new TreeSet<>();
  private int cuts;
  private int waitingBytes;

  /// @param isOfSecrets whether policy has every secret cut out
  /// @param waitingMax how many bytes of events may wait
  Texts(Asked asked, Looking looking, boolean isOfSecrets, int waitingMax) {
    this.asked = asked;
    this.looking = looking;
    this.cut = Looking.cutting(isOfSecrets);
    this.waitingMax = waitingMax;
  }

  /// A piece of a text.
  ///
  /// @param channel tells the text from others of the same answer
  /// @param in the object that holds it
  record Piece(String channel, ObjectNode in, String member) {
    String text() {
      return in.path(member).asString("");
    }
  }

  /// An event on its way.
  private static final class Waiting {
    private byte[] bytes;
    private final @Nullable ObjectNode event;
    private int open;
    private boolean isChanged;

    Waiting(byte[] bytes, @Nullable ObjectNode event) {
      this.bytes = bytes;
      this.event = event;
    }
  }

  /// One text.
  private static final class Channel {
    private final Watch watch;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();

    /// What may pass of it and is in no event yet.
    private final StringBuilder out = new StringBuilder();

    private long came;
    private int seen;

    Channel(Watch watch) {
      this.watch = watch;
    }
  }

  /// @param end where it ends, in bytes of the whole text
  private record Part(Waiting in, Piece piece, int chars, long end) {}

  /// Takes an event of which nothing needs to be looked at any more.
  void take(byte[] bytes) throws Passing.Broken {
    enqueue(new Waiting(bytes, null));
  }

  /// Takes an event that is whole in itself.
  void take(byte[] bytes, ObjectNode event) throws Passing.Broken {
    enqueue(new Waiting(clean(bytes, event, Passing::event), null));
  }

  /// Takes an event that goes on with texts.
  void take(byte[] bytes, ObjectNode event, List<Piece> pieces) throws Passing.Broken {
    var waiting = new Waiting(bytes, event);
    enqueue(waiting);
    for (var piece : pieces) {
      var text = piece.text();
      if (!text.isEmpty()) {
        var channel =
            channels.computeIfAbsent(piece.channel(), _ -> new Channel(looking.watch(cut)));
        channel.came += text.getBytes(StandardCharsets.UTF_8).length;
        channel.parts.add(new Part(waiting, piece, text.length(), channel.came));
        waiting.open++;
        settle(channel, channel.watch.next(text));
      }
    }
  }

  /// A text has come to its end.
  void over(String name) {
    var channel = channels.remove(name);
    if (channel != null) {
      settle(channel, channel.watch.end());
    }
  }

  /// All texts have, whose channels begin so.
  void overAll(String prefix) {
    for (var name : List.copyOf(channels.keySet())) {
      if (name.startsWith(prefix)) {
        over(name);
      }
    }
  }

  /// Returns what passes now, in order.
  List<byte[]> ready() {
    if (queue.isEmpty()) {
      return List.of();
    }
    var ready = new ArrayList<byte[]>();
    while (!queue.isEmpty() && queue.peek().open == 0) {
      var first = queue.poll();
      waitingBytes -= first.bytes.length;
      ready.add(first.isChanged && first.event != null ? Passing.event(first.event) : first.bytes);
    }
    return ready;
  }

  /// Returns an answer that came in one piece as it may pass; `json` is changed with it.
  byte[] whole(byte[] bytes, ObjectNode json) throws Passing.Broken {
    return clean(bytes, json, Passing::bytes);
  }

  private byte[] clean(byte[] bytes, ObjectNode json, Function<ObjectNode, byte[]> written)
      throws Passing.Broken {
    if (!showsWhatMayNotPass(bytes)) {
      return bytes;
    }
    cuts += looking.cut(json, cut);
    byte[] clean = written.apply(json);
    if (Looking.mustCut(looking.again(clean), cut)) {
      throw new Passing.Broken("a secret stands in it where it cannot be cut out");
    }
    return clean;
  }

  /// Whether a secret is in it that may not pass, whatever else it is.
  boolean showsWhatMayNotPass(byte[] bytes) {
    var found = looking.again(bytes);
    noteOnce(found);
    return Looking.mustCut(found, cut);
  }

  /// Which kinds are cut out.
  Set<SecretKind> cutting() {
    return cut;
  }

  /// The beginning of what the model wrote, as the agent has it.
  String withoutCut(String text) {
    return cuts == 0 ? text : looking.cut(text, cut);
  }

  /// What was seen, in words.
  List<String> kinds() {
    return List.copyOf(kinds);
  }

  /// How many secrets were cut out.
  int cuts() {
    return cuts;
  }

  /// A call was proposed of which a secret was cut out.
  void cutOfCall() {
    cuts++;
  }

  private void enqueue(Waiting waiting) throws Passing.Broken {
    queue.add(waiting);
    waitingBytes += waiting.bytes.length;
    if (waitingBytes > waitingMax) {
      throw new Passing.Broken("more than " + waitingMax + " bytes of it would have to wait");
    }
  }

  private void settle(Channel channel, String released) {
    channel.out.append(released);
    note(channel);
    long passed = channel.watch.passed();
    while (!channel.parts.isEmpty() && channel.parts.peek().end() <= passed) {
      var part = channel.parts.poll();
      part.in().open--;
      if (channel.watch.cuts() == 0) {
        channel.out.delete(0, Math.min(part.chars(), channel.out.length()));
      } else {
        // From the first cut on, what may pass stands in the last event that is complete.
        boolean isLast = channel.parts.isEmpty() || channel.parts.peek().end() > passed;
        rewrite(part, isLast ? channel.out.toString() : "");
        if (isLast) {
          channel.out.setLength(0);
        }
      }
    }
  }

  /// What tells the same text once more, token by token, goes with it.
  private static void rewrite(Part part, String text) {
    part.in().isChanged = true;
    part.piece().in().put(part.piece().member(), text);
    var event = part.in().event;
    if (event != null) {
      if (event.has("logprobs")) {
        event.putArray("logprobs");
      }
      for (var choice : event.path("choices")) {
        if (choice instanceof ObjectNode one && one.has("logprobs")) {
          one.putNull("logprobs");
        }
      }
    }
  }

  private void note(Channel channel) {
    var found = channel.watch.exposed();
    if (found.count() > channel.seen) {
      var fresh = new Exposed(found.found().subList(channel.seen, found.count()));
      channel.seen = found.count();
      cuts += (int) fresh.found().stream().filter(one -> cut.contains(one.kind())).count();
      noteOnce(fresh);
    }
  }

  /// A text that repeats a secret is one sighting.
  private void noteOnce(Exposed found) {
    var news =
        found.found().stream()
            .map(one -> new Exposure(one.kind(), one.what(), 0, 0, one.isEncoded()))
            .filter(noted::add)
            .toList();
    saw(found);
    looking.noteAnswer(asked, new Exposed(news));
  }

  /// Adds what was seen in a call that is proposed.
  void saw(Exposed found) {
    kinds.addAll(found.kinds());
  }
}
