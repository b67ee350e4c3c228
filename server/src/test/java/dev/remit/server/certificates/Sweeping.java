package dev.remit.server.certificates;

/// What happens every minute, now.
public final class Sweeping {

  private Sweeping() {}

  public static void now(Certificates certificates) {
    certificates.sweep();
  }
}
