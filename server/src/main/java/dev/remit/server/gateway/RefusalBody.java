package dev.remit.server.gateway;

import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.gateway.Said.Form;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a refusal as the JSON-RPC message that answers a request.
///
/// What a program needs is the same in each form, under `_meta` of a result or `data` of an error,
/// in the member `dev.remit/refusal`.
final class RefusalBody {
  static final String MEMBER = "dev.remit/refusal";
  private static final JsonMapper JSON = JsonMapper.shared();

  private RefusalBody() {}

  /// Returns the HTTP status to send it with.
  static int status(Said said, Era era) {
    return switch (said.form()) {
      case Form.Challenge _ -> 401;
      // A legacy client takes 404 for a lost session; there an unknown method is an answer like
      // any.
      case Form.RpcError(int status, long code) when code == -32601 && era == Era.LEGACY -> 200;
      case Form.RpcError(int status, _) -> status;
      case Form.ToolResult _ -> 200;
    };
  }

  /// Answers a request.
  static byte[] answering(Call call, Refusal refusal) {
    var said = Wording.of(refusal);
    var message = message(call.message().id().json());
    var about = about(said, refusal).put("decision", call.id().value());
    if (refusal instanceof Refusal.AwaitingApproval held && !held.requestState().isEmpty()) {
      comeBack(message.putObject("result"), held, about);
    } else if (call.isToolCall() && said.form() instanceof Form.ToolResult) {
      result(message.putObject("result"), said, about, call.era());
    } else {
      error(message.putObject("error"), said, about, refusal);
    }
    return bytes(message);
  }

  /// Answers what could not be read as far as its id, or has none.
  static byte[] alone(Refusal refusal, String id) {
    var said = Wording.of(refusal);
    var message = message(id);
    error(message.putObject("error"), said, about(said, refusal), refusal);
    return bytes(message);
  }

  private static ObjectNode message(String id) {
    var message = JSON.createObjectNode().put("jsonrpc", "2.0");
    message.set("id", JSON.readTree(id));
    return message;
  }

  /// Multi Round-Trip Requests (2026-07-28): nothing is asked of the client but to come back with
  /// the state.
  private static void comeBack(ObjectNode result, Refusal.AwaitingApproval held, ObjectNode about) {
    result.put("resultType", "input_required").put("requestState", held.requestState());
    result.putObject("_meta").set(MEMBER, about);
  }

  private static void result(ObjectNode result, Said said, ObjectNode about, Era era) {
    if (era == Era.MODERN) {
      result.put("resultType", "complete");
    }
    result
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", sentence(said, about.path("decision").asString("")));
    result.put("isError", true);
    result.putObject("_meta").set(MEMBER, about);
  }

  private static void error(ObjectNode error, Said said, ObjectNode about, Refusal refusal) {
    error.put("code", code(said.form()));
    error.put("message", said.text());
    var data = error.putObject("data");
    if (refusal instanceof Refusal.UnknownVersion(var requested)) {
      ProtocolVersion.supported().forEach(data.putArray("supported")::add);
      data.put("requested", requested);
    }
    data.set(MEMBER, about);
  }

  private static long code(Form form) {
    return switch (form) {
      case Form.Challenge _ -> -32600;
      case Form.RpcError(_, long code) -> code;
      case Form.ToolResult(long code) -> code;
    };
  }

  private static ObjectNode about(Said said, Refusal refusal) {
    var about = JSON.createObjectNode();
    about.put("reason", said.reason()).put("text", said.text()).put("next", said.next());
    policies(refusal).forEach(about.putArray("policies")::add);
    if (refusal instanceof Refusal.OfApproval of) {
      about.put("approval", of.approval().value());
    }
    if (refusal instanceof Refusal.AwaitingApproval held) {
      about.put("lapsesAt", held.lapsesAt().toString());
    }
    if (refusal instanceof Refusal.Deferred(_, var retryAt)) {
      about.put("retryAt", retryAt.toString());
    }
    return about;
  }

  private static List<String> policies(Refusal refusal) {
    if (refusal instanceof Refusal.Deferred(var defer, _)) {
      return texts(defer.because());
    }
    return refusal instanceof Refusal.DeniedByPolicy(var deny) ? texts(deny.because()) : List.of();
  }

  private static List<String> texts(List<PolicyId> policies) {
    return policies.stream().map(PolicyId::value).toList();
  }

  private static String sentence(Said said, String decision) {
    return "Remit: " + said.text() + ". Next: " + said.next() + ". (decision " + decision + ")";
  }

  private static byte[] bytes(ObjectNode message) {
    return message.toString().getBytes(StandardCharsets.UTF_8);
  }
}
