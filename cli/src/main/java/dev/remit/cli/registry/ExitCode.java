package dev.remit.cli.registry;

/// How the commands that compare or change end, for scripts.
final class ExitCode {
  /// What is declared is what was asked for already.
  static final int NOTHING = 0;

  /// It could not be done; nothing was changed.
  static final int ERROR = 1;

  /// There are changes (plan, diff), or changes were made (apply, delete).
  static final int CHANGES = 2;

  /// Nothing was changed yet: another person has to agree (apply, delete).
  static final int WAITING = 3;

  private ExitCode() {}

  static int of(boolean changed) {
    return changed ? CHANGES : NOTHING;
  }
}
