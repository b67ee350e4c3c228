package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/// What begins and must be seen to end: one line for each kind of thing.
///
/// Source: `docs/formats/evidence-bundle.md`, «Completeness»; `docs/verify.html` has the same list.
enum Pair {
  /// Only what was sent on has an outcome to wait for.
  CALL(
      EntryType.CALL_DECIDED,
      "id",
      "at",
      EntryType.CALL_ENDED,
      "of",
      "no outcome was recorded before the export"),
  TASK(
      EntryType.TASK_STARTED,
      "task",
      "expiresAt",
      EntryType.TASK_COMPLETED,
      "task",
      "its end is missing"),
  APPROVAL(
      EntryType.APPROVAL_OPENED,
      "approval",
      "lapsesAt",
      EntryType.APPROVAL_SETTLED,
      "approval",
      "it was never settled"),
  CREDENTIAL(
      EntryType.CREDENTIAL_INTENDED,
      "credential",
      "expiresAt",
      EntryType.CREDENTIAL_ENDED,
      "credential",
      "it is not seen to be gone");

  private final EntryType begins;
  private final String id;
  private final String due;
  private final EntryType ends;
  private final String of;
  private final String cause;

  /// @param id the member of the first entry that names the thing
  /// @param of the member of the last entry that names it
  /// @param due the member of the first entry that says by when it must have ended
  /// @param cause what is said when it has not
  Pair(EntryType begins, String id, String due, EntryType ends, String of, String cause) {
    this.begins = begins;
    this.id = id;
    this.due = due;
    this.ends = ends;
    this.of = of;
    this.cause = cause;
  }

  boolean begins(RecordedEntry entry) {
    return entry.type() == begins && (this != CALL || entry.isSentOn());
  }

  boolean ends(RecordedEntry entry) {
    return entry.type() == ends;
  }

  /// Returns the thing that an entry begins, by its kind and id.
  String begun(RecordedEntry entry) {
    return word() + " " + entry.text(id).orElse("");
  }

  /// Returns the thing that an entry ends.
  String ended(RecordedEntry entry) {
    return word() + " " + entry.text(of).orElse("");
  }

  Instant due(RecordedEntry entry) {
    try {
      return Instant.parse(entry.text(due).orElse(""));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("entry " + entry.index() + " has no `" + due + "`", e);
    }
  }

  String cause() {
    return cause;
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
