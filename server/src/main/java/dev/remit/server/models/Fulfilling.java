package dev.remit.server.models;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Obligations;
import dev.remit.server.decisions.Decided;
import dev.remit.server.models.GovernedQuestion.Asks;
import java.util.Optional;
import java.util.OptionalLong;

/// What policy permits of a question only under conditions: how much may be written, and that no
/// secret is in it. Any other condition could not be kept, so it is a denial.
final class Fulfilling {
  private static final String OUTPUT = "/maxOutputTokens";

  private final Looking looking;

  Fulfilling(Looking looking) {
    this.looking = looking;
  }

  /// The decision, or a denial where it cannot be fulfilled.
  Decided of(Asks asks, Decided decided) {
    if (!(decided.decision() instanceof Decision.Modify modify) || decided.isObserved()) {
      return decided;
    }
    return unfulfillable(asks, modify.obligations())
        .map(why -> decided.with(Decision.Deny.unfulfilled(modify.because(), modify.errors(), why)))
        .orElse(decided);
  }

  private Optional<String> unfulfillable(Asks asks, Obligations obligations) {
    if (obligations.limits().stream().anyMatch(limit -> !limit.argument().equals(OUTPUT))) {
      return Optional.of("of a question only `maxOutputTokens` can be limited");
    }
    return !obligations.redactions().isEmpty()
            && !asks.secrets().isNone()
            && looking.without(asks.asked()).isEmpty()
        ? Optional.of("a secret stands in the question where it cannot be cut out")
        : Optional.empty();
  }

  /// What is sent, where something is: as it was asked, or with less to be written, or without its
  /// secrets.
  Optional<Sending> sending(Asks asks, Decided decided) {
    long most = asks.reserved().outputMax();
    if (decided.isObserved()) {
      return Optional.of(Sending.of(asks.asked(), bound(most)));
    }
    return switch (decided.decision()) {
      case Decision.Allow _ -> Optional.of(Sending.of(asks.asked(), bound(most)));
      case Decision.Modify(_, var obligations, _) -> {
        long limit =
            obligations.limits().stream().mapToLong(one -> one.max()).min().orElse(Long.MAX_VALUE);
        yield Optional.of(
            sending(asks, obligations, bound(most < 0 ? limit : Math.min(most, limit))));
      }
      case Decision.Hold _, Decision.Defer _, Decision.Deny _ -> Optional.empty();
    };
  }

  private Sending sending(Asks asks, Obligations obligations, OptionalLong bound) {
    if (obligations.redactions().isEmpty()) {
      return Sending.of(asks.asked(), bound);
    }
    if (asks.secrets().isNone()) {
      return Sending.of(asks.asked(), bound).ofSecrets(0);
    }
    var clean = looking.without(asks.asked()).orElseThrow();
    return Sending.of(clean.asked(), bound).ofSecrets(clean.count());
  }

  private static OptionalLong bound(long most) {
    return most < 0 || most == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(most);
  }
}
