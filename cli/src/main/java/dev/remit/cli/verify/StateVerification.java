package dev.remit.cli.verify;

import dev.remit.cli.RemitClient;
import dev.remit.cli.offline.DirectoryFiles;
import dev.remit.cli.offline.LedgerAnswer;
import dev.remit.cli.offline.Verifier;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.EntryBundles;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.state.StateAudit;
import dev.remit.kernel.state.StateRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// Verifies that a server's tables are what its log says. This file is the whole path: take the
/// rows, take the log, verify the log, replay it against the rows.
///
/// Rows first: the log that is taken after them holds every entry that they rest on, and the rows
/// say how far to replay it. What happens on the server meanwhile makes no difference.
final class StateVerification {
  private final RemitClient server;
  private final Path directory;
  private final Verifier verifier;

  /// @param directory where to keep the rows and the log, empty
  /// @param verifier what verifies the log itself
  StateVerification(RemitClient server, Path directory, Verifier verifier) {
    this.server = server;
    this.directory = directory;
    this.verifier = verifier;
  }

  StateAnswer run(Instant now) {
    var state = StateFile.download(server, directory.resolve("state.ndjson"));
    new LedgerExport(server, directory).run();
    var files = new DirectoryFiles(directory);
    var ledger = verifier.export(directory);
    var checkpoint = ledger.report().checkpoint();
    if (!ledger.holds() || checkpoint.isEmpty()) {
      return StateAnswer.notCompared(ledger, "the ledger does not hold, so nothing it says counts");
    }
    var reason = whyNot(state, checkpoint.get());
    return reason
        .map(why -> StateAnswer.notCompared(ledger, why))
        .orElseGet(() -> compared(state, files, checkpoint.get(), ledger, now));
  }

  private static Optional<String> whyNot(StateFile state, Checkpoint checkpoint) {
    var logs = state.logs();
    var size = logs.get(checkpoint.origin());
    if (size == null) {
      return Optional.of("the rows are not those of the log `" + checkpoint.origin() + "`");
    }
    if (logs.size() > 1) {
      return Optional.of(
          "%d nodes have logs in this database (%s), and one log does not tell of all rows"
              .formatted(logs.size(), String.join(", ", logs.keySet())));
    }
    return size <= checkpoint.size()
        ? Optional.empty()
        : Optional.of(
            "the rows rest on %,d entries, and the log has only %,d"
                .formatted(size, checkpoint.size()));
  }

  private static StateAnswer compared(
      StateFile state,
      DirectoryFiles files,
      Checkpoint checkpoint,
      LedgerAnswer ledger,
      Instant now) {
    long size = state.logs().getOrDefault(checkpoint.origin(), 0L);
    var bundles = new EntryBundles(files, checkpoint.size());
    var source =
        new StateAudit.Source() {
          @Override
          public void entries(Consumer<RecordedEntry> each) {
            bundles.first(size, each);
          }

          @Override
          public void rows(Consumer<StateRow> each) {
            state.rows(each);
          }
        };
    return StateAnswer.compared(ledger, StateAudit.of(source, now));
  }
}
