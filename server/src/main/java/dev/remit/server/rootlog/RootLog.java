package dev.remit.server.rootlog;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Finding.Severity;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.FencedException;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LogLook;
import dev.remit.server.ledger.LogLook.Shown;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.ledger.RootFence;
import dev.remit.server.ledger.StoredLog;
import dev.remit.server.witness.Witnesses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/// Keeps the root log, if it is this node's turn. This file is the whole story of a round: take the
/// fence if its keeper is gone, look at every log, record what each has come to, and raise what
/// does not continue what was seen.
///
/// One thread, beside the path of calls; nothing waits for it. A node that does not keep the root
/// log only looks whether somebody else still does.
public final class RootLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RootLog.class);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final RootLogConfig config;
  private final RootFence fence;
  private final NodeLogs logs;
  private final LogLook look;
  private final Ledger own;
  private final Findings findings;
  private final Function<Ledger, Witnesses> witnessing;
  private final InstantSource clock;
  private final Semaphore wake = new Semaphore(0);
  private final Map<String, Watched> watched = new TreeMap<>();
  private final Thread thread;

  private Optional<Ledger> root = Optional.empty();
  private Optional<Witnesses> witnesses = Optional.empty();
  private volatile boolean closing;
  private boolean contested;
  private String trouble = "";

  private RootLog(
      RootLogConfig config,
      RootFence fence,
      NodeLogs logs,
      LogLook look,
      Ledger own,
      Findings findings,
      Function<Ledger, Witnesses> witnessing,
      InstantSource clock) {
    this.config = config;
    this.fence = fence;
    this.logs = logs;
    this.look = look;
    this.own = own;
    this.findings = findings;
    this.witnessing = witnessing;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("root-log").unstarted(this::run);
  }

  /// Begins, and goes on until it is closed.
  ///
  /// @param own the log of this node, in which findings are recorded
  /// @param witnessing brings checkpoints of the root log to its witnesses, as long as this node
  ///   keeps it
  public static RootLog start(
      RootLogConfig config,
      RootFence fence,
      NodeLogs logs,
      LogLook look,
      Ledger own,
      Findings findings,
      Function<Ledger, Witnesses> witnessing,
      InstantSource clock) {
    var kept = new RootLog(config, fence, logs, look, own, findings, witnessing, clock);
    kept.thread.start();
    return kept;
  }

  /// Seals the root log if this node keeps it, so that another one need not wait to take over.
  @Override
  public void close() {
    closing = true;
    wake.release();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the root log tells of everything that is recorded now, at most as long as two
  /// rounds take. Looks at once if this node keeps it.
  public void catchUp() {
    var now = logs.all().stream().filter(log -> !log.isRoot() && log.size() > 0).toList();
    long deadline = System.nanoTime() + config.every().plus(SLACK).toNanos();
    while (!isCaughtUp(now) && System.nanoTime() < deadline) {
      wake.release();
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean isCaughtUp(List<StoredLog> then) {
    var kept = logs.root();
    if (kept.isEmpty()) {
      return false;
    }
    var seen = logs.seen(kept.get(), Long.MAX_VALUE);
    return then.stream()
        .allMatch(log ->
            Optional.ofNullable(seen.get(log.origin()))
                .filter(entry -> entry.number("size") >= log.size())
                .isPresent());
  }

  private void run() {
    try {
      while (!closing) {
        try {
          round();
          trouble = "";
        } catch (FencedException e) {
          LOG.info("another node keeps the root log now");
          drop();
        } catch (RuntimeException e) {
          troubled(e);
        }
        wake.tryAcquire(config.every().toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
      }
      root.ifPresent(this::leave);
    } catch (InterruptedException e) {
      // Only this class knows its thread, and it closes by a flag.
      throw new IllegalStateException("the keeper of the root log was interrupted", e);
    } catch (RuntimeException e) {
      LOG.warn("the root log ends without a seal: {}", e.getMessage());
    }
  }

  private void round() {
    if (own.isFenced()) {
      contest();
      return;
    }
    if (root.isEmpty() && fence.isFree(config.takeOverAfter())) {
      take();
    }
    if (root.isPresent()) {
      keep(root.get());
    }
  }

  /// Another process has our log: nothing can be recorded here any more, not even that.
  private void contest() {
    root.ifPresent(this::leave);
    if (!contested) {
      fence.contest(own);
      contested = true;
    }
  }

  private void take() {
    var taken = fence.take();
    root = Optional.of(taken);
    watched.clear();
    for (var origin : fence.everSeen(taken)) {
      var seen = fence.lastSeen(taken, origin).orElseThrow();
      watched.put(origin, Watched.after(seen, clock.instant()));
    }
    witnesses = Optional.of(witnessing.apply(taken));
    LOG.info("this node keeps the root log `{}` now", taken.origin());
  }

  private void keep(Ledger kept) {
    fence.renew(kept);
    var now = clock.instant();
    var stored = new TreeMap<String, StoredLog>();
    logs.all().stream().filter(log -> !log.isRoot()).forEach(log -> stored.put(log.origin(), log));
    stored.keySet().forEach(origin -> watched.computeIfAbsent(origin, _ -> Watched.anew(now)));

    var seen = new ArrayList<Seen>();
    watched.forEach((origin, known) -> {
      var log = stored.get(origin);
      if (log == null) {
        gone(origin, known, now);
      } else if (log.size() > 0) {
        looked(log, known, now).ifPresent(seen::add);
      }
    });
    record(kept, seen, now);
    for (var contest : fence.contests()) {
      raise(contest, now);
      fence.told(contest);
    }
  }

  /// A log that has come further.
  private record Seen(StoredLog log, Watched known, Shown.Continues shown) {}

  private Optional<Seen> looked(StoredLog log, Watched known, Instant now) {
    return switch (look.look(log, known.known())) {
      case Shown.Continues shown when known.isNews(shown) ->
          Optional.of(new Seen(log, known, shown));
      case Shown.Continues _ -> {
        if (known.isSilent(now, config.silentAfter())) {
          silent(log, known, now);
        }
        yield Optional.empty();
      }
      case Shown.SetBack(var before, var size) -> {
        setBack(log.origin(), known, before, size, now);
        yield Optional.empty();
      }
      case Shown.Forked(var why) -> {
        forked(log.origin(), known, why, now);
        yield Optional.empty();
      }
      case Shown.NotSigned(var why) -> {
        forked(log.origin(), known, why, now);
        yield Optional.empty();
      }
    };
  }

  /// Remembered only once it is recorded: what a lost commit told of is told again.
  private void record(Ledger kept, List<Seen> seen, Instant now) {
    if (seen.isEmpty()) {
      return;
    }
    var origins = JsonNodeFactory.instance.arrayNode();
    watched.keySet().forEach(origins::add);
    var set = CanonicalJson.digest(origins);
    seen.forEach(one -> logs.keep(one.log()));
    kept.appendAll(
        seen.stream()
            .map(one -> new Ledger.Draft(entry(one, origins.size(), set, now), List.of()))
            .toList());
    seen.forEach(one -> one.known().saw(one.shown(), now));
  }

  private static Entry entry(Seen seen, int logs, Digest set, Instant now) {
    var shown = seen.shown();
    return Entry.of(EntryType.LOG_SEEN, now)
        .with("of", seen.log().origin())
        .with("node", seen.log().node())
        .with("size", shown.checkpoint().size())
        .with("root", shown.checkpoint().root().base64())
        .with("logEpoch", shown.last().producer().epoch())
        .with("checkpoint", Digest.of(shown.note().toString()))
        .with("key", shown.key().toString())
        .with("last", shown.last().type().word())
        .with("lastAt", shown.last().at())
        .with("logs", logs)
        .with("set", set);
  }

  private void silent(StoredLog log, Watched known, Instant now) {
    raise(
        known,
        "log-silent",
        log.origin(),
        Severity.HIGH,
        "node `%s` has recorded nothing since %s, and did not say that it would stop"
            .formatted(log.node(), known.moved()),
        "look whether the node runs; what it let through meanwhile is nowhere recorded",
        now);
  }

  private void setBack(String origin, Watched known, long before, long size, Instant now) {
    raise(
        known,
        "log-set-back",
        origin,
        Severity.HIGH,
        "the root log has seen %,d entries of `%s`, which has %,d".formatted(before, origin, size),
        "rows were deleted or an older copy restored: stop, restore the newest copy, or begin a"
            + " log under another `ledger.origin` and say what was lost",
        now);
  }

  private void gone(String origin, Watched known, Instant now) {
    long before = known.known().map(LogLook.Known::size).orElse(0L);
    setBack(origin, known, before, 0, now);
  }

  private void forked(String origin, Watched known, String why, Instant now) {
    raise(
        known,
        "log-forked",
        origin,
        Severity.HIGH,
        "`%s` does not continue what the root log has seen of it: %s".formatted(origin, why),
        "its tables were edited or restored: compare them with receipts and exports from before"
            + " (`remit verify --held`), and begin a log under another `ledger.origin`",
        now);
  }

  private void raise(RootFence.Contest contest, Instant now) {
    findings.raise(
        new Finding.Sighting(
            "log-contested",
            contest.origin(),
            Severity.MEDIUM,
            "two processes ran as node `%s`: one was still there when the other had taken the log"
                    .formatted(contest.node())
                + " over from its epoch %,d".formatted(contest.epoch()),
            "give each process a `node` of its own, or stop the old one before the new one starts",
            Role.SECURITY),
        now);
  }

  /// Once, until the log continues again; the finding itself stays until somebody closes it.
  private void raise(
      Watched known,
      String kind,
      String origin,
      Severity severity,
      String what,
      String remedy,
      Instant now) {
    if (!known.trouble().equals(kind)) {
      findings.raise(
          new Finding.Sighting(kind, origin, severity, what, remedy, Role.SECURITY), now);
      known.troubled(kind);
    }
  }

  private void leave(Ledger kept) {
    unwitnessed();
    kept.close();
    fence.leave(kept);
    root = Optional.empty();
  }

  private void drop() {
    unwitnessed();
    root.ifPresent(Ledger::close);
    root = Optional.empty();
  }

  private void unwitnessed() {
    witnesses.ifPresent(Witnesses::close);
    witnesses = Optional.empty();
  }

  private void troubled(RuntimeException e) {
    if (root.isPresent() && root.get().isFenced()) {
      drop();
    }
    var why = String.valueOf(e.getMessage());
    if (!why.equals(trouble)) {
      LOG.warn("the root log was not kept in this round: {}", why);
      trouble = why;
    }
  }
}
