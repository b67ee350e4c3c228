package dev.remit.cli;

import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The option `--reason` of everything that is recorded with its why; use it as a `@Mixin`.
public final class Reason {
  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is recorded.")
  private String text = "";

  /// A body that says no more than the reason.
  public ObjectNode body() {
    return in(JsonMapper.shared().createObjectNode());
  }

  /// Adds the reason to what else is said.
  public ObjectNode in(ObjectNode body) {
    return body.put("reason", text);
  }
}
