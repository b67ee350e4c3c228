package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// X.509-SVIDs that live for one task, and the authorities that sign them.
public record CertificatesSection(
    @Setting(
            value = "15m",
            says = "longest life of one; the ends of its task token and its task come first")
        Duration lifetimeMax,
    @Setting(value = "8", says = "most certificates that one task has at once") int perTaskMax,
    @Setting(value = "30d", says = "how long one authority signs before the next takes over")
        Duration rotateEvery,
    @Setting(value = "10m", says = "how long the next authority is in the bundle before it signs")
        Duration publishAhead,
    @Setting(
            value = "10m",
            says =
                "how long a list of revoked certificates is good; a new one is made when"
                    + " something is revoked, and by half of that")
        Duration listFor) {
  public CertificatesSection {
    between("lifetimeMax", lifetimeMax, Duration.ofMinutes(1), Duration.ofHours(1));
    between("perTaskMax", perTaskMax, 1, 1000);
    between("publishAhead", publishAhead, Duration.ofMinutes(6), Duration.ofDays(1));
    between("rotateEvery", rotateEvery, publishAhead.multipliedBy(2), Duration.ofDays(400));
    between("listFor", listFor, Duration.ofMinutes(1), Duration.ofDays(1));
  }
}
