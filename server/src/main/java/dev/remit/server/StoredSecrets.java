package dev.remit.server;

import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.inspection.PersonalCredentials;
import dev.remit.server.registry.SecretCheck;
import java.util.Optional;

/// What the registry may know of the secrets that resources name.
record StoredSecrets(Secrets secrets, PersonalCredentials personal) implements SecretCheck {
  @Override
  public boolean exists(String name) {
    return secrets.exists(new SecretName(name));
  }

  @Override
  public Optional<String> personal(String name) {
    return personal.warning(new SecretName(name));
  }
}
