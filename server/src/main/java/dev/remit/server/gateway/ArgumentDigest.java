package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.approvals.SameArguments;
import dev.remit.server.gateway.wire.Params;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a request hands over, and the digest by which two requests hand over the same.
final class ArgumentDigest {
  private ArgumentDigest() {}

  /// @throws IllegalArgumentException if the arguments have no canonical form
  static Digest of(Params params) {
    return SameArguments.all(given(params));
  }

  /// Everything that a request hands over: its arguments and, when it goes on with an exchange that
  /// the server has opened, what it answers there. That is input like any, and nobody has agreed to
  /// it by agreeing to the arguments.
  static JsonNode given(Params params) {
    var arguments = params.arguments();
    var given =
        arguments.isMissingNode() || arguments.isNull()
            ? JsonMapper.shared().createObjectNode()
            : arguments;
    if (!continues(params)) {
      return given;
    }
    var all = JsonMapper.shared().createObjectNode();
    all.set("arguments", given);
    if (!params.inputResponses().isMissingNode()) {
      all.set("inputResponses", params.inputResponses());
    }
    all.put("requestState", RequestStates.isOurs(params) ? "" : params.requestState());
    return all;
  }

  /// Whether the request goes on with an exchange that the server itself has opened.
  static boolean continues(Params params) {
    return !params.inputResponses().isMissingNode()
        || !(params.requestState().isEmpty() || RequestStates.isOurs(params));
  }
}
