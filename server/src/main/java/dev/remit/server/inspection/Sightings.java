package dev.remit.server.inspection;

import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SecretKind;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.Word;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.findings.Findings;
import dev.remit.server.store.Database;
import dev.remit.server.store.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Notes what was seen: a finding for whoever must act, and of each canary where it was.
///
/// Who and where, never the secret. A canary is noted, durably, before this returns and each time,
/// so that what is asked afterwards misses none; another secret at most once in [#QUIET] for the
/// same place, since some systems pass tokens in every call.
public final class Sightings {
  static final Duration QUIET = Duration.ofMinutes(10);
  private static final int QUIET_MAX = 10_000;
  private static final int LIST_MAX = 1_000;

  private static final String SELECT =
      "SELECT canary, task, identity, flow, target, decision, seen_at FROM canary_sighting";

  private final Database database;
  private final Findings findings;
  private final Canaries canaries;
  private final ConcurrentHashMap<String, Instant> raised = new ConcurrentHashMap<>();

  public Sightings(Database database, Findings findings, Canaries canaries) {
    this.database = database;
    this.findings = findings;
    this.canaries = canaries;
  }

  /// Notes what was found in `in`.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  public void note(Carrier in, Exposed exposed, Instant now) {
    exposed.found().stream()
        .map(one -> new Exposure(one.kind(), one.what(), 0, 0, one.isEncoded()))
        .distinct()
        .forEach(one -> note(in, one, now));
  }

  private void note(Carrier in, Exposure one, Instant now) {
    if (one.kind() == SecretKind.CANARY && one.what().startsWith("cny_")) {
      keep(new CanarySighting(new CanaryId(one.what()), in, now));
      findings.raise(canary(in, one), now);
    } else if (isNews(in, one, now)) {
      findings.raise(secret(in, one), now);
    }
  }

  private void keep(CanarySighting seen) {
    database.run(tx ->
        tx.update(
            """
            INSERT INTO canary_sighting (canary, task, identity, flow, target, decision, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            seen.canary().value(),
            seen.in().task().value(),
            seen.in().identity().value(),
            seen.in().flow().word(),
            seen.in().target(),
            seen.in().decision().value(),
            seen.at()));
  }

  /// Returns which canaries were seen in `task` from `since` on, the earliest first; at most 1,000.
  public List<CanarySighting> seen(TaskId task, Instant since) {
    return seen(" WHERE task = ? AND seen_at >= ?", task.value(), since);
  }

  /// Returns which canaries were seen in what `identity` did from `since` on, the earliest first;
  /// at most 1,000.
  public List<CanarySighting> seen(IdentityName identity, Instant since) {
    return seen(" WHERE identity = ? AND seen_at >= ?", identity.value(), since);
  }

  /// Returns where a canary was seen, the earliest first; at most 1,000.
  public List<CanarySighting> seen(CanaryId canary) {
    return seen(" WHERE canary = ? AND seen_at >= ?", canary.value(), Instant.EPOCH);
  }

  private List<CanarySighting> seen(String where, String of, Instant since) {
    return database.transact(tx ->
        tx.all(
            SELECT + where + " ORDER BY seen_at LIMIT ?",
            Sightings::sighting,
            of,
            since,
            LIST_MAX));
  }

  private static CanarySighting sighting(Row row) {
    return new CanarySighting(
        new CanaryId(row.text("canary")),
        new Carrier(
            Word.parse(Flow.class, row.text("flow")),
            new IdentityName(row.text("identity")),
            new TaskId(row.text("task")),
            row.text("target"),
            new DecisionId(row.text("decision"))),
        row.instant("seen_at"));
  }

  private boolean isNews(Carrier in, Exposure one, Instant now) {
    var key = one.kind() + " " + subject(in, one);
    var before = raised.get(key);
    if (before != null && before.plus(QUIET).isAfter(now)) {
      return false;
    }
    if (raised.size() >= QUIET_MAX) {
      raised.clear();
    }
    raised.put(key, now);
    return true;
  }

  private Finding.Sighting canary(Carrier in, Exposure one) {
    var known = canaries.find(new CanaryId(one.what()));
    var of =
        known
            .map(it -> ", planted at " + it.on().word() + " `" + it.name() + "`, of " + it.owner())
            .orElse("");
    return new Finding.Sighting(
        in.flow().leaves() ? "canary-carried" : "canary-read",
        subject(in, one),
        in.flow().leaves() ? Severity.HIGH : Severity.MEDIUM,
        "the canary " + one.what() + of + ", was in " + place(in, one),
        in.flow().leaves()
            ? "somebody made it carry off what it read: look at the task with `remit trace "
                + in.task()
                + "`, and stop it with `remit suspend identity "
                + in.identity()
                + "`"
            : "it read what waits for nobody: look at the task with `remit trace "
                + in.task()
                + "`",
        Role.SECURITY);
  }

  private static Finding.Sighting secret(Carrier in, Exposure one) {
    boolean certain = one.kind().isCertain();
    return new Finding.Sighting(
        "secret-exposed",
        subject(in, one),
        certain ? Severity.HIGH : in.flow().leaves() ? Severity.MEDIUM : Severity.LOW,
        "a secret was exposed through `"
            + in.target()
            + "`: "
            + one.what()
            + ", in "
            + place(in, one),
        one.kind() == SecretKind.STORED
            ? "replace it at its source and with `remit secret put " + one.what() + "`"
            : "have it replaced at its source; a policy can refuse it (`context.secrets`) or cut it"
                + " out (`@redact(\"secrets\")`)",
        Role.SECURITY);
  }

  private static String place(Carrier in, Exposure one) {
    return "the "
        + in.flow().word()
        + " of `"
        + in.target()
        + "` ("
        + one.kind().word()
        + (one.isEncoded() ? ", encoded" : "")
        + "), asked for by `"
        + in.identity()
        + "` in task "
        + in.task()
        + ", decision "
        + in.decision();
  }

  private static String subject(Carrier in, Exposure one) {
    return one.what() + " in " + in.flow().word() + " of " + in.target() + " by " + in.identity();
  }
}
