package dev.remit.server.decisions;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import java.util.List;

/// What a ledger entry says of a decision: `decision`, `because`, `errors`, `nearly`. The same in
/// every type of entry, so that [Explanation] reads them all.
public final class DecisionMembers {
  private static final int TEXT_CHARS_MAX = 512;

  private DecisionMembers() {}

  /// Returns `entry` with the members of `decision`.
  public static Entry on(Entry entry, Decision decision) {
    return entry
        .with("decision", decision.word())
        .with("because", decision.because().stream().map(PolicyId::value).toList())
        .with("errors", errors(decision))
        .with("nearly", nearly(decision));
  }

  /// Returns each failed policy as `policy: message`.
  public static List<String> errors(Decision decision) {
    return decision.errors().stream()
        .map(error -> shortened(error.policy() + ": " + error.message()))
        .toList();
  }

  /// Returns each permit that came near as `policy: condition`.
  public static List<String> nearly(Decision decision) {
    return decision instanceof Decision.Deny deny
        ? deny.nearly().stream()
            .map(miss -> shortened(miss.policy() + ": " + miss.condition()))
            .toList()
        : List.of();
  }

  /// Returns as much of `text` as a member holds.
  public static String shortened(String text) {
    return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
  }
}
