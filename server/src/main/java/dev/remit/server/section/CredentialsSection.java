package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;

/// Credentials of databases that live for one task.
public record CredentialsSection(
    @Setting(value = "4", says = "most credentials that one task has at once") int perTaskMax,
    @Setting(value = "1h", says = "longest life of one; the end of its task comes first")
        Duration lifetimeMax,
    @Setting(
            value = "5s",
            says = "longest wait for a connection to, and a statement at, a database")
        Duration within,
    @Setting(
            value = "1m",
            says = "how long taking one away may fail before it is an alarm; it is tried on")
        Duration stuckAfter,
    @Setting(
            value = "1m",
            says = "how often each database is looked at for roles that should not be there")
        Duration sweepEvery,
    @Setting(value = "8", says = "most credentials that one node takes away at the same time")
        int revocationsAtOnce,
    @Setting(value = "16", says = "most connections of one node to one database")
        int connectionsMax,
    @Setting(
            value = "5s",
            says = "how long the answer to completing a task waits for its credentials to be gone")
        Duration completionWait,
    @Setting(value = "1m", says = "how long a link that shows a secret once is good")
        Duration linkFor) {
  public CredentialsSection {
    between("linkFor", linkFor, Duration.ofSeconds(5), Duration.ofMinutes(10));
    between("perTaskMax", perTaskMax, 1, 1000);
    between("lifetimeMax", lifetimeMax, Duration.ofSeconds(10), Duration.ofDays(7));
    between("within", within, Duration.ofSeconds(1), Duration.ofMinutes(1));
    between("stuckAfter", stuckAfter, Duration.ofSeconds(1), Duration.ofDays(1));
    between("sweepEvery", sweepEvery, Duration.ofSeconds(1), Duration.ofHours(1));
    between("revocationsAtOnce", revocationsAtOnce, 1, 256);
    between("connectionsMax", connectionsMax, 2, 256);
    between("completionWait", completionWait, Duration.ZERO, Duration.ofSeconds(20));
  }
}
