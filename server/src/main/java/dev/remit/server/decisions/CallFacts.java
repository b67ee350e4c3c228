package dev.remit.server.decisions;

/// What is known of this one call beside the task.
///
/// @param approved whether a person has agreed to exactly this call
/// @param risk 0 (none) to 100 where somebody supposes one, or [#COMPOSED]: that of the workflow,
///   as it is composed from what is declared
/// @param secrets what was found of secrets in the arguments
public record CallFacts(boolean approved, long risk, SecretFacts secrets) {
  /// Nothing is supposed of the risk.
  public static final long COMPOSED = -1;

  /// Nothing known that would speak for the call.
  public static final CallFacts NONE = new CallFacts(false, COMPOSED, SecretFacts.NONE);

  /// What somebody who has agreed leaves to be looked up.
  public static final CallFacts APPROVED = new CallFacts(true, COMPOSED, SecretFacts.NONE);

  /// The same where this was found.
  public CallFacts with(SecretFacts found) {
    return new CallFacts(approved, risk, found);
  }

  boolean supposesRisk() {
    return risk != COMPOSED;
  }
}
