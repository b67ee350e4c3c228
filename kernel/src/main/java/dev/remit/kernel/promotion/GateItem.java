package dev.remit.kernel.promotion;

import dev.remit.kernel.identity.Word;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One thing that must be shown, and what it has come to.
///
/// @param item a word for it, such as `revocation-proven`
/// @param says what was found, in one sentence
/// @param evidence entries that show it, as `node:index`; 5 at most
/// @param next what to do where it is not met, beginning with a command; empty where it is
public record GateItem(
    String item, Verdict verdict, String says, List<String> evidence, String next) {
  /// The item that is a verdict on what models answer; every other is about access.
  public static final String SAFETY = "model-safety";

  private static final int EVIDENCE_MAX = 5;
  private static final int TEXT_MAX = 400;

  /// What it has come to.
  public enum Verdict implements Word {
    MET,
    UNMET,

    /// Nobody can tell, which does not open the gate.
    UNKNOWN
  }

  public GateItem {
    evidence = evidence.stream().limit(EVIDENCE_MAX).toList();
    says = shortened(says);
    next = shortened(next);
    if (next.isEmpty() != (verdict == Verdict.MET)) {
      throw new IllegalArgumentException("what is not met says what to do next: " + item);
    }
  }

  public static GateItem met(String item, String says, List<String> evidence) {
    return new GateItem(item, Verdict.MET, says, evidence, "");
  }

  public static GateItem unmet(String item, String says, List<String> evidence, String next) {
    return new GateItem(item, Verdict.UNMET, says, evidence, next);
  }

  public static GateItem unknown(String item, String says, String next) {
    return new GateItem(item, Verdict.UNKNOWN, says, List.of(), next);
  }

  public boolean isMet() {
    return verdict == Verdict.MET;
  }

  /// Whether it is the verdict on what a model answers, and not on what an identity may do.
  public boolean isSafety() {
    return item.equals(SAFETY);
  }

  public ObjectNode toJson() {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("item", item)
            .put("verdict", verdict.word())
            .put("says", says);
    evidence.forEach(json.putArray("evidence")::add);
    if (!next.isEmpty()) {
      json.put("next", next);
    }
    return json;
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 1) + "…";
  }
}
