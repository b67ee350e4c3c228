package dev.remit.cli;

import java.util.Optional;

/// A command could not do what it was asked to. Printed as `error: …` with the remedy beneath it;
/// the exit code is 1.
public class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;
  private final String remedy;

  public CommandFailed(String message) {
    this(message, "");
  }

  /// @param remedy what the person can do about it, best as a command to paste; may be empty
  public CommandFailed(String message, String remedy) {
    super(message);
    this.message = message;
    this.remedy = remedy;
  }

  public CommandFailed(String message, String remedy, Throwable cause) {
    super(message, cause);
    this.message = message;
    this.remedy = remedy;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public Optional<String> remedy() {
    return remedy.isEmpty() ? Optional.empty() : Optional.of(remedy);
  }
}
