package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.Setting;
import java.time.Duration;
import java.util.List;

/// Rehearsed suspensions.
public record DrillsSection(
    @Setting(says = "identities that are there to be suspended") List<Canary> canaries,
    @Setting(
            says =
                "where each node is reached, the one that tokens are asked of first; the public"
                    + " URL if none is given")
        List<String> nodes,
    @Setting(value = "24h", says = "how often each canary is drilled by itself; 0s is never")
        Duration every,
    @Setting(value = "5", says = "suspensions in one drill") int rounds,
    @Setting(value = "1s", says = "within which everything must have ended in each of them")
        Duration target,
    @Setting(value = "15s", says = "how long is waited for a part before a drill has failed")
        Duration within) {
  public DrillsSection {
    between("every", every, Duration.ZERO, Duration.ofDays(90));
    between("rounds", rounds, 1, 100);
    between("target", target, Duration.ofMillis(1), Duration.ofMinutes(1));
    between("within", within, Duration.ofSeconds(1), Duration.ofMinutes(2));
  }

  /// One canary.
  public record Canary(
      @Setting(required = true, says = "its identity, of the workflow that is drilled")
          String identity,
      @Setting(required = true, says = "the stored secret that holds its private key as a JWK")
          String key,
      @Setting(required = true, says = "the MCP server at which it uses its token") String resource,
      @Setting(says = "databases of which it gets a credential, as `RESOURCE/PROFILE`")
          List<String> databases) {}
}
