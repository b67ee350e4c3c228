package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What one entry, task, task token or approval rests on, and what came of it.
///
/// Follows the links that entries themselves hold: who is answerable for a call, through token,
/// task, identity and workflow to the owner; which approval, with what it was bound to, and which
/// policies allowed it; and from a credential to every use of it. Says nothing that a verified
/// bundle does not hold.
///
/// Prompts are linked as far as they pass by: what was fetched with `prompts/get`, and what a
/// server asked of the agent's model, stand in the order in which they came. What a model was told
/// besides, and what it made of it, is not seen.
///
/// @param subject what was asked about
/// @param behind what it rests on: from the person who answers for it down to itself
/// @param after what came of it, in order
public record Trace(Link subject, List<Link> behind, List<Link> after) {

  private static final Set<EntryType> CALLS =
      Set.of(EntryType.CALL_DECIDED, EntryType.CALL_REFUSED, EntryType.CALL_ENDED);

  /// One step.
  ///
  /// @param what its place in the chain, a word or two: `owner`, `task`, `approval`
  /// @param says what it says, in one line
  /// @param entry index of the entry that says so; empty where only a declaration does
  /// @param node whose log that entry is in; empty where there is but one
  public record Link(String what, String says, OptionalLong entry, String node) {}

  public Trace {
    behind = List.copyOf(behind);
    after = List.copyOf(after);
  }

  /// Traces `id` in a bundle that was verified before.
  ///
  /// @param id a decision's, task's, task token's or approval's id, or an entry's index, of several
  ///   logs as `node/index`
  /// @return empty if no entry of the bundle is known by that
  public static Optional<Trace> in(BundleParts bundle, String id) {
    var known = TracedEntries.of(bundle);
    return subject(known, id).map(entry -> traced(known, entry));
  }

  private static Optional<RecordedEntry> subject(TracedEntries known, String id) {
    return id.matches("([a-z0-9.-]{1,63}/)?\\d{1,15}")
        ? known.first(entry -> known.isAt(entry, id))
        : known
            .first(entry -> entry.id().equals(Optional.of(id)))
            .or(() -> known.first(entry -> entry.text("approval").equals(Optional.of(id))))
            .or(() -> known.first(entry -> entry.text("credential").equals(Optional.of(id))))
            .or(() -> known.first(entry -> entry.text("task").equals(Optional.of(id))));
  }

  private static Trace traced(TracedEntries known, RecordedEntry entry) {
    var behind = new Behind(known, entry).links();
    var after =
        switch (entry.type()) {
          case TASK_STARTED -> known.after(entry, other -> isOf(other, "task", entry.text("task")));
          case TOKEN_ISSUED -> usesOf(known, entry);
          case CREDENTIAL_INTENDED ->
              known.after(entry, other -> isOf(other, "credential", entry.text("credential")));
          default -> consequences(known, entry);
        };
    return new Trace(known.link(entry), behind, after);
  }

  /// Every call that a token was shown for, with its outcome.
  private static List<Link> usesOf(TracedEntries known, RecordedEntry token) {
    var decisions = new HashSet<String>();
    return known.after(
        token,
        other -> {
          boolean use = isOf(other, "token", token.id());
          if (use) {
            other.id().ifPresent(decisions::add);
          }
          return use || other.of().filter(decisions::contains).isPresent();
        });
  }

  /// What was recorded of a decision later, and the calls that an approval released; of a prompt
  /// what the same task did with the same token next, up to its next prompt.
  private static List<Link> consequences(TracedEntries known, RecordedEntry entry) {
    var approval = entry.text("approval");
    long nextPrompt = TracedEntries.isPrompt(entry) ? nextPrompt(known, entry) : -1;
    return known.after(
        entry,
        other ->
            (entry.id().isPresent() && other.of().equals(entry.id()))
                || (approval.isPresent() && other.text("approval").equals(approval))
                || (other.index() < nextPrompt
                    && CALLS.contains(other.type())
                    && isOf(other, "task", entry.text("task"))));
  }

  private static long nextPrompt(TracedEntries known, RecordedEntry prompt) {
    return known
        .first(later ->
            later.index() > prompt.index()
                && TracedEntries.isPrompt(later)
                && isOf(later, "task", prompt.text("task")))
        .map(RecordedEntry::index)
        .orElse(Long.MAX_VALUE);
  }

  private static boolean isOf(RecordedEntry entry, String member, Optional<String> value) {
    return value.isPresent() && entry.text(member).equals(value);
  }
}
