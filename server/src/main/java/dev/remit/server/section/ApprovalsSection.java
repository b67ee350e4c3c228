package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.kernel.identity.Duty;
import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.time.Duration;
import java.util.List;

/// What is kept of calls that were made under an approval.
public record ApprovalsSection(
    @Setting(value = "10m", says = "how long the answer is kept for a repeat of the call")
        Duration outcomeFor,
    @Setting(value = "1MiB", says = "longest answer that is kept") ByteSize outcomeMax,
    @Setting(
            value = "50",
            says = "after how many percent of its time people are told of a held call again")
        int remindAfterPercent,
    @Setting(
            value = "80",
            says = "after how many percent the workflow's escalation contact is told")
        int escalateAfterPercent,
    @Setting(
            says =
                "parts that are apart from approving a held call, beside what policies say"
                    + " (`@apart`)")
        List<Duty> apart,
    ForTask forTask,
    Crowding crowding) {
  public ApprovalsSection {
    apart = List.copyOf(apart);
    between("outcomeFor", outcomeFor, Duration.ZERO, Duration.ofHours(24));
    between("remindAfterPercent", remindAfterPercent, 1, 100);
    between("escalateAfterPercent", escalateAfterPercent, 1, 100);
  }

  /// To how much one answer can be good in a task, whatever policy says.
  public record ForTask(
      @Setting(value = "100", says = "calls that may be agreed to at once") int usesMax,
      @Setting(value = "1h", says = "how long such an agreement may last") Duration lastsMax) {
    public ForTask {
      between("usesMax", usesMax, 1, 1_000);
      between("lastsMax", lastsMax, Duration.ofSeconds(1), Duration.ofHours(24));
    }
  }

  /// How much people are asked at once, before an agent is told to wait.
  public record Crowding(
      @Setting(value = "20", says = "held calls that wait under one task") int taskMax,
      @Setting(value = "100", says = "held calls that wait under one identity") int identityMax,
      @Setting(value = "500", says = "held calls that wait under one workflow") int workflowMax,
      @Setting(
              value = "120",
              says = "held calls for which one identity may ask within `askedWithin`")
          int askedMax,
      @Setting(value = "10m", says = "the time in which these are counted") Duration askedWithin) {
    public Crowding {
      between("taskMax", taskMax, 1, 100_000);
      between("identityMax", identityMax, 1, 100_000);
      between("workflowMax", workflowMax, 1, 1_000_000);
      between("askedMax", askedMax, 1, 1_000_000);
      between("askedWithin", askedWithin, Duration.ofSeconds(1), Duration.ofHours(24));
    }
  }
}
