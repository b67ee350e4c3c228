package dev.remit.server.certificates;

import java.net.URI;
import java.time.Duration;

/// Bounds of certificates.
///
/// @param issuer the server's public URL without a slash at the end; the address of the lists
///   begins with it
/// @param trustDomain of the identities that get them
/// @param skew how far other clocks may be off: certificates and lists are dated back by it
/// @param lifetimeMax longest life of one; the end of its token and task come first
/// @param perTaskMax most that one task has at once
/// @param rotateEvery how long one authority signs before the next takes over
/// @param publishAhead how long the next one is in the bundle before it signs
/// @param listFor how long a list of what is revoked is good; a new one is made by half of it
public record CertificateConfig(
    URI issuer,
    String trustDomain,
    Duration skew,
    Duration lifetimeMax,
    int perTaskMax,
    Duration rotateEvery,
    Duration publishAhead,
    Duration listFor) {

  /// Whoever reads the bundle asks again by then, and a node looks for news every second.
  static final Duration REFRESH_HINT = Duration.ofMinutes(5);

  public CertificateConfig {
    between("lifetimeMax", lifetimeMax, Duration.ofMinutes(1), Duration.ofHours(1));
    between("publishAhead", publishAhead, REFRESH_HINT.plusMinutes(1), Duration.ofDays(1));
    between("rotateEvery", rotateEvery, publishAhead.multipliedBy(2), Duration.ofDays(400));
    between("listFor", listFor, Duration.ofMinutes(1), Duration.ofDays(1));
    if (perTaskMax < 1) {
      throw new IllegalArgumentException("a task may have at least one, was " + perTaskMax);
    }
  }

  private static void between(String name, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "`%s` is from %s to %s, was %s".formatted(name, min, max, value));
    }
  }

  /// Returns the defaults for a server that is reached under `issuer`.
  public static CertificateConfig of(URI issuer, String trustDomain) {
    return new CertificateConfig(
        issuer,
        trustDomain,
        Duration.ofSeconds(30),
        Duration.ofMinutes(15),
        8,
        Duration.ofDays(30),
        Duration.ofMinutes(10),
        Duration.ofMinutes(10));
  }

  /// Returns where the list of an authority is to be had.
  URI list(String authority) {
    return URI.create(issuer + "/spiffe/crl/" + authority);
  }

  /// Returns how long an authority is needed after another has taken over: until its last
  /// certificate has expired, and has been on a list after that.
  Duration neededFor() {
    return lifetimeMax.plus(listFor.multipliedBy(2)).plus(skew.multipliedBy(2));
  }
}
