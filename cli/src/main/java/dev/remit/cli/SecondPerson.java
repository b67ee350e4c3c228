package dev.remit.cli;

import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The second person of what takes two: agrees to what somebody else has asked for, or declines it.
///
/// Whatever was asked for, the answer goes to the same place below it, and says `agree`.
public abstract class SecondPerson extends ServerCommand {
  public static final String HEADER = "Agree to what somebody else has asked for, or decline it.";

  @Option(names = "--decline", description = "Decline it.")
  private boolean declines;

  protected SecondPerson(Terminal terminal) {
    super(terminal);
  }

  protected final boolean agrees() {
    return !declines;
  }

  /// Answers what was asked for at `path`, and returns how it stands then.
  protected final JsonNode answer(String path) {
    return server().post(path + "/answer", body());
  }

  /// The same with a reason.
  protected final JsonNode answer(String path, Reason reason) {
    return server().post(path + "/answer", reason.in(body()));
  }

  private ObjectNode body() {
    return JsonMapper.shared().createObjectNode().put("agree", agrees());
  }
}
