package dev.remit.server.section;

import dev.remit.server.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;

/// The process itself.
public record ServerSection(
    @Setting(
            value = "10s",
            says =
                "longest wait for running calls at shutdown, and again for other requests;"
                    + " then they are cut")
        Duration drainMax,
    Tls tls) {
  /// TLS of the server itself; without a certificate it speaks plain HTTP.
  public record Tls(
      @Setting(says = "PEM file of the server's certificate and those that vouch for it")
          Path certificate,
      @Setting(says = "PEM file of its private key") Path key,
      @Setting(
              value = "false",
              says = "whether clients are asked for a certificate; they need not have one")
          boolean clients) {
    public Tls {
      if (certificate.toString().isEmpty() != key.toString().isEmpty()) {
        throw new IllegalArgumentException("`server.tls` needs both `certificate` and `key`");
      }
      if (clients && certificate.toString().isEmpty()) {
        throw new IllegalArgumentException("`server.tls.clients` needs `certificate` and `key`");
      }
    }

    /// Whether the server ends TLS itself.
    public boolean isOn() {
      return !certificate.toString().isEmpty();
    }
  }
}
