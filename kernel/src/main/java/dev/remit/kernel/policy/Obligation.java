package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;

/// What a policy asks of whoever carries out what it decided, written as an annotation. See
/// [Obligations] for the grammar and for how several come together.
public sealed interface Obligation {

  /// `@limit`: a number in the arguments is at most `max`; a greater one is lowered to it.
  ///
  /// @param argument JSON Pointer (RFC 6901) into the arguments, as `/rows`; never the whole
  /// @param min the least that may be sent, 0 or more; what is below is not raised but denied,
  ///   since 0 and −1 often mean «no limit»
  /// @param max `min` or more
  record Limit(String argument, long min, long max) implements Obligation {

    public Limit {
      if (min < 0 || max < 0) {
        throw new IllegalArgumentException("a limit is not negative");
      }
    }

    /// Whether no number keeps to it.
    boolean isImpossible() {
      return min > max;
    }

    Limit and(Limit other) {
      long narrowedMin = Math.max(min, other.min);
      long narrowedMax = Math.min(max, other.max);
      return new Limit(argument, narrowedMin, narrowedMax);
    }

    @Override
    public String toString() {
      return argument + ":" + (min == 0 ? "" : min + "..") + max;
    }
  }

  /// `@redact`: a field of the result is replaced before the agent sees it.
  ///
  /// @param field a JSON Pointer in which `*` stands for every element or member, as
  ///   `/patients/*/name`; or a bare name, as `ssn`, for every member of that name at any depth; or
  ///   `secrets`, for everything that is recognised as one
  record Redact(String field) implements Obligation {

    /// The name that stands for what is recognised as a secret, wherever it is. A member that is
    /// really called so is written as a path.
    public static final String SECRETS = "secrets";

    /// Whether it is about secrets by what they are, and not about a field.
    public boolean isOfSecrets() {
      return field.equals(SECRETS);
    }

    public boolean isAnywhere() {
      return !field.startsWith("/");
    }

    @Override
    public String toString() {
      return field;
    }
  }

  /// `@notify`: people of this role are to be told.
  record Notify(Role role) implements Obligation {}
}
