package dev.remit.server.models;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How an answer of one endpoint passes: what is seen of it, and what has to wait. Text passes byte
/// for byte, and at once but for what may become a secret ([Texts]). A call that the model proposes
/// waits until it is complete and judged; a refused one is replaced by a sentence that says so, so
/// that the agent's client is not left with half a call, and its model reads why.
///
/// Belongs to one answer and one thread.
abstract sealed class Passing permits ChatPassing, ResponsesPassing, MessagesPassing, PlainPassing {
  final Seen seen;
  final Proposing proposing;
  final Texts texts;
  private final int withheldMax;
  private int withheld;

  Passing(Seen seen, Proposing proposing, Texts texts, int withheldMax) {
    this.seen = seen;
    this.proposing = proposing;
    this.texts = texts;
    this.withheldMax = withheldMax;
  }

  /// Judges one complete call, and records that.
  interface Proposing {
    /// Judges one.
    ///
    /// @param kind `function`, `custom`, or what else the dialect calls it
    /// @param arguments as the model wrote them
    Verdict of(String wireName, String kind, String arguments);
  }

  /// What becomes of a proposed call.
  ///
  /// @param instead what stands in the answer in its place where it does not pass
  /// @param changed the arguments with which it passes, where a secret was cut out of them
  record Verdict(boolean passes, String instead, Optional<String> changed) {}

  /// An event that waits until a call is complete.
  @SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
  record Held(byte[] bytes, ObjectNode event) {}

  /// The answer cannot be passed on.
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String why) {
      super(why);
    }
  }

  /// Returns what passes now of one event, in order; nothing while something waits.
  ///
  /// @param bytes the event as it came
  /// @param data its data, never empty
  abstract List<byte[]> event(byte[] bytes, byte[] data) throws Broken;

  /// Returns the whole answer as it passes: the very `bytes`, or others where a call was refused.
  abstract byte[] whole(byte[] bytes) throws Broken;

  static Passing of(
      Endpoint endpoint,
      Seen seen,
      Proposing proposing,
      Texts texts,
      int withheldMax,
      boolean tellsUsage) {
    return switch (endpoint) {
      case CHAT -> new ChatPassing(seen, proposing, texts, withheldMax, tellsUsage);
      case RESPONSES -> new ResponsesPassing(seen, proposing, texts, withheldMax);
      case MESSAGES -> new MessagesPassing(seen, proposing, texts, withheldMax);
      case EMBEDDINGS, COUNT_TOKENS -> new PlainPassing(seen, proposing, texts, withheldMax);
    };
  }

  /// Counts what is held back.
  void withhold(int bytes) throws Broken {
    withheld += bytes;
    if (withheld > withheldMax) {
      throw new Broken("it proposes calls of more than " + withheldMax + " bytes");
    }
  }

  void released() {
    withheld = 0;
  }

  static ObjectNode object(byte[] json) throws Broken {
    try {
      if (JsonMapper.shared().readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new Broken("it is not JSON");
    }
    throw new Broken("it is no JSON object");
  }

  /// Returns a count of tokens; -1 for what is none, and [Seen#TOKENS_MAX] and one for any more
  /// than that, so that sums of such stay within a long.
  static long number(JsonNode node) {
    if (!node.isIntegralNumber() || node.bigIntegerValue().signum() < 0) {
      return -1;
    }
    return node.canConvertToLong()
        ? Math.min(node.longValue(), Seen.TOKENS_MAX + 1)
        : Seen.TOKENS_MAX + 1;
  }

  static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Writes an event; one that says its type says it before its data as well.
  static byte[] event(ObjectNode data) {
    var name = data.path("type").asString("");
    var text = (name.isEmpty() ? "" : "event: " + name + "\n") + "data: " + data + "\n\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
