package dev.remit.server.measures;

import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// What controls on beta models add to delivery: how much more those wait who are decided by one.
final class BetaControls {
  private BetaControls() {}

  static Balance of(Period period) {
    Predicate<Identity> beta = one -> isBeta(one, period.declared());
    var withBeta = new Calls(period, entry -> period.identity(entry).filter(beta).isPresent());
    var others =
        new Calls(period, entry -> period.identity(entry).filter(beta.negate()).isPresent());
    return new Balance(
        "beta-controls",
        "what do controls on beta models add to delivery?",
        List.of(
            withBeta.held("beta-held", "calls of beta models held for a person"),
            others.held("others-held", "the same of all others"),
            withBeta.waited("beta-waited", "waited for people by those on beta models"),
            others.waited("others-waited", "the same of all others"),
            Figure.median(
                "beta-answer", withBeta.waits(), "until a held call of them was answered")),
        List.of(
            withBeta.stopped(
                "beta-stopped", "calls of beta models that policy or a person stopped"),
            others.stopped("others-stopped", "the same of all others")));
  }

  private static boolean isBeta(Identity identity, Registered declared) {
    return identity
        .model()
        .flatMap(declared::model)
        .filter(model -> model.lifecycle() == Lifecycle.BETA)
        .isPresent();
  }

  /// The calls of some.
  private record Calls(Period period, Predicate<RecordedEntry> theirs) {

    private long decided() {
      return period.of(EntryType.CALL_DECIDED).filter(theirs).count();
    }

    Figure held(String name, String says) {
      long held =
          period
              .of(EntryType.CALL_DECIDED)
              .filter(theirs)
              .filter(entry -> entry.says("decision", "hold"))
              .count();
      return Figure.perThousand(name, (double) held, decided(), "in 1,000 calls", says);
    }

    List<Duration> waits() {
      return period.waits().stream()
          .filter(one -> theirs.test(one.begun()))
          .map(Period.Took::time)
          .toList();
    }

    Figure waited(String name, String says) {
      double minutes = waits().stream().mapToDouble(Duration::toMillis).sum() / 60_000;
      return Figure.perThousand(name, minutes, decided(), "minutes in 1,000 calls", says);
    }

    Figure stopped(String name, String says) {
      long denied =
          period
              .of(EntryType.CALL_DECIDED)
              .filter(theirs)
              .filter(entry -> entry.says("decision", "deny"))
              .count();
      long declined =
          period
              .of(EntryType.APPROVAL_SETTLED)
              .filter(theirs)
              .filter(entry -> entry.says("outcome", "denied") || entry.says("outcome", "lapsed"))
              .count();
      return Figure.perThousand(
          name, (double) (denied + declined), decided(), "in 1,000 calls", says);
    }
  }
}
