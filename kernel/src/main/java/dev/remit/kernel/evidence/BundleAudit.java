package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.RecordedEntry;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Verifies an evidence bundle: every part against the manifest, every entry against the signed
/// root, what was declared and what was sent against the entries, and what is said about the
/// entries by saying it again.
///
/// Reads each part line by line; what grows with the bundle is a few hashes for each entry.
public final class BundleAudit {
  private final BundleParts bundle;
  private final LogKeys keys;
  private final Collection<X509Certificate> authorities;
  private final List<String> damages = new ArrayList<>();
  private final List<String> proved = new ArrayList<>();
  private final List<String> notProved = new ArrayList<>();
  private final DeclaredCheck declared = new DeclaredCheck();
  private final PartReader parts;

  private BundleAudit(BundleParts bundle, LogKeys keys, Collection<X509Certificate> authorities) {
    this.bundle = bundle;
    this.keys = keys;
    this.authorities = List.copyOf(authorities);
    this.parts = new PartReader(bundle, damages);
  }

  /// Verifies `bundle`.
  ///
  /// @param keys the log's public keys, from a source that the verifier trusts
  public static BundleReport of(BundleParts bundle, Collection<NoteKey> keys) {
    return of(bundle, LogKeys.of(keys), List.of());
  }

  /// Verifies `bundle` with keys of which it is known for which sizes each signs, and its timestamp
  /// if it has one.
  ///
  /// @param authorities certificates of those whose word about time the verifier takes
  public static BundleReport of(
      BundleParts bundle, LogKeys keys, Collection<X509Certificate> authorities) {
    return new BundleAudit(bundle, keys, authorities).run();
  }

  private BundleReport run() {
    try {
      return run(Manifest.read(bundle));
    } catch (IllegalArgumentException e) {
      damages.add("the part `" + BundleParts.MANIFEST + "` cannot be read: " + e.getMessage());
      return new BundleReport(
          Optional.empty(), Optional.empty(), 0, 0, 0, List.of(), damages, List.of());
    }
  }

  private BundleReport run(Manifest manifest) {
    boolean several = manifest.isOfSeveral();
    var answer = new Answer(manifest.scope(), several);
    var completeness = new Completeness(manifest.scope(), several);
    var logs =
        manifest.logs().stream()
            .map(listed -> new LogPart(listed, bundle, damages, proved))
            .toList();
    var told = several ? logs.subList(1, logs.size()) : logs;

    manifest.check(bundle, damages);
    logs.forEach(log -> log.readCheckpoint(keys));
    logs.forEach(log -> log.readTimestamp(authorities, notProved));
    parts.lines(BundleParts.DECLARED, line -> declare(Snapshot.of(line), answer));
    var judged = new Judged(new Selection(manifest.scope()), declared, completeness, answer);
    if (several) {
      underRoot(logs.getFirst(), told);
      inTime(told, judged);
    } else {
      told.getFirst().readEntries(entry -> judged.next(told.getFirst(), entry));
    }
    logs.forEach(LogPart::countEntries);
    logs.forEach(LogPart::prove);
    declared.compare(damages, proved);
    logs.forEach(LogPart::readBodies);
    sayAgain(told, answer, completeness);
    return report(manifest, logs, told, completeness);
  }

  /// What is made of the entries, one after the other.
  private record Judged(
      Selection selection, DeclaredCheck declared, Completeness completeness, Answer answer) {
    void next(LogPart log, RecordedEntry entry) {
      if (!selection.takes(entry)) {
        log.doesNotBelong(entry);
      }
      declared.add(entry);
      completeness.add(entry);
      answer.add(entry);
    }
  }

  private record Placed(LogPart log, RecordedEntry entry) {}

  /// Reads the entries of all logs, and judges them in the one order.
  private void inTime(List<LogPart> logs, Judged judged) {
    var all = new ArrayList<Iterator<Placed>>();
    for (var log : logs) {
      var entries = new ArrayList<Placed>();
      log.readEntries(entry -> entries.add(new Placed(log, entry)));
      all.add(entries.iterator());
    }
    new InTime<>(all, Placed::entry)
        .forEachRemaining(placed -> {
          try {
            judged.next(placed.log(), placed.entry());
          } catch (IllegalArgumentException e) {
            damages.add("`" + placed.log().listed().name() + "`: " + e.getMessage());
          }
        });
  }

  private void underRoot(LogPart root, List<LogPart> logs) {
    var check = new RootPart();
    root.readEntries(check::next);
    root.checkpoint()
        .ifPresent(checkpoint -> check.compare(checkpoint.size(), logs, damages, proved));
  }

  private void declare(Snapshot snapshot, Answer answer) {
    declared.add(snapshot);
    answer.add(snapshot);
  }

  private void sayAgain(List<LogPart> logs, Answer answer, Completeness completeness) {
    var checkpoints = logs.stream().flatMap(log -> log.checkpoint().stream()).toList();
    if (checkpoints.size() < logs.size()) {
      return;
    }
    if (!parts.text(BundleParts.COMPLETENESS).equals(completeness.text())) {
      damages.add("`" + BundleParts.COMPLETENESS + "` is not what the entries say");
    }
    if (!parts.text(BundleParts.ANSWER).equals(answer.text(checkpoints, completeness))) {
      damages.add("`" + BundleParts.ANSWER + "` is not what the entries say");
    }
    proved.add("`" + BundleParts.ANSWER + "` says what the entries say");
  }

  private BundleReport report(
      Manifest manifest, List<LogPart> logs, List<LogPart> told, Completeness completeness) {
    logs.forEach(log -> log.untold(notProved));
    notProved.add(
        "that no entry was left out (export the whole log for that), anything newer than the"
            + " checkpoint, and calls that never passed through Remit");
    boolean believed = logs.stream().allMatch(log -> log.checkpoint().isPresent());
    return new BundleReport(
        Optional.of(manifest.scope()),
        believed ? logs.getFirst().checkpoint() : Optional.empty(),
        told.stream().mapToLong(LogPart::entries).sum(),
        completeness.figure(),
        completeness.gaps().size(),
        damages.isEmpty() ? proved : List.of(),
        damages,
        notProved);
  }
}
