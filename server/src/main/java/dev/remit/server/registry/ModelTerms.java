package dev.remit.server.registry;

import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.Word;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is agreed about a model, beside what makes it answer as it does.
///
/// @param rollback when to go back, and how; executed by machine
/// @param fallback what takes its place when its provider withdraws it
/// @param withdrawsAt when its provider has said that it will
/// @param seen words for what its endpoint lets us see, of [Telemetry]
/// @param contract who has read the provider's terms, and where that is on record
public record ModelTerms(
    List<Criterion> rollback,
    Optional<ModelName> fallback,
    Optional<Instant> withdrawsAt,
    Set<Telemetry> seen,
    Optional<ContractReview> contract) {
  public static final ModelTerms NONE =
      new ModelTerms(List.of(), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

  public ModelTerms {
    rollback = List.copyOf(rollback);
    seen = Set.copyOf(seen);
  }

  /// What may go wrong with a model.
  public enum Measure implements Word {
    /// Share of evaluation cases that it does worse than what was approved.
    QUALITY_REGRESSION,

    /// How far the drift statistic is beyond its alarm threshold.
    DRIFT,

    /// The provider has changed something, by its word or as seen; any is 1.
    VENDOR_CHANGE
  }

  /// What is done about it, from mild to hard.
  public enum Action implements Word {
    SUSPECT,
    SUSPEND,
    ROLLBACK
  }

  /// When something is done by itself, and what.
  ///
  /// @param above acts when the measure is more than this, in ten-thousandths
  public record Criterion(Measure on, long above, Action act) {}

  /// One thing that a vendor's endpoint may let us see.
  public enum Telemetry implements Word {
    MODEL_VERSION,
    MODEL_NOTICES,
    MODEL_LOGS,
    TOOL_CALLS,
    TOOL_DEFINITIONS,
    TOOL_LOGS,
    SECRET_ISSUANCE,
    SECRET_USE,
    SECRET_REVOCATION
  }

  /// That somebody has read the contract with the vendor.
  ///
  /// @param reference where it is on record
  public record ContractReview(String by, String reference, Instant reviewedAt) {}

  /// Returns what is to be done when `measure` has come to `value`, in ten-thousandths: the hardest
  /// that applies. Where nothing is said, whatever happens makes suspect.
  public Optional<Action> act(Measure measure, long value) {
    var said = rollback.stream().filter(one -> one.on() == measure).toList();
    if (said.isEmpty()) {
      return value > 0 ? Optional.of(Action.SUSPECT) : Optional.empty();
    }
    return said.stream()
        .filter(one -> value > one.above())
        .map(Criterion::act)
        .max(java.util.Comparator.naturalOrder());
  }
}
