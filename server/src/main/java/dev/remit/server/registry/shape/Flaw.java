package dev.remit.server.registry.shape;

import dev.remit.kernel.identity.Word;

/// Something wrong with what was declared, where it is written, and what to do about it.
///
/// @param rule the rule's id: `form` when the document is not of the right shape, `link` when it
///   names what does not exist, otherwise the requirement it comes from, such as `R8`
/// @param message one lower-case sentence that quotes no secret
/// @param remedy the next step, as an order
public record Flaw(String rule, Severity severity, Place place, String message, String remedy) {

  /// Whether it stands in the way.
  public enum Severity implements Word {
    /// Nothing is applied while it is there.
    ERROR,
    /// Applied all the same, and shown each time.
    WARNING
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  public static Flaw error(String rule, Place place, String message, String remedy) {
    return new Flaw(rule, Severity.ERROR, place, message, remedy);
  }

  public static Flaw warning(String rule, Place place, String message, String remedy) {
    return new Flaw(rule, Severity.WARNING, place, message, remedy);
  }
}
