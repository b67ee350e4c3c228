package dev.remit.server.models;

import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.Upstream.Dialect;

/// What can be asked of models, each at an address of its own. What is not here is refused.
public enum Endpoint implements Word {
  CHAT(Dialect.OPENAI, "chat/completions"),
  RESPONSES(Dialect.OPENAI, "responses"),
  EMBEDDINGS(Dialect.OPENAI, "embeddings"),
  MESSAGES(Dialect.ANTHROPIC, "messages"),
  COUNT_TOKENS(Dialect.ANTHROPIC, "messages/count_tokens");

  private final Dialect dialect;
  private final String path;

  Endpoint(Dialect dialect, String path) {
    this.dialect = dialect;
    this.path = path;
  }

  public Dialect dialect() {
    return dialect;
  }

  /// Returns what stands behind `/v1/` of its address.
  public String path() {
    return path;
  }

  /// Whether a model writes an answer there, and may propose calls in it.
  public boolean generates() {
    return switch (this) {
      case CHAT, RESPONSES, MESSAGES -> true;
      case EMBEDDINGS, COUNT_TOKENS -> false;
    };
  }
}
