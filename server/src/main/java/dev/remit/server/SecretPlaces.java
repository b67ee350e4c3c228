package dev.remit.server;

import dev.remit.server.credentials.Elsewhere;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Vault;
import dev.remit.server.section.SecretsSection;
import dev.remit.server.settings.SettingsWrong;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says where secrets may be kept, of [Config], with the vault's token from the environment.
final class SecretPlaces {
  private static final String TOKEN = "REMIT_VAULT_TOKEN";

  private SecretPlaces() {}

  /// @throws SettingsWrong when there is a vault and no token for it
  static Elsewhere of(Config config, Map<String, String> environment, InstantSource clock) {
    var below = config.secrets().filesBelow();
    return new Elsewhere(
        clock,
        Limits.outside(config),
        environment,
        below.isEmpty() ? Optional.empty() : Optional.of(Path.of(below)),
        vault(config, environment, clock));
  }

  private static Optional<Vault> vault(
      Config config, Map<String, String> environment, InstantSource clock) {
    var vault = config.secrets().vault();
    if (vault.url().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Vault(
            clock,
            Limits.outside(config),
            URI.create(vault.url()),
            vault.namespace(),
            token(vault, environment)));
  }

  private static Vault.Token token(SecretsSection.Vault vault, Map<String, String> environment) {
    if (!vault.tokenFile().isEmpty()) {
      return new Vault.Token.InFile(Path.of(vault.tokenFile()));
    }
    var given = environment.getOrDefault(TOKEN, "");
    if (given.isEmpty()) {
      throw new SettingsWrong(
          List.of(
              "`secrets.vault.url` is set and no token for it: set `secrets.vault.tokenFile` or the"
                  + " environment variable "
                  + TOKEN));
    }
    return new Vault.Token.Given(new SecretValue(given));
  }
}
