package dev.remit.kernel.state;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.TestLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A server's tables and its log, changed together by a random history.
///
/// The rows are written as the tables would hold them, without the code under test.
final class TestState implements StateAudit.Source {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  final TreeMap<String, StateRow> rows = new TreeMap<>();
  private final TestLog log = new TestLog();
  private final Random random;
  private int n;

  TestState(Random random, int changes) {
    this.random = random;
    log.boot();
    for (int i = 0; i < changes; i++) {
      change();
    }
  }

  @Override
  public void entries(Consumer<RecordedEntry> each) {
    for (int i = 0; i < log.entries.size(); i++) {
      each.accept(RecordedEntry.parse(i, log.entries.get(i)));
    }
  }

  @Override
  public void rows(Consumer<StateRow> each) {
    rows.values().forEach(each);
  }

  StateRow row(String name) {
    return Optional.ofNullable(rows.get(name)).orElseThrow();
  }

  private Instant at() {
    return NOW.plusMillis(n);
  }

  void change() {
    n++;
    switch (random.nextInt(7)) {
      case 0 -> standing("identity", "agent-" + random.nextInt(5));
      case 1 -> secret("secret-" + random.nextInt(5));
      case 2 -> operator("person-" + random.nextInt(3));
      case 3 -> approval();
      case 4 -> task();
      case 5 -> declared("grant", "grant-" + random.nextInt(5));
      default -> withdrawn();
    }
  }

  private void put(StateRow row) {
    rows.put(row.kind() + " " + row.key(), row);
  }

  private void standing(String kind, String name) {
    boolean suspended = random.nextBoolean();
    log.add(
        Entry.of(EntryType.STANDING_CHANGED, at())
            .with("kind", kind)
            .with("name", name)
            .with("suspended", suspended)
            .with("standingEpoch", n)
            .with("reason", "because")
            .with("by", "anna")
            .with("seq", n));
    put(
        StateRow.of("standing", kind + "/" + name)
            .with("suspended", suspended)
            .with("epoch", n)
            .with("reason", "because")
            .with("by", "anna")
            .with("since", at())
            .with("seq", n));
  }

  private void secret(String name) {
    var entry = Entry.of(EntryType.SECRET_STORED, at()).with("secret", name).with("by", "anna");
    if (rows.containsKey("secret " + name) && random.nextBoolean()) {
      log.add(entry.with("deleted", true));
      rows.remove("secret " + name);
      return;
    }
    var sealed = Digest.of("value " + n);
    log.add(entry.with("rotate", false).with("sealed", sealed));
    put(
        StateRow.of("secret", name)
            .with("rotate", false)
            .with("by", "anna")
            .with("at", at())
            .with("sealed", sealed.value()));
  }

  private void operator(String person) {
    if (random.nextInt(4) == 0) {
      log.add(
          Entry.of(EntryType.TOKEN_REVOKED, at())
              .with("person", person)
              .with("by", "anna")
              .with("count", 1));
      rows.values()
          .removeIf(row ->
              row.kind().equals("operator-token")
                  && row.column("person").orElseThrow().asString().equals(person));
      return;
    }
    var token = Digest.of("token " + n);
    log.add(
        Entry.of(EntryType.OPERATOR_ISSUED, at())
            .with("token", token)
            .with("person", person)
            .with("by", "anna")
            .with("expiresAt", "never"));
    put(
        StateRow.of("operator-token", token.value())
            .with("person", person)
            .with("by", "anna")
            .with("at", at())
            .with("expiresAt", "never"));
  }

  private void approval() {
    var id = "apr_" + n;
    var opened = at();
    log.add(
        Entry.of(EntryType.APPROVAL_OPENED, opened)
            .with("approval", id)
            .with("of", "dec_" + n)
            .with("because", List.of("big-payments"))
            .with("lapsesAt", opened.plusSeconds(60)));
    var row =
        StateRow.of("approval", id)
            .with("state", "pending")
            .with("of", "dec_" + n)
            .with("because", List.of("big-payments"))
            .with("openedAt", opened)
            .with("lapsesAt", opened.plusSeconds(60));
    put(row);
    for (var next : List.of("GRANTED", "CONSUMED")) {
      if (random.nextBoolean()) {
        return;
      }
      var outcome = next.toLowerCase(Locale.ROOT);
      log.add(
          Entry.of(EntryType.APPROVAL_SETTLED, at())
              .with("approval", id)
              .with("outcome", outcome)
              .with("by", "otto"));
      row.with("state", outcome).with("settledBy", "otto").with("settledAt", at());
    }
  }

  private void task() {
    var id = "task_" + n;
    log.add(
        Entry.of(EntryType.TASK_STARTED, at())
            .with("task", id)
            .with("intent", "pay")
            .with("expiresAt", at().plusSeconds(900)));
    var row =
        StateRow.of("task", id)
            .with("intent", "pay")
            .with("startedAt", at())
            .with("expiresAt", at().plusSeconds(900))
            .with("ended", false);
    put(row);
    if (random.nextBoolean()) {
      log.add(
          Entry.of(EntryType.TASK_COMPLETED, at())
              .with("task", id)
              .with("by", "anna")
              .with("endedAt", at()));
      row.with("ended", true).with("endedBy", "anna").with("endedAt", at());
    }
  }

  private void declared(String kind, String name) {
    boolean retired = random.nextBoolean();
    var digest = Digest.of("spec " + n);
    log.add(
        Entry.of(EntryType.REGISTRY_CHANGED, at())
            .with("registry", n)
            .with("action", retired ? "retire" : "update")
            .with("kind", kind)
            .with("name", name)
            .with("revision", n)
            .with("set", "default")
            .with(retired ? "before" : "after", digest)
            .with("by", "anna"));
    put(StateRow.of("registry", "registry").with("version", n));
    put(declared(StateRow.of(kind, name), digest).with("revision", n).with("retired", retired));
    put(
        declared(StateRow.of("revision", kind + "/" + name + "@" + n), digest)
            .with("version", n)
            .with("action", retired ? "retire" : "update"));
  }

  private StateRow declared(StateRow row, Digest digest) {
    return row.with("spec", digest.value())
        .with("digest", digest.value())
        .with("set", "default")
        .with("by", "anna")
        .with("at", at());
  }

  /// Half of them have expired, and of those half were swept away.
  private void withdrawn() {
    var id = "tok_" + n;
    boolean expired = random.nextBoolean();
    var expiresAt = expired ? NOW.minusSeconds(600) : NOW.plusSeconds(600);
    log.add(
        Entry.of(EntryType.TOKEN_REVOKED, at())
            .with("token", id)
            .with("expiresAt", expiresAt)
            .with("seq", n)
            .with("by", "anna"));
    if (!expired || random.nextBoolean()) {
      put(StateRow.of("withdrawn-token", id).with("expiresAt", expiresAt).with("seq", n));
    }
  }

  /// Rows that must be there, whatever the clock says.
  List<String> lasting() {
    return new ArrayList<>(
        rows.entrySet().stream()
            .filter(row ->
                !row.getKey().startsWith("withdrawn-token")
                    || !row.getValue()
                        .column("expiresAt")
                        .orElseThrow()
                        .asString()
                        .startsWith("2026-11-21T09"))
            .map(java.util.Map.Entry::getKey)
            .toList());
  }
}
