package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.checkName;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.server.settings.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Who may tell us that somebody must not act any more (OpenID Shared Signals).
public record SignalsSection(
    @Setting(value = "24h", says = "how old a security event token may be") Duration ageMax,
    @Setting(says = "transmitters, each pushing to `/v1/signals/NAME`")
        List<TransmittedBy> transmitters) {
  public SignalsSection {
    transmitters = List.copyOf(transmitters);
    between("ageMax", ageMax, Duration.ofMinutes(1), Duration.ofDays(30));
    var names = transmitters.stream().map(TransmittedBy::name).toList();
    if (names.size() != Set.copyOf(names).size() || names.size() > 32) {
      throw new IllegalArgumentException(
          "`transmitters` are at most 32, each with its own name, was " + names);
    }
  }

  /// One transmitter. A bearer token that it must send comes from the environment:
  /// `REMIT_SIGNALS_NAME_TOKEN`.
  public record TransmittedBy(
      @Setting(required = true, says = "1 to 40 of `a-z`, `0-9` and `-`") String name,
      @Setting(required = true, says = "the `iss` of its tokens") URI issuer,
      @Setting(required = true, says = "its key set, https unless on this machine") URI jwks,
      @Setting(says = "the `aud` of its tokens; by default `publicUrl` and `/v1/signals/NAME`")
          String audience) {
    public TransmittedBy {
      checkName(name);
      if (!isHttpsOrHere(jwks)) {
        throw new IllegalArgumentException("the key set `" + jwks + "` is not reached by https");
      }
    }
  }
}
