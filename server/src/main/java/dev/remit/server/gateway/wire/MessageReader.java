package dev.remit.server.gateway.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one JSON-RPC message strictly, in one pass, keeping only what [Message] holds.
///
/// Strict means: whatever two JSON readers could take differently is refused, because the server
/// behind us reads the same bytes with another one. That is duplicate keys at any depth, keys that
/// differ from a known one only in case (some readers match those), bytes after the value, text
/// that is not UTF-8, and nesting or lengths beyond the limits. Large values that no decision rests
/// on are skipped, not built.
///
/// Immutable; safe for use by many threads.
public final class MessageReader {
  private static final Set<String> ENVELOPE =
      Set.of("jsonrpc", "id", "method", "params", "result", "error");
  private static final Set<String> PARAMS =
      Set.of(
          "name",
          "uri",
          "ref",
          "requestId",
          "notifications",
          "protocolVersion",
          "progressToken",
          "requestState",
          "inputResponses");
  private static final Set<String> SENSITIVE =
      Set.of(
          "name",
          "uri",
          "ref",
          "arguments",
          "_meta",
          "requestid",
          "notifications",
          "requeststate",
          "inputresponses");

  private final JsonMapper json;
  private final JsonMapper exact;

  /// @param depthMax how deep objects and arrays may nest, the message itself counted
  /// @param stringMax the longest string, in characters
  public MessageReader(int depthMax, int stringMax) {
    var limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(depthMax)
            .maxStringLength(stringMax)
            .maxNameLength(1_024)
            .maxNumberLength(128)
            .build();
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(limits)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    json = JsonMapper.builder(factory).build();
    exact =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
  }

  /// Reads the whole of `bytes` as one message.
  public Reading read(byte[] bytes) {
    if (!isUtf8(bytes)) {
      return new Reading.NotJson("the message is not UTF-8 text");
    }
    try (JsonParser in = json.createParser(bytes)) {
      return switch (in.nextToken()) {
        case START_OBJECT -> envelope(in);
        case START_ARRAY -> new Reading.NotRpc("batches are not part of this protocol version");
        case null -> new Reading.NotJson("the message is empty");
        default -> new Reading.NotRpc("a message is a JSON object");
      };
    } catch (JacksonException e) {
      return new Reading.NotJson(e.getOriginalMessage());
    }
  }

  /// Reads a value that is needed as a whole, with the same strictness and limits.
  ///
  /// @throws JacksonException if it is not one JSON value within the limits
  public JsonNode tree(byte[] bytes) {
    return json.readTree(bytes);
  }

  /// Reads a value that is to be written again, as [#tree] does; numbers keep every digit.
  ///
  /// @throws JacksonException if it is not one JSON value within the limits
  public JsonNode exactTree(String text) {
    try (JsonParser in = exact.createParser(text)) {
      JsonNode value = exact.readTree(in);
      if (value == null || in.nextToken() != null) {
        throw new tools.jackson.core.exc.StreamReadException(in, "there is not just one value");
      }
      return value;
    }
  }

  private static Reading envelope(JsonParser in) {
    var seen = new Envelope();
    for (String key = in.nextName(); key != null; key = in.nextName()) {
      in.nextToken();
      switch (key) {
        case "jsonrpc" -> seen.version = text(in);
        case "id" -> seen.id = in.readValueAsTree();
        case "method" -> seen.method = text(in);
        case "params" -> {
          if (in.currentToken() != JsonToken.START_OBJECT) {
            return new Reading.NotRpc("`params` is an object");
          }
          seen.params = params(in);
        }
        case "result" -> seen.ending = result(in);
        case "error" -> seen.ending = error(in);
        default -> {
          refuseLookalike(in, key, ENVELOPE);
          in.skipChildren();
        }
      }
    }
    if (in.nextToken() != null) {
      return new Reading.NotJson("there are bytes after the message");
    }
    return seen.asMessage();
  }

  private static Params params(JsonParser in) {
    ObjectNode fields = null;
    JsonNode arguments = MissingNode.getInstance();
    JsonNode meta = MissingNode.getInstance();
    for (String key = in.nextName(); key != null; key = in.nextName()) {
      in.nextToken();
      if (key.equals("arguments")) {
        arguments = in.readValueAsTree();
      } else if (key.equals("_meta")) {
        meta = in.readValueAsTree();
      } else if (PARAMS.contains(key)) {
        fields = fields == null ? JsonMapper.shared().createObjectNode() : fields;
        fields.set(key, in.<JsonNode>readValueAsTree());
      } else {
        refuseLookalike(in, key, SENSITIVE);
        in.skipChildren();
      }
    }
    return new Params(fields == null ? MissingNode.getInstance() : fields, arguments, meta);
  }

  private static Ending result(JsonParser in) {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return new Ending.Result(false);
    }
    boolean failed = false;
    boolean asks = false;
    List<String> methods = List.of();
    for (String key = in.nextName(); key != null; key = in.nextName()) {
      in.nextToken();
      switch (key) {
        case "isError" -> failed = in.currentToken() == JsonToken.VALUE_TRUE;
        case "resultType" -> asks = text(in).equals("input_required");
        case "inputRequests" -> methods = methods(in.readValueAsTree());
        default -> in.skipChildren();
      }
    }
    return asks || !methods.isEmpty()
        ? new Ending.InputRequired(methods)
        : new Ending.Result(failed);
  }

  private static List<String> methods(JsonNode requests) {
    var methods = new ArrayList<String>();
    requests.forEach(request -> methods.add(request.path("method").asString("")));
    return methods;
  }

  private static Ending error(JsonParser in) {
    JsonNode error = in.readValueAsTree();
    return new Ending.Failure(error.path("code").asLong(0));
  }

  private static String text(JsonParser in) {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return in.getString();
    }
    in.skipChildren();
    return "";
  }

  private static void refuseLookalike(JsonParser in, String key, Set<String> known) {
    if (known.contains(key.toLowerCase(Locale.ROOT))) {
      throw new tools.jackson.core.exc.StreamReadException(
          in, "`" + key + "` differs from a known key only in case");
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    byte negative = 0;
    for (byte b : bytes) {
      negative |= b;
    }
    if (negative >= 0) {
      // A NUL is legal in ASCII and never in JSON: it betrays UTF-16 or UTF-32.
      return bytes.length < 2 || (bytes[0] != 0 && bytes[1] != 0);
    }
    if ((bytes[0] & 0xFF) >= 0xEF) {
      return false; // a byte order mark, which JSON text must not begin with
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return bytes.length < 2 || (bytes[0] != 0 && bytes[1] != 0);
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /// What has been seen of the envelope so far. Lives only while one message is read.
  private static final class Envelope {
    String version = "";
    String method = "";
    JsonNode id = MissingNode.getInstance();
    Params params = Params.NONE;
    @org.jspecify.annotations.Nullable Ending ending;

    Reading asMessage() {
      if (!version.equals("2.0")) {
        return new Reading.NotRpc("`jsonrpc` is \"2.0\"");
      }
      if (ending != null) {
        return method.isEmpty()
            ? answer(ending)
            : new Reading.NotRpc("a message is a request or an answer, not both");
      }
      if (method.isEmpty()) {
        return new Reading.NotRpc("`method` is missing");
      }
      if (id.isMissingNode()) {
        return new Reading.Read(new Message.Notice(method, params));
      }
      return RpcId.isId(id)
          ? new Reading.Read(new Message.Request(RpcId.of(id), method, params))
          : new Reading.NotRpc("`id` is a string or an integer");
    }

    private Reading answer(Ending how) {
      if (RpcId.isId(id)) {
        return new Reading.Read(new Message.Answer(RpcId.of(id), how));
      }
      return how instanceof Ending.Failure(var code)
          ? new Reading.Read(new Message.Complaint(code))
          : new Reading.NotRpc("an answer names its request");
    }
  }
}
