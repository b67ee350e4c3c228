package dev.remit.cli;

import tools.jackson.databind.JsonNode;

/// The server answered with an error.
///
/// Source: RFC 9457, with the member `remedy` that Remit adds.
public final class ServerProblem extends CommandFailed {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonNode problem;

  ServerProblem(int status, JsonNode problem, String message, String remedy) {
    super(message, remedy);
    this.status = status;
    this.problem = problem;
  }

  public int status() {
    return status;
  }

  /// Returns the problem document as received; an empty object where the answer was none.
  public JsonNode problem() {
    return problem;
  }

  /// Returns the last path segment of the problem's `type`, such as `not-found`; may be empty.
  public String slug() {
    var type = problem.path("type").asString("");
    return type.substring(type.lastIndexOf('/') + 1);
  }
}
