package dev.remit.cli;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Puts a server's error answer into words.
///
/// Understands problem details (RFC 9457) and OAuth errors (RFC 6749, section 5.2).
public final class Problems {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int EXCERPT_MAX = 200;

  private Problems() {}

  /// Returns the failure that an answer with `status` and `body` means.
  ///
  /// @param withToken whether the request carried a token, which decides the remedy of a 401
  public static ServerProblem of(int status, byte[] body, boolean withToken) {
    var problem = parsed(body);
    return new ServerProblem(
        status, problem, message(status, problem, body), remedy(status, problem, withToken));
  }

  private static JsonNode parsed(byte[] body) {
    try {
      var node = JSON.readTree(body);
      return node.isObject() ? node : JSON.createObjectNode();
    } catch (JacksonException _) {
      return JSON.createObjectNode();
    }
  }

  private static String message(int status, JsonNode problem, byte[] body) {
    var detail = first(problem, "detail", "error_description", "title", "error");
    if (!detail.isEmpty()) {
      return detail;
    }
    var text = new String(body, StandardCharsets.UTF_8).strip();
    var excerpt = text.length() <= EXCERPT_MAX ? text : text.substring(0, EXCERPT_MAX) + "…";
    return "the server answered " + status + (excerpt.isEmpty() ? "" : ": " + excerpt);
  }

  private static String remedy(int status, JsonNode problem, boolean withToken) {
    var remedy = first(problem, "remedy");
    if (!remedy.isEmpty() || status != 401) {
      return remedy;
    }
    return withToken
        ? "the token was refused; set REMIT_TOKEN to a valid operator token"
        : "set REMIT_TOKEN, or run this where the server's data/operator.token is";
  }

  private static String first(JsonNode node, String... members) {
    for (var member : members) {
      var text = node.path(member).asString("");
      if (!text.isBlank()) {
        return text;
      }
    }
    return "";
  }
}
