package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Narrowing;
import dev.remit.server.decisions.ArgumentCheck;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.ExactJson;
import dev.remit.server.decisions.Question;
import dev.remit.server.gateway.wire.MessageReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Makes of a decided call the call that may be sent, before the decision is recorded: under a
/// limit, its arguments are narrowed, and so are the headers that repeat them.
///
/// The message is written anew only here and only then; every other byte of a request travels as it
/// came. What no longer fits the tool's reviewed schema is denied.
final class Narrower {
  private final MessageReader reader;
  private final ArgumentCheck check;

  Narrower(MessageReader reader, ArgumentCheck check) {
    this.reader = reader;
    this.check = check;
  }

  Judged judged(Call call, Asked asked, Question question, Decided decided) {
    if (decided.isObserved()
        || !(decided.decision() instanceof Decision.Modify modify)
        || modify.obligations().limits().isEmpty()) {
      return new Judged(call, question, decided);
    }
    // From the bytes and not from what was read of them: numbers keep every digit.
    var message = reader.exactTree(new String(call.bytes(), StandardCharsets.UTF_8));
    var params = message.path("params");
    return switch (Narrowing.of(params.path("arguments"), modify.obligations().limits())) {
      case Narrowing.Unchanged() -> new Judged(call, question, decided);
      case Narrowing.Impossible(var why) -> unfulfilled(call, question, decided, modify, why);
      case Narrowing.Narrowed(var arguments) -> {
        if (!(asked instanceof Asked.OfTool(var tool, _)) || !(params instanceof ObjectNode all)) {
          yield unfulfilled(
              call, question, decided, modify, "only a tool's arguments can be narrowed");
        }
        var problems = check.problems(tool, arguments);
        if (!problems.isEmpty()) {
          yield unfulfilled(
              call,
              question,
              decided,
              modify,
              "narrowed, the arguments break the schema: " + problems);
        }
        all.set("arguments", arguments);
        var headers = HeaderAgreement.repeating(call.headers(), tool.inputSchema(), arguments);
        yield new Judged(
            call.narrowed(arguments, ExactJson.bytes(message), headers), question, decided);
      }
    };
  }

  private static Judged unfulfilled(
      Call call, Question question, Decided decided, Decision.Modify modify, String why) {
    var deny = Decision.Deny.unfulfilled(modify.because(), modify.errors(), why);
    return new Judged(call, question, decided.with(deny));
  }
}
