package dev.remit.server.tokens;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.server.risk.RiskRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long tokens and tasks live, by class of workload: the more dynamic, the shorter.
///
/// @param rows one for each pair of kind and autonomy
/// @param byRisk how much shorter where the risk is high
public record Lifetimes(List<Row> rows, ByRisk byRisk) {

  /// The share of its class's lifetimes that a workflow of high risk gets.
  ///
  /// @param highPercent 1 to 100
  /// @param criticalPercent 1 to `highPercent`
  /// @param rules how risk is weighed
  public record ByRisk(int highPercent, int criticalPercent, RiskRules rules) {
    public ByRisk {
      if (criticalPercent < 1 || highPercent < criticalPercent || highPercent > 100) {
        throw new IllegalArgumentException(
            "what is riskier does not live longer: " + highPercent + ", " + criticalPercent);
      }
    }

    private int percent(RiskClass risk) {
      return switch (risk) {
        case LOW, MODERATE -> 100;
        case HIGH -> highPercent;
        case CRITICAL -> criticalPercent;
      };
    }
  }

  /// What one class of workload gets.
  ///
  /// @param token a token's life; renewing it needs a new proof
  /// @param task a task's life, after which nothing more is issued for it
  public record Row(IdentityKind kind, Autonomy autonomy, Duration token, Duration task) {
    public Row {
      if (!token.isPositive() || task.compareTo(token) < 0) {
        throw new IllegalArgumentException(
            "a token lives more than nothing and not longer than its task: " + token + ", " + task);
      }
    }
  }

  public Lifetimes {
    rows = List.copyOf(rows);
    for (var kind : IdentityKind.values()) {
      for (var autonomy : Autonomy.values()) {
        row(rows, kind, autonomy);
      }
    }
  }

  /// Returns the defaults. Nobody's standard sets them; they are meant to be looked at.
  public static Lifetimes defaults() {
    var rows = new ArrayList<Row>();
    add(rows, IdentityKind.SERVICE, 15, 15, 12, 24);
    add(rows, IdentityKind.AUTOMATION, 15, 12, 10, 12);
    add(rows, IdentityKind.CHATBOT, 10, 10, 8, 8);
    add(rows, IdentityKind.AGENT, 8, 5, 3, 4);
    return new Lifetimes(rows, new ByRisk(50, 25, RiskRules.DEFAULT));
  }

  public Row of(IdentityKind kind, Autonomy autonomy) {
    return row(rows, kind, autonomy);
  }

  /// Returns what a workload of this class gets in a workflow of that risk; whole seconds, and
  /// never less than one.
  public Row of(IdentityKind kind, Autonomy autonomy, RiskClass risk) {
    var usual = of(kind, autonomy);
    int percent = byRisk.percent(risk);
    return new Row(kind, autonomy, part(usual.token(), percent), part(usual.task(), percent));
  }

  private static Duration part(Duration whole, int percent) {
    long seconds = whole.toSeconds() * percent / 100;
    return percent == 100 ? whole : Duration.ofSeconds(Math.max(1, seconds));
  }

  RiskRules rules() {
    return byRisk.rules();
  }

  /// Returns the longest life of any token: how long what ended must be remembered.
  public Duration tokenMax() {
    return rows.stream().map(Row::token).max(Duration::compareTo).orElseThrow();
  }

  private static void add(
      List<Row> rows, IdentityKind kind, long answers, long confirms, long alone, long taskHours) {
    var task = Duration.ofHours(taskHours);
    rows.add(new Row(kind, Autonomy.ANSWERS_ONLY, Duration.ofMinutes(answers), task));
    rows.add(new Row(kind, Autonomy.ACTS_WITH_CONFIRMATION, Duration.ofMinutes(confirms), task));
    rows.add(new Row(kind, Autonomy.ACTS_ALONE, Duration.ofMinutes(alone), task));
  }

  private static Row row(List<Row> rows, IdentityKind kind, Autonomy autonomy) {
    return rows.stream()
        .filter(row -> row.kind() == kind && row.autonomy() == autonomy)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no lifetimes for " + kind.word() + " that " + autonomy.word()));
  }
}
