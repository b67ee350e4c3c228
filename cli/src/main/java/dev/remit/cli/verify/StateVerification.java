package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.offline.DirectoryFiles;
import dev.remit.cli.offline.LedgerAnswer;
import dev.remit.cli.offline.Verifier;
import dev.remit.kernel.ledger.EntryBundles;
import dev.remit.kernel.ledger.LedgerFiles;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.RootCheck;
import dev.remit.kernel.state.MergedLogs;
import dev.remit.kernel.state.StateAudit;
import dev.remit.kernel.state.StateRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Verifies that a server's tables are what its logs say. This file is the whole path: take the
/// rows, take every log, verify each, hold them against the root log, and replay all of them
/// against the rows.
///
/// Rows first: the logs that are taken after them hold every entry that they rest on, and the rows
/// say how far to replay them. What happens on the servers meanwhile makes no difference.
final class StateVerification {
  private static final String ROOT = "root";

  private final RemitClient server;
  private final Path directory;
  private final Verifier verifier;

  /// @param directory where to keep the rows and the logs, empty
  /// @param verifier what verifies a log itself
  StateVerification(RemitClient server, Path directory, Verifier verifier) {
    this.server = server;
    this.directory = directory;
    this.verifier = verifier;
  }

  /// A log that was taken.
  ///
  /// @param size how many of its entries the rows rest on
  private record Taken(
      String name, String origin, long size, LedgerFiles files, LedgerAnswer said) {
    long length() {
      return said.report().checkpoint().orElseThrow().size();
    }

    Iterator<RecordedEntry> entries() {
      return new EntryBundles(files, length()).iterator(size);
    }
  }

  StateAnswer run(Instant now) {
    var state = StateFile.download(server, directory.resolve("state.ndjson"));
    var logs = state.logs().stream().map(this::taken).toList();
    var said = logs.stream().map(Taken::said).toList();
    var why = whyNot(logs);
    return why.isEmpty()
        ? StateAnswer.compared(said, StateAudit.of(source(state, logs), now))
        : StateAnswer.notCompared(said, why);
  }

  private Taken taken(StateFile.Log log) {
    try {
      var target = Files.createDirectories(directory.resolve(file(log.name())));
      new LedgerExport(server, "/v1/logs/" + Segment.of(log.name()), target).run();
      var files = new DirectoryFiles(target);
      return new Taken(log.name(), log.origin(), log.size(), files, verifier.export(target));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the log in a temporary directory", e);
    }
  }

  private static String file(String name) {
    if (!name.matches("[a-z0-9][a-z0-9.-]{0,62}")) {
      throw new CommandFailed(
          "the server tells of a log `" + name + "`, which no node can have", "check REMIT_ADDR");
    }
    return name;
  }

  /// Returns why nothing can be compared; empty when it can.
  private static String whyNot(List<Taken> logs) {
    for (var log : logs) {
      var checkpoint = log.said().report().checkpoint();
      if (!log.said().holds() || checkpoint.isEmpty()) {
        return "the log `" + log.origin() + "` does not hold, so nothing it says counts";
      }
      if (!checkpoint.get().origin().equals(log.origin())) {
        return "the rows are not those of the log `" + checkpoint.get().origin() + "`";
      }
      if (log.size() > log.length()) {
        return "the rows rest on %,d entries of `%s`, which has only %,d"
            .formatted(log.size(), log.origin(), log.length());
      }
    }
    return logs.isEmpty() ? "the server tells of no log" : "";
  }

  private static StateAudit.Source source(StateFile state, List<Taken> logs) {
    var merged =
        new MergedLogs(
            logs.stream().<Supplier<Iterator<RecordedEntry>>>map(log -> log::entries).toList());
    var byRoot = byRoot(logs);
    return new StateAudit.Source() {
      @Override
      public void entries(Consumer<RecordedEntry> each) {
        merged.entries(each);
      }

      @Override
      public List<String> disorder() {
        var all = new ArrayList<>(byRoot);
        all.addAll(merged.disorder());
        return all;
      }

      @Override
      public boolean isOfSeveralLogs() {
        return logs.stream().filter(log -> !log.name().equals(ROOT)).count() > 1;
      }

      @Override
      public void rows(Consumer<StateRow> each) {
        state.rows(each);
      }
    };
  }

  /// What the root log has seen and the logs do not say any more. Read up to the moment of the
  /// rows: what it saw later, of logs that were taken before, they need not hold.
  private static List<String> byRoot(List<Taken> logs) {
    var check = new RootCheck();
    var files = new TreeMap<String, LedgerFiles>();
    var sizes = new TreeMap<String, Long>();
    for (var log : logs) {
      if (log.name().equals(ROOT)) {
        log.entries().forEachRemaining(check::next);
      } else {
        files.put(log.origin(), log.files());
        sizes.put(log.origin(), log.length());
      }
    }
    return check.compare(files, sizes);
  }
}
