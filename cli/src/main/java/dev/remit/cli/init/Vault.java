package dev.remit.cli.init;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.cli.ServerProblem;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The server's store of secrets, and what else `init` asks of a server that may not be running.
final class Vault {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RemitClient client;

  Vault(RemitClient client) {
    this.client = client;
  }

  /// Makes sure that secrets can be stored, before anything is written anywhere.
  void require(List<Setting.Secret> secrets) {
    if (secrets.isEmpty()) {
      return;
    }
    try {
      client.get("/v1/secrets");
    } catch (CommandFailed e) {
      throw new CommandFailed(
          "found "
              + secrets.size()
              + " secrets, but they cannot be stored: "
              + e.getMessage()
              + "; nothing was written",
          e.remedy().map(remedy -> remedy + "; then run this again").orElse("run this again"),
          e);
    }
  }

  void store(Setting.Secret secret) {
    client.put(
        "/v1/secrets/" + secret.secret(),
        JSON.createObjectNode().put("value", secret.value()).put("rotate", true));
  }

  /// Returns the person whose operator token is in use, if a server says so.
  Optional<String> me() {
    try {
      return Optional.of(client.get("/v1/me").path("name").asString(""))
          .filter(name -> !name.isEmpty());
    } catch (CommandFailed e) {
      return Optional.empty();
    }
  }

  /// Whether the server knows this active person; false also when there is no server to ask.
  boolean knows(String person) {
    try {
      return "active"
          .equals(
              client
                  .get("/v1/registry/people/" + person)
                  .path("spec")
                  .path("standing")
                  .asString("active"));
    } catch (ServerProblem e) {
      return false;
    } catch (CommandFailed e) {
      return false;
    }
  }

  String address() {
    return client.address().toString();
  }
}
