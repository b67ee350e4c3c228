package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// That a version answers otherwise than it did when it was approved. Says what was seen and never
/// why: a changed model, a changed prompt and a changed network look alike from here.
///
/// @param about the declared model, or the endpoint where none is declared
/// @param fingerprint the version that was approved
/// @param sign how it was noticed
/// @param said what is seen now: a name, or a figure
/// @param expected what was seen before, or the threshold that was passed
/// @param since when it may have begun: the last time at which all was as approved
public record Drift(
    String about,
    Digest fingerprint,
    Sign sign,
    String said,
    String expected,
    Optional<String> probes,
    Instant since) {

  /// How it is noticed.
  public enum Sign {
    /// Answers name another model.
    MODEL_NAMED,

    /// The provider tells of another backend.
    SYSTEM_FINGERPRINT,

    /// Answers come from another tier of service.
    SERVICE_TIER,

    /// The same questions are counted as another number of tokens.
    PROBE_TOKENS,

    /// Fixed questions fail more often than was approved.
    PROBES;

    /// As entries and findings spell it.
    public String word() {
      return Evaluations.word(this).replace('_', '-');
    }
  }

  /// Who is told; must not block.
  public interface Listener extends Consumer<Drift> {}
}
