package dev.remit.server.models;

import java.util.List;

/// Answers that no model has written: embeddings and counts of tokens.
final class PlainPassing extends Passing {
  PlainPassing(Seen seen, Proposing proposing, Texts texts, int withheldMax) {
    super(seen, proposing, texts, withheldMax);
  }

  @Override
  List<byte[]> event(byte[] bytes, byte[] data) throws Broken {
    throw new Broken("it streams what is no text");
  }

  @Override
  byte[] whole(byte[] bytes) throws Broken {
    var answer = object(bytes);
    seen.named(answer.path("model"));
    var usage = answer.path("usage");
    if (answer.path("input_tokens").isIntegralNumber()) {
      // Counting costs nothing, and what was counted is not spent.
      seen.costsNothing();
    } else if (usage.isObject()) {
      seen.usage(number(usage.path("prompt_tokens")), 0, 0);
    }
    seen.complete();
    return texts.whole(bytes, answer);
  }
}
