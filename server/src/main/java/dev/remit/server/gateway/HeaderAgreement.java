package dev.remit.server.gateway;

import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Method;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whether the headers of a modern request say what its body says.
///
/// Remit decides from the body. Whoever stands between it and the upstream may have decided from
/// the headers, so a difference is refused and never resolved.
///
/// Source: Model Context Protocol 2026-07-28, Streamable HTTP, "Request Metadata".
final class HeaderAgreement {
  private static final String BASE64 = "=?base64?";

  private HeaderAgreement() {}

  /// Returns the first disagreement about what every request says.
  static Optional<Refusal> standard(Map<String, String> headers, Message.Request request) {
    var named = name(request);
    return differs("MCP-Protocol-Version", headers, request.params().declaredVersion())
        .or(() -> differs("Mcp-Method", headers, request.method()))
        .or(() -> named.isEmpty() ? Optional.empty() : differs("Mcp-Name", headers, named));
  }

  /// Returns the first disagreement about arguments that the tool's reviewed schema mirrors.
  static Optional<Refusal> mirrored(
      Map<String, String> headers, JsonNode schema, JsonNode arguments) {
    for (var property : schema.path("properties").properties()) {
      var value = arguments.path(property.getKey());
      var header = property.getValue().path("x-mcp-header").asString("");
      var found =
          header.isEmpty()
              ? mirrored(headers, property.getValue(), value)
              : mirrors("Mcp-Param-" + header, headers, value);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /// Returns `headers` with those that repeat a number of `arguments` saying it as it is there.
  static Map<String, String> repeating(
      Map<String, String> headers, JsonNode schema, JsonNode arguments) {
    var all = new LinkedHashMap<>(headers);
    repeat(all, schema, arguments);
    return all;
  }

  private static void repeat(Map<String, String> headers, JsonNode schema, JsonNode arguments) {
    for (var property : schema.path("properties").properties()) {
      var value = arguments.path(property.getKey());
      var name = property.getValue().path("x-mcp-header").asString("");
      if (name.isEmpty()) {
        repeat(headers, property.getValue(), value);
      } else if (value.isNumber()) {
        headers.replace("mcp-param-" + name.toLowerCase(Locale.ROOT), value.asString());
      }
    }
  }

  private static Optional<Refusal> mirrors(
      String header, Map<String, String> headers, JsonNode value) {
    var sent = headers.get(header.toLowerCase(Locale.ROOT));
    if (value.isMissingNode() || value.isNull()) {
      return sent == null ? Optional.empty() : mismatch(header + " repeats nothing in the body");
    }
    if (sent == null) {
      return mismatch(header + " is missing");
    }
    boolean same =
        value.isIntegralNumber() ? isSameNumber(sent, value) : isSame(sent, value.asString());
    return same ? Optional.empty() : mismatch(header + " does not match the body");
  }

  private static Optional<Refusal> differs(
      String header, Map<String, String> headers, String value) {
    var sent = headers.get(header.toLowerCase(Locale.ROOT));
    if (sent == null) {
      return mismatch(header + " is missing");
    }
    return isSame(sent, value)
        ? Optional.empty()
        : mismatch(header + " `" + sent + "` does not match the body's `" + value + "`");
  }

  private static boolean isSame(String sent, String value) {
    if (!sent.startsWith(BASE64) || !sent.endsWith("?=") || sent.length() < BASE64.length() + 2) {
      return sent.equals(value);
    }
    try {
      byte[] decoded =
          Base64.getDecoder().decode(sent.substring(BASE64.length(), sent.length() - 2));
      return new String(decoded, StandardCharsets.UTF_8).equals(value);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isSameNumber(String sent, JsonNode value) {
    try {
      return sent.length() <= 40
          && new BigDecimal(sent).compareTo(new BigDecimal(value.bigIntegerValue())) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String name(Message.Request request) {
    return switch (Method.fromClient(request.method(), dev.remit.server.gateway.wire.Era.MODERN)
        .orElse(Method.PING)) {
      case TOOLS_CALL, PROMPTS_GET -> request.params().name();
      case RESOURCES_READ -> request.params().uri();
      default -> "";
    };
  }

  private static Optional<Refusal> mismatch(String why) {
    return Optional.of(new Refusal.HeaderMismatch(why));
  }
}
