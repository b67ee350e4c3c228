package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.registry.Upstream.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a refusal as an error of the dialect, so that the official clients raise the exception
/// that fits. What is ours stands in the member `remit` of the error, in both the same.
final class ErrorBody {
  private ErrorBody() {}

  static byte[] of(Dialect dialect, Refusal refusal, Optional<DecisionId> decision) {
    var said = Wording.of(refusal);
    var body = JsonMapper.shared().createObjectNode();
    ObjectNode error =
        switch (dialect) {
          case OPENAI ->
              body.putObject("error")
                  .put("message", sentence(said, decision))
                  .put("type", openAi(said.status()))
                  .putNull("param")
                  .put("code", said.reason());
          case ANTHROPIC ->
              body.put("type", "error")
                  .putObject("error")
                  .put("type", anthropic(said.status()))
                  .put("message", sentence(said, decision));
        };
    var remit = error.putObject("remit");
    remit.put("reason", said.reason()).put("text", said.text()).put("next", said.next());
    decision.ifPresent(id -> remit.put("decision", id.value()));
    Wording.policies(refusal).forEach(remit.putArray("policies")::add);
    if (refusal instanceof Refusal.AwaitingApproval(var approval)) {
      remit.put("approval", approval.id().value());
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Whether a client of either dialect can read it: both say their errors as JSON objects.
  static boolean isOne(byte[] body) {
    try {
      return JsonMapper.shared().readTree(body).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  /// What stands in an answer in the place of a call that was refused.
  static String inPlaceOf(String tool, String text, String next, DecisionId proposal) {
    return "[Remit refused the call of `"
        + Wording.shortened(tool)
        + "` that was proposed here: "
        + text
        + ". Next: "
        + next
        + ". (decision "
        + proposal.value()
        + ")]";
  }

  private static String sentence(Wording.Said said, Optional<DecisionId> decision) {
    return "Remit: "
        + said.text()
        + ". Next: "
        + said.next()
        + "."
        + decision.map(id -> " (decision " + id.value() + ")").orElse("");
  }

  private static String openAi(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      case 400, 404, 409, 413 -> "invalid_request_error";
      default -> "server_error";
    };
  }

  private static String anthropic(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 400, 409 -> "invalid_request_error";
      case 503, 529 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> "api_error";
    };
  }
}
