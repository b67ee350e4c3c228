package dev.remit.kernel.task;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/// The most that one task may do.
///
/// Scopes only narrow: a token minted for a task carries the task's scope [narrowed][#narrowedBy]
/// by what was asked for, so neither renewal nor delegation can add authority. A scope is never
/// enough by itself; a grant and policy must agree on each call.
///
/// Source: attenuation of macaroons (Birgisson et al., NDSS 2014). Wire form:
/// `authorization_details` in `docs/formats/task-token.md` (RFC 9396).
///
/// @param tools which tools it may ask for
/// @param expiresAt first instant at which nothing is allowed any more
/// @param callsMax calls in this task altogether, 0 or more
public record TaskScope(Tools tools, Instant expiresAt, long callsMax) {

  public TaskScope {
    if (callsMax < 0) {
      throw new IllegalArgumentException("callsMax must not be negative, was " + callsMax);
    }
  }

  /// Returns the authority that both scopes allow. Order does not matter, and repeating changes
  /// nothing.
  public TaskScope narrowedBy(TaskScope asked) {
    var sooner = expiresAt.isBefore(asked.expiresAt) ? expiresAt : asked.expiresAt;
    return new TaskScope(tools.narrowedBy(asked.tools), sooner, Math.min(callsMax, asked.callsMax));
  }

  /// Whether this scope allows no more than `other`, in every respect.
  public boolean isWithin(TaskScope other) {
    return tools.narrowedBy(other.tools).equals(tools)
        && !expiresAt.isAfter(other.expiresAt)
        && callsMax <= other.callsMax;
  }

  /// Which tools a task may ask for.
  public sealed interface Tools {

    boolean allows(ToolName tool);

    /// Whether something at `resource` could be allowed.
    boolean reaches(ResourceName resource);

    Tools narrowedBy(Tools asked);

    /// Whatever the identity's grants name; the task itself narrows nothing.
    record AllGranted() implements Tools {

      @Override
      public boolean allows(ToolName tool) {
        return true;
      }

      @Override
      public boolean reaches(ResourceName resource) {
        return true;
      }

      @Override
      public Tools narrowedBy(Tools asked) {
        return asked;
      }
    }

    /// Exactly these; an empty set allows nothing.
    record Named(Set<ToolName> names) implements Tools {

      public Named {
        names = Set.copyOf(names);
      }

      @Override
      public boolean allows(ToolName tool) {
        return names.contains(tool);
      }

      @Override
      public boolean reaches(ResourceName resource) {
        return names.stream().anyMatch(name -> name.resource().equals(resource));
      }

      @Override
      public Tools narrowedBy(Tools asked) {
        return switch (asked) {
          case AllGranted() -> this;
          case Named(var others) ->
              new Named(
                  names.stream().filter(others::contains).collect(Collectors.toUnmodifiableSet()));
        };
      }
    }
  }
}
