package dev.remit.server.erasure;

/// What becomes of a wish to erase.
public sealed interface Erased {

  /// It is erased, or was before.
  record Done(Amount amount) implements Erased {}

  /// A legal hold stands over some of it; nothing more was erased.
  record UnderHold(LegalHold hold) implements Erased {}

  /// The task has not ended; its content would go on growing.
  record AtWork(String task) implements Erased {}

  /// Nothing was ever kept about such a thing, nor is it declared.
  record NothingOfThatName() implements Erased {}

  /// How much.
  ///
  /// @param keys keys destroyed, one for each subject and day
  /// @param bodies prompts, arguments, answers and people's words under them, in the ledger
  /// @param left keys left alone, of tasks that are still at work
  record Amount(long keys, long bodies, long left) {
    static final Amount NONE = new Amount(0, 0, 0);

    Amount plus(Amount other) {
      return new Amount(keys + other.keys, bodies + other.bodies, left + other.left);
    }

    boolean isNothing() {
      return keys == 0 && bodies == 0;
    }
  }
}
