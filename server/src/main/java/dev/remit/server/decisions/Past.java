package dev.remit.server.decisions;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerDamagedException;
import dev.remit.server.ledger.WithBody;
import dev.remit.server.ledger.WithBody.Content;
import dev.remit.server.registry.Replayed.Unplayable;
import java.util.ArrayList;
import java.util.List;

/// One decision as it was recorded.
sealed interface Past {

  /// It can be made again.
  ///
  /// @param word what was decided: `allow`, `deny`, …
  /// @param because the policies that decided, in their order
  record Made(RecordedEntry entry, Question question, String word, List<String> because)
      implements Past {

    String text(String member) {
      return entry.text(member).orElse("");
    }
  }

  /// It cannot.
  record Lost(Unplayable why) implements Past {}

  static Past of(WithBody stored) {
    try {
      var entry = stored.entry();
      var word = entry.text("decision").orElse("");
      if (word.equals("filter")) {
        return new Lost(Unplayable.LIST);
      }
      return switch (stored.body(entry)) {
        case Content.Present(var bytes) ->
            new Made(entry, QuestionJson.read(bytes), word, because(entry));
        case Content.Erased() -> new Lost(Unplayable.ERASED);
        case Content.None() -> new Lost(Unplayable.UNRECORDED);
      };
    } catch (LedgerDamagedException | IllegalStateException | IllegalArgumentException e) {
      // Evidence that does not hold is for `remit verify` to name; here it only does not count.
      return new Lost(Unplayable.UNREADABLE);
    }
  }

  private static List<String> because(RecordedEntry entry) {
    var found = new ArrayList<String>();
    entry.content().path("because").forEach(policy -> found.add(policy.asString("")));
    return found;
  }
}
