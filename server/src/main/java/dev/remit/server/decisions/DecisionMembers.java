package dev.remit.server.decisions;

import dev.remit.kernel.identity.Lifting;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Obligations;
import dev.remit.kernel.policy.PolicyId;
import java.util.ArrayList;
import java.util.List;

/// What a ledger entry says of a decision: `decision`, `because`, `errors`, `nearly`, and what is
/// particular to the outcome. The same in every type of entry, so that [Explanation] reads them
/// all.
public final class DecisionMembers {
  private static final int TEXT_CHARS_MAX = 512;
  private static final int OBLIGATIONS_MAX = 50;

  private DecisionMembers() {}

  /// Returns `entry` with the members of `decision`.
  public static Entry on(Entry entry, Decision decision) {
    var all =
        entry
            .with("decision", decision.word())
            .with("because", decision.because().stream().map(PolicyId::value).toList())
            .with("errors", errors(decision))
            .with("nearly", nearly(decision));
    return switch (decision) {
      case Decision.Allow _, Decision.Hold _ -> all;
      case Decision.Modify(_, var obligations, _) -> all.with("obligations", texts(obligations));
      case Decision.Defer(_, var retryAfter, _) ->
          all.with("retryAfterSeconds", retryAfter.toSeconds());
      case Decision.Deny deny -> all.with("ground", deny.ground().word());
    };
  }

  /// Returns `entry` with the members of `decided`: the answer, the policies' version, whom to tell
  /// in `notify`, if anybody, in `observed` why it was not enforced, if it was not, and `shadow`,
  /// where policies in shadow would have decided otherwise.
  public static Entry on(Entry entry, Decided decided) {
    var all =
        on(entry.with("policies", decided.policies()), decided.decision())
            .withMaybe("observed", decided.observed().map(Lifting::value));
    var roles = decided.notified().stream().map(Role::word).sorted().toList();
    all = roles.isEmpty() ? all : all.with("notify", roles);
    return decided.shadow().isEmpty()
        ? all
        : all.with("shadow", decided.shadow().stream().map(Shadowed::toString).toList());
  }

  /// Returns each obligation that narrows, as `limit /rows:100` or `redact ssn`.
  static List<String> texts(Obligations obligations) {
    var all = new ArrayList<String>();
    obligations.limits().forEach(limit -> all.add(shortened("limit " + limit)));
    obligations.redactions().forEach(redact -> all.add(shortened("redact " + redact)));
    return all.size() <= OBLIGATIONS_MAX ? all : all.subList(0, OBLIGATIONS_MAX);
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
