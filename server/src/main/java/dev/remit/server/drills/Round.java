package dev.remit.server.drills;

import dev.remit.server.drills.DrillConfig.Canary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One rehearsed suspension. The canary starts to work everywhere it can, somebody says stop, and
/// each part is watched from where an agent would see it until it has ended.
final class Round {
  static final String TOKENS = "tokens";
  static final String STREAMS = "streams";
  static final String SESSIONS = "sessions";

  private static final Duration PAUSE = Duration.ofMillis(2);
  private static final int SESSION_CHECK_SECONDS = 2;

  private final DrillConfig config;
  private final Canary canary;
  private final CanaryAgent agent;
  private final InstantSource clock;

  Round(DrillConfig config, Canary canary, CanaryAgent agent, InstantSource clock) {
    this.config = config;
    this.canary = canary;
    this.agent = agent;
    this.clock = clock;
  }

  /// @param stop says stop
  /// @return how long each part took from then on
  /// @throws DrillFailed when something does not begin, or does not end in time
  Map<String, List<Duration>> run(Runnable stop) {
    var sessions = new ArrayList<Connection>();
    var streams = new ArrayList<InputStream>();
    try {
      var token = begin(sessions, streams);
      return ends(token, sessions, streams, stop);
    } finally {
      sessions.forEach(Round::closed);
      streams.forEach(Round::closed);
    }
  }

  private String begin(List<Connection> sessions, List<InputStream> streams) {
    var first = config.nodes().getFirst();
    var token = agent.token(first, canary.resource(), clock.instant());
    for (var node : config.nodes()) {
      if (!agent.isAccepted(node, canary.resource(), token)) {
        throw new DrillFailed(node + " refuses the canary's fresh token");
      }
      agent.stream(node, canary.resource(), token).ifPresent(streams::add);
    }
    for (var database : canary.databases()) {
      var its = agent.token(first, database.resource(), clock.instant());
      sessions.add(agent.session(first, database, its));
    }
    return token;
  }

  private Map<String, List<Duration>> ends(
      String token, List<Connection> sessions, List<InputStream> streams, Runnable stop) {
    var took = new TreeMap<String, List<Future<Duration>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long said = System.nanoTime();
      stop.run();
      for (var node : config.nodes()) {
        add(took, TOKENS, threads.submit(() -> refused(node, token, said)));
      }
      for (var stream : streams) {
        add(took, STREAMS, threads.submit(() -> cut(stream, said)));
      }
      for (var session : sessions) {
        add(took, SESSIONS, threads.submit(() -> gone(session, said)));
      }
      var ended = new TreeMap<String, List<Duration>>();
      try {
        took.forEach((part, all) -> ended.put(part, awaited(part, all, said)));
      } finally {
        threads.shutdownNow();
      }
      return ended;
    }
  }

  private static void add(
      Map<String, List<Future<Duration>>> took, String part, Future<Duration> one) {
    took.computeIfAbsent(part, _ -> new ArrayList<>()).add(one);
  }

  private List<Duration> awaited(String part, List<Future<Duration>> all, long said) {
    var ended = new ArrayList<Duration>();
    for (var one : all) {
      long left = said + config.within().toNanos() - System.nanoTime();
      try {
        ended.add(one.get(Math.max(0, left), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        throw new DrillFailed(part + " had not ended after " + config.within(), e);
      } catch (ExecutionException e) {
        throw new DrillFailed(part + " could not be watched: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DrillFailed("interrupted", e);
      }
    }
    return ended;
  }

  private Duration refused(URI node, String token, long said) throws InterruptedException {
    while (agent.isAccepted(node, canary.resource(), token)) {
      Thread.sleep(PAUSE);
    }
    return since(said);
  }

  private static Duration cut(InputStream stream, long said) {
    try {
      stream.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // Broken off is cut as well.
      return since(said);
    }
    return since(said);
  }

  private static Duration gone(Connection session, long said)
      throws InterruptedException, SQLException {
    while (session.isValid(SESSION_CHECK_SECONDS)) {
      Thread.sleep(PAUSE);
    }
    return since(said);
  }

  private static Duration since(long said) {
    return Duration.ofNanos(System.nanoTime() - said);
  }

  private static void closed(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      // It has been ended from the other side, which is what was wanted.
    }
  }
}
