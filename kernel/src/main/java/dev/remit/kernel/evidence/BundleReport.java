package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.Checkpoint;
import java.util.List;
import java.util.Optional;

/// What verifying an evidence bundle has shown.
///
/// @param scope what it says it is about; empty if it could not be read
/// @param checkpoint the signed claim behind it; empty when there was none to believe
/// @param entries how many entries were read
/// @param figure of its completeness, in ten-thousandths
/// @param gaps how many things began and are not seen to have ended
/// @param proved what holds, a sentence each
/// @param damages what is wrong, with its place, a sentence each; empty when the bundle holds
/// @param notProved what it cannot show, a sentence each
public record BundleReport(
    Optional<Scope> scope,
    Optional<Checkpoint> checkpoint,
    long entries,
    long figure,
    long gaps,
    List<String> proved,
    List<String> damages,
    List<String> notProved) {

  public BundleReport {
    proved = List.copyOf(proved);
    damages = List.copyOf(damages);
    notProved = List.copyOf(notProved);
  }

  public boolean holds() {
    return damages.isEmpty() && checkpoint.isPresent();
  }
}
