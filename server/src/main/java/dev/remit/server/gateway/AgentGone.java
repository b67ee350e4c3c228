package dev.remit.server.gateway;

/// The agent has hung up, or cannot be written to any more.
final class AgentGone extends Exception {
  private static final long serialVersionUID = 1;

  AgentGone() {
    super("the agent has gone");
  }

  AgentGone(Throwable cause) {
    super("the agent has gone", cause);
  }
}
