package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ToolDefinition;
import dev.remit.server.gateway.Definitions.Unanswered;
import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.upstream.Arrival.Content;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Event;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Params;
import dev.remit.server.gateway.wire.ProtocolVersion;
import dev.remit.server.gateway.wire.Reading;
import dev.remit.server.gateway.wire.RpcId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a server for its tools on Remit's own account, within the session of a call.
final class DefinitionQuery {
  private static final int PAGES_MAX = 100;
  private static final int TOOLS_MAX = 10_000;

  /// Two definitions under one name: no reviewed digest is this one, so the tool counts as changed.
  private static final Digest TWICE = Digest.of("a tool that is defined twice");

  private final AtomicLong number = new AtomicLong();
  private final MessageReader reader;
  private final GatewayConfig config;

  DefinitionQuery(MessageReader reader, GatewayConfig config) {
    this.reader = reader;
    this.config = config;
  }

  Map<String, Digest> all(Call call) throws Unanswered {
    var tools = new HashMap<String, Digest>();
    var cursor = "";
    for (int page = 0; page < PAGES_MAX; page++) {
      var result = page(call, cursor);
      collect(result, tools);
      cursor = result.path("nextCursor").asString("");
      if (cursor.isEmpty()) {
        return Map.copyOf(tools);
      }
    }
    throw new Unanswered("its list has more than " + PAGES_MAX + " pages");
  }

  /// Reads the definitions of one `tools/list` result into `tools`.
  static void collect(JsonNode result, Map<String, Digest> tools) throws Unanswered {
    collect(result, tools, ToolDefinition::digest);
  }

  /// @param digesting what [ToolDefinition#digest] says of one of them
  static void collect(
      JsonNode result, Map<String, Digest> tools, Function<JsonNode, Digest> digesting)
      throws Unanswered {
    for (var tool : result.path("tools")) {
      try {
        var digest = digesting.apply(tool);
        tools.merge(tool.path("name").asString(""), digest, (a, b) -> a.equals(b) ? a : TWICE);
      } catch (IllegalArgumentException e) {
        throw new Unanswered("it lists a tool that has no canonical form: " + e.getMessage());
      }
    }
    if (tools.size() > TOOLS_MAX) {
      throw new Unanswered("it lists more than " + TOOLS_MAX + " tools");
    }
  }

  private JsonNode page(Call call, String cursor) throws Unanswered {
    var id = RpcId.of("remit-" + number.incrementAndGet());
    byte[] bytes = request(id, call.era(), cursor);
    var message = new Message.Request(id, "tools/list", Params.NONE);
    var departure =
        new Departure.Post(
            call.agent().claims().task(),
            call.session().id(),
            headers(call),
            config.answerWithin(),
            message,
            bytes);
    try (Arrival arrival = call.route().send(departure)) {
      byte[] answer =
          switch (arrival.content()) {
            case Content.Whole(var body) -> body.read(config.resultBytesMax());
            case Content.Stream(var events) -> answer(events, id);
          };
      var result = reader.tree(answer).path("result");
      if (!result.path("tools").isArray()) {
        throw new Unanswered("it does not list its tools (status " + arrival.status() + ")");
      }
      return result;
    } catch (UpstreamFailure e) {
      throw new Unanswered(String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      throw new Unanswered("its list cannot be read: " + e.getOriginalMessage());
    }
  }

  private byte[] answer(Arrival.Events events, RpcId id) throws UpstreamFailure, Unanswered {
    for (Optional<Event> event = events.next(); event.isPresent(); event = events.next()) {
      byte[] data = event.get().data();
      if (event.get().carriesMessage()
          && reader.read(data) instanceof Reading.Read(Message.Answer(var of, _))
          && of.equals(id)) {
        return data;
      }
    }
    throw new Unanswered("its stream ended without the list");
  }

  private static byte[] request(RpcId id, Era era, String cursor) {
    var json = JsonMapper.shared().createObjectNode().put("jsonrpc", "2.0");
    json.set("id", JsonMapper.shared().readTree(id.json()));
    var params = json.put("method", "tools/list").putObject("params");
    if (!cursor.isEmpty()) {
      params.put("cursor", cursor);
    }
    if (era == Era.MODERN) {
      var meta = params.putObject("_meta");
      meta.put("io.modelcontextprotocol/protocolVersion", ProtocolVersion.V2026_07_28.toString());
      meta.putObject("io.modelcontextprotocol/clientCapabilities");
      meta.putObject("io.modelcontextprotocol/clientInfo").put("name", "remit").put("version", "1");
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> headers(Call call) {
    var headers = new HashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json, text/event-stream");
    var version = call.headers().get("mcp-protocol-version");
    if (version != null) {
      headers.put("mcp-protocol-version", version);
    }
    if (call.era() == Era.MODERN) {
      headers.put("mcp-method", "tools/list");
    }
    return headers;
  }
}
