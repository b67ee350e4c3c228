package dev.remit.server.evidence;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.evidence.DeploymentBundle;
import dev.remit.kernel.evidence.LogEvidence;
import dev.remit.kernel.evidence.OpenedBody;
import dev.remit.kernel.evidence.Redaction;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.evidence.Snapshot;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerHistory;
import dev.remit.server.ledger.LedgerHistory.Kept;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import dev.remit.server.tokens.Task;
import dev.remit.server.tokens.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Makes an evidence bundle. This file is the whole path: find what the question is about, take its
/// entries, add what they say was declared and, if asked, what was sent, prove them, and record
/// that somebody took them.
final class EvidenceExport {
  /// Entries are recorded soon after what they tell of; further apart than this they are not looked
  /// for.
  static final Duration SLACK = Duration.ofMinutes(15);

  private final SeenLogs logs;
  private final Ledger ledger;
  private final Registry registry;
  private final Tasks tasks;
  private final EvidenceLimits limits;

  EvidenceExport(
      SeenLogs logs, Ledger ledger, Registry registry, Tasks tasks, EvidenceLimits limits) {
    this.logs = logs;
    this.ledger = ledger;
    this.registry = registry;
    this.tasks = tasks;
    this.limits = limits;
  }

  /// What comes of it.
  sealed interface Made {

    /// The bundle, packed.
    ///
    /// @param zip its bytes
    /// @param name what to call the file
    @SuppressWarnings("ArrayRecordComponent") // sent once, never compared
    record Ready(byte[] zip, String name, Digest digest) implements Made {}

    /// The registry or the tasks know no such thing.
    record NothingOfThatName() implements Made {}

    /// The period ends before it begins, or nothing was recorded yet.
    record NoPeriod(String why) implements Made {}

    /// More entries, or longer bodies, than one bundle takes.
    record TooMuch(EvidenceLimits limits) implements Made {}

    /// No checkpoint of that size of the root log was kept.
    record NoCheckpoint(long size) implements Made {}

    /// Nobody keeps a root log yet.
    record NoRootLog() implements Made {}
  }

  Made make(EvidenceQuestion question, PersonName by, Instant now) {
    var about = about(question);
    if (about.isEmpty()) {
      return new Made.NothingOfThatName();
    }
    return switch (logs.at(question.size())) {
      case SeenLogs.At.NoRootLog() -> new Made.NoRootLog();
      case SeenLogs.At.NotKept(var size) -> new Made.NoCheckpoint(size);
      case SeenLogs.At.Known(var moment) -> make(question, about.get(), moment, by, now);
    };
  }

  private Made make(
      EvidenceQuestion question, About about, SeenLogs.Moment moment, PersonName by, Instant now) {
    var from = question.from().or(about::begins).orElseGet(() -> beginning(moment));
    var to = question.to().orElse(now);
    if (!from.isBefore(to)) {
      return new Made.NoPeriod("it ends at " + to + " and begins at " + from);
    }
    var scope = new Scope(question.kind(), about.subject(), from, to, related(about));
    return bundle(question, scope, moment)
        .<Made>map(zip -> ready(zip, question, scope, by, now))
        .orElseGet(() -> new Made.TooMuch(limits));
  }

  /// What the question's name stands for.
  private record About(
      String subject,
      WorkflowName workflow,
      Optional<IdentityName> identity,
      Optional<Instant> begins) {}

  private Optional<About> about(EvidenceQuestion question) {
    return switch (question.kind()) {
      case WORKFLOW -> workflow(question.name());
      case IDENTITY -> identity(question.name());
      case TASK -> tasks.find(new TaskId(question.name())).map(EvidenceExport::task);
    };
  }

  private Optional<About> workflow(String name) {
    var workflow = new WorkflowName(name);
    return registry
        .ever(new Ref(Kind.WORKFLOW, name))
        .map(_ -> new About(name, workflow, Optional.empty(), Optional.empty()));
  }

  private Optional<About> identity(String name) {
    return registry
        .ever(new Ref(Kind.IDENTITY, name))
        .map(declared -> (dev.remit.server.registry.Identity) declared)
        .map(identity ->
            new About(
                identity.spiffeId().value(),
                identity.workflow(),
                Optional.of(identity.name()),
                Optional.empty()));
  }

  private static About task(Task task) {
    return new About(
        task.id().value(),
        task.workflow(),
        Optional.of(task.identity()),
        Optional.of(task.startedAt().minus(SLACK)));
  }

  private SortedSet<String> related(About about) {
    return registry.around(about.workflow(), about.identity()).stream()
        .map(Ref::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Instant beginning(SeenLogs.Moment moment) {
    return moment.each().stream()
        .map(log -> log.history().iterator(0, 1).next().at())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private Optional<byte[]> bundle(EvidenceQuestion question, Scope scope, SeenLogs.Moment moment) {
    var taken = new Gathering(scope, moment.each(), limits.entriesMax()).entries();
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    var bytes = new AtomicLong();
    var parts = new ArrayList<LogEvidence>();
    for (var log : moment.each()) {
      var entries = taken.get().getOrDefault(log.name(), List.of());
      parts.add(part(log, entries, question.opened(), bytes));
    }
    if (bytes.get() > limits.bodyBytesMax()) {
      return Optional.empty();
    }
    var all = taken.get().values().stream().flatMap(List::stream).toList();
    var bundle =
        new DeploymentBundle(scope, root(moment), parts, logs.logs().keys(), declared(all));
    return Optional.of(Zip.of(bundle.parts()));
  }

  private static LogEvidence root(SeenLogs.Moment moment) {
    long size = Checkpoint.parse(moment.note().text()).size();
    return new LogEvidence(
        LedgerConfig.ROOT,
        moment.note(),
        moment.root().timestamp(size).orElseGet(() -> new byte[0]),
        moment.told(),
        moment.root().proof(size, moment.told()),
        List.of(),
        List.of());
  }

  private LogEvidence part(
      SeenLogs.Log log, List<RecordedEntry> entries, boolean opened, AtomicLong bytes) {
    var bodies = new ArrayList<OpenedBody>();
    var redactions = new ArrayList<Redaction>();
    sort(log.history(), entries, opened, bytes, bodies, redactions);
    return new LogEvidence(
        log.name(),
        log.note(),
        log.history().timestamp(log.size()).orElseGet(() -> new byte[0]),
        entries,
        log.history().proof(log.size(), entries),
        bodies,
        redactions);
  }

  private List<Snapshot> declared(List<RecordedEntry> entries) {
    var snapshots = new ArrayList<Snapshot>();
    for (var entry : entries) {
      if (entry.type() == EntryType.REGISTRY_CHANGED && entry.text("after").isPresent()) {
        var kind = entry.text("kind").flatMap(Kind::parse).orElseThrow();
        var name = entry.text("name").orElseThrow();
        long revision = entry.number("revision");
        // A row that somebody removed is left out here, and the bundle's reader is told so.
        registry
            .revision(new Ref(kind, name), revision)
            .ifPresent(spec -> snapshots.add(new Snapshot(kind.noun(), name, revision, spec)));
      }
    }
    return snapshots;
  }

  /// Puts each body where it belongs; none any more once they are too much for one bundle.
  private void sort(
      LedgerHistory history,
      List<RecordedEntry> entries,
      boolean opened,
      AtomicLong bytes,
      List<OpenedBody> bodies,
      List<Redaction> redactions) {
    history.bodies(
        entries,
        opened,
        body -> {
          long index = body.entry().index();
          switch (body.kept()) {
            case Kept.Salted(var salt, var value) -> {
              if (bytes.addAndGet(value.length) <= limits.bodyBytesMax()) {
                bodies.add(new OpenedBody(index, body.name(), salt, value));
              }
            }
            case Kept.Closed() ->
                redactions.add(new Redaction(index, body.name(), Redaction.WITHHELD));
            case Kept.Erased() ->
                redactions.add(new Redaction(index, body.name(), Redaction.ERASED));
            case Kept.Missing() ->
                redactions.add(new Redaction(index, body.name(), Redaction.MISSING));
          }
        });
  }

  private Made ready(
      byte[] zip, EvidenceQuestion question, Scope scope, PersonName by, Instant now) {
    var digest = Digest.of(zip);
    ledger.append(
        Entry.of(EntryType.EVIDENCE_EXPORTED, now)
            .with("scope", scope.kind().word())
            .with("subject", scope.subject())
            .with("from", scope.from())
            .with("to", scope.to())
            .with("opened", question.opened())
            .with("bundle", digest)
            .with("by", by.value()));
    return new Made.Ready(zip, question.kind().word() + "-" + question.name() + ".zip", digest);
  }
}
