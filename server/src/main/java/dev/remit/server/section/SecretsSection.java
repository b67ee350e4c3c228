package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/// Secrets that are kept elsewhere, and tokens that upstreams give for them.
public record SecretsSection(
    @Setting(
            value = "",
            says = "directory in which files with secrets may be; none may while this is empty")
        String filesBelow,
    @Setting(
            value = "5s",
            says = "longest wait for the answer of a token endpoint or a vault, all of it")
        Duration within,
    @Setting(value = "64KiB", says = "longest answer of a token endpoint or a vault")
        ByteSize answerMax,
    @Setting(
            value = "1h",
            says = "longest that an upstream's token is used, whatever the upstream says")
        Duration tokenLifeMax,
    @Setting(
            value = "1m",
            says = "how long a vault's last answer serves while the vault cannot be reached")
        Duration staleFor,
    Vault vault) {
  public SecretsSection {
    if (!filesBelow.isEmpty() && !Path.of(filesBelow).isAbsolute()) {
      throw new IllegalArgumentException("`filesBelow` has to be an absolute path");
    }
    between("within", within, Duration.ofMillis(100), Duration.ofMinutes(1));
    between("tokenLifeMax", tokenLifeMax, Duration.ofMinutes(1), Duration.ofDays(1));
    between("staleFor", staleFor, Duration.ZERO, Duration.ofHours(1));
  }

  /// A Vault-compatible server.
  public record Vault(
      @Setting(
              value = "",
              says = "its address; its token is `tokenFile` or the variable `REMIT_VAULT_TOKEN`")
          String url,
      @Setting(value = "", says = "its namespace, if it has any") String namespace,
      @Setting(value = "", says = "file with the token, read again at each use") String tokenFile) {
    public Vault {
      if (!url.isEmpty() && !isHttpsOrHere(URI.create(url))) {
        throw new IllegalArgumentException("`url` has to be https, except on this machine");
      }
    }
  }
}
