package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;

/// How risk is weighed: points that add up to a score of 100 at most.
public record RiskSection(
    @Setting(value = "30", says = "for data of sensitivity 100; less sensitive in proportion")
        int dataPoints,
    @Setting(
            value = "30",
            says =
                "for tools that show secrets or run code; 5/6 of it for what destroys or reaches"
                    + " a cloud API, half for tickets, a third for other changes")
        int effectPoints,
    @Setting(value = "5", says = "more where a side effect is in production") int productionPoints,
    @Setting(value = "15", says = "for acting alone; a third of it for acting when confirmed")
        int autonomyPoints,
    @Setting(
            value = "15",
            says =
                "for a model that is beta or that nobody has declared; 5/3 of it when withdrawn, a"
                    + " third when deprecated")
        int modelPoints,
    @Setting(
            value = "10",
            says =
                "for each two of: unstable model, grant of more than it names, secret in several"
                    + " places")
        int compoundPoints,
    @Setting(value = "40", says = "sensitivity from which data makes the risk moderate at least")
        int sensitiveFrom,
    @Setting(value = "20", says = "tools in one grant beyond which it is more than a task needs")
        int broadTools,
    @Setting(value = "25", says = "score from which the risk is moderate") int moderateFrom,
    @Setting(value = "50", says = "score from which it is high") int highFrom,
    @Setting(value = "75", says = "score from which it is critical") int criticalFrom) {
  public RiskSection {
    between("dataPoints", dataPoints, 0, 100);
    between("effectPoints", effectPoints, 0, 100);
    between("productionPoints", productionPoints, 0, 100);
    between("autonomyPoints", autonomyPoints, 0, 100);
    between("modelPoints", modelPoints, 0, 100);
    between("compoundPoints", compoundPoints, 0, 100);
    between("sensitiveFrom", sensitiveFrom, 1, 100);
    between("broadTools", broadTools, 1, 10_000);
    between("moderateFrom", moderateFrom, 1, 98);
    between("highFrom", highFrom, moderateFrom + 1, 99);
    between("criticalFrom", criticalFrom, highFrom + 1, 100);
  }
}
