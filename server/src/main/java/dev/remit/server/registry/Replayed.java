package dev.remit.server.registry;

import dev.remit.kernel.identity.Word;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/// What became of recorded decisions when they were made again by proposed policies.
///
/// @param asked how many of the newest decisions were wanted
/// @param recorded how many there were
/// @param same how many would be decided as they were, by the same policies
/// @param otherReason how many would have the same outcome, by other policies
/// @param differ how many would have another outcome
/// @param groups those that differ, by their cause, the most frequent first
/// @param ungrouped how many of those that differ are in no group, since there are too many causes
/// @param unplayable how many could not be made again, by the reason
public record Replayed(
    long asked,
    long recorded,
    long same,
    long otherReason,
    long differ,
    List<Group> groups,
    long ungrouped,
    SortedMap<Unplayable, Long> unplayable) {

  public Replayed {
    groups = List.copyOf(groups);
  }

  /// Why a decision could not be made again.
  public enum Unplayable implements Word {
    /// The question was erased.
    ERASED,

    /// It was recorded by a version of Remit that kept no question.
    UNRECORDED,

    /// A list, whose elements were judged one by one and are not kept.
    LIST,

    /// What is stored is damaged, or sealed by a key that this node does not have.
    UNREADABLE
  }

  /// Decisions that differ in the same way for the same cause.
  ///
  /// @param was the outcome as recorded, `would` the outcome now
  /// @param cause the policies that newly decide; where none does, those that decided before and
  ///   would no longer
  /// @param why the cause in words
  /// @param already how many of `count` the policies that are active now would decide that way too:
  ///   not the doing of this proposal
  /// @param examples the newest of them, two at most
  public record Group(
      String was,
      String would,
      List<String> cause,
      String why,
      long count,
      long already,
      List<Example> examples) {
    public Group {
      cause = List.copyOf(cause);
      examples = List.copyOf(examples);
    }
  }

  /// One recorded decision.
  public record Example(
      long index,
      String decision,
      Instant at,
      String identity,
      String action,
      String target,
      List<String> because) {
    public Example {
      because = List.copyOf(because);
    }
  }
}
