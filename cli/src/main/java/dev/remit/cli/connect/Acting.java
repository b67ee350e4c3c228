package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Home;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import dev.remit.cli.keys.KeyFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// As which identity a command acts, and what for: by the key that lies on this machine.
record Acting(Terminal terminal, @Nullable String identity, @Nullable String intent) {

  /// Returns the token of a task that begins when it is first used.
  ///
  /// @param resource what the task reaches
  TaskToken token(String resource) {
    return tokens(List.of(resource)).getFirst();
  }

  /// Returns the tokens of one task, a token for each resource, in their order.
  List<TaskToken> tokens(List<String> resources) {
    var home = Home.of(terminal);
    var key = KeyFile.read(home.keys(), chosenIdentity(home));
    var purpose = intent == null ? key.intent() : intent;
    if (purpose.isEmpty()) {
      throw new CommandFailed(
          "no intent is known for identity `" + key.identity() + "`",
          "say with --intent what the task is for; it is one of the workflow's intents");
    }
    var task = new SharedTask();
    return resources.stream()
        .map(resource ->
            new TaskToken(
                http(), address(key), resource, purpose, key, task, InstantSource.system()))
        .toList();
  }

  private String chosenIdentity(Home home) {
    if (identity != null) {
      return identity;
    }
    var known = KeyFile.identities(home.keys());
    return switch (known.size()) {
      case 0 ->
          throw new CommandFailed(
              "there is no identity's key in " + home.keys(),
              "create one with `remit init --from YOUR_CLIENT_CONFIGURATION`");
      case 1 -> known.getFirst();
      default ->
          throw new CommandFailed(
              "there are several identities here: " + String.join(", ", known),
              "say which with --identity");
    };
  }

  private URI address(KeyFile key) {
    return terminal.variable("REMIT_ADDR").isPresent() || key.address().isEmpty()
        ? RemitClient.address(terminal)
        : URI.create(key.address());
  }

  static HttpClient http() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(5))
        .build();
  }
}
