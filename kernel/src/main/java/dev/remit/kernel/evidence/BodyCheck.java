package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compares the opened bodies of a bundle with the commitments in its entries, and sees to it that
/// each body is either opened or said not to be.
final class BodyCheck {
  private final Map<String, String> commitments = new LinkedHashMap<>();
  private long opened;
  private long withheld;
  private long erased;
  private long missing;

  void add(RecordedEntry entry) {
    entry
        .content()
        .path("bodies")
        .properties()
        .forEach(body ->
            commitments.put(
                entry.index() + " " + body.getKey(),
                body.getValue().path("commitment").asString("")));
  }

  void add(OpenedBody body) {
    if (!body.commitment().value().equals(taken(body.place()))) {
      throw new IllegalArgumentException(
          "the body " + body.place() + " is not what its entry commits to");
    }
    opened++;
  }

  void add(Redaction redaction) {
    taken(redaction.place());
    switch (redaction.why()) {
      case Redaction.WITHHELD -> withheld++;
      case Redaction.ERASED -> erased++;
      case Redaction.MISSING -> missing++;
      default -> throw new IllegalArgumentException("`" + redaction.why() + "` is no reason");
    }
  }

  private String taken(String place) {
    var commitment = commitments.remove(place);
    if (commitment == null) {
      throw new IllegalArgumentException(
          "no entry commits to the body " + place + ", or it is twice");
    }
    return commitment;
  }

  void compare(List<String> damages, List<String> proved) {
    commitments
        .keySet()
        .forEach(place ->
            damages.add("the body " + place + " is neither opened nor said to be redacted"));
    if (opened > 0) {
      proved.add("%,d opened bodies are what their entries commit to".formatted(opened));
    }
  }

  void untold(List<String> notProved) {
    if (withheld > 0) {
      notProved.add("what %,d bodies say, which were withheld".formatted(withheld));
    }
    if (erased > 0) {
      notProved.add("what %,d bodies said, which were erased".formatted(erased));
    }
    if (missing > 0) {
      notProved.add("what %,d bodies said, which the server has lost".formatted(missing));
    }
  }
}
