package dev.remit.server.gateway.upstream;

import dev.remit.server.gateway.upstream.Arrival.Content;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Params;
import dev.remit.server.gateway.wire.ProtocolVersion;
import dev.remit.server.gateway.wire.RpcId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Finds out which era a server behind standard streams speaks, by asking it to describe itself.
///
/// A description, or one of the errors that only the modern era has, is a modern server; any other
/// error, silence, or a process that ends is a legacy one. That is remembered for a while, except
/// when it said nothing: it may only have been slow to start. A modern server is one for good.
///
/// Source: MCP 2026-07-28, `basic/transports/stdio`, «Backward Compatibility».
final class EraProbe {
  private static final Set<Integer> MODERN_ERRORS = Set.of(-32020, -32021, -32022);
  private static final RpcId ID = RpcId.of("remit-discover");
  private static final String QUESTION =
      """
      {"jsonrpc":"2.0","id":%s,"method":"%s","params":{"_meta":{\
      "io.modelcontextprotocol/protocolVersion":"%s",\
      "io.modelcontextprotocol/clientInfo":{"name":"remit","version":"1"},\
      "io.modelcontextprotocol/clientCapabilities":{}}}}\
      """
          .formatted(ID.json(), Method.DISCOVER, ProtocolVersion.V2026_07_28);

  private final MessageReader reader;
  private final InstantSource clock;
  private final Duration patience;
  private final Duration rememberFor;
  private volatile @Nullable Found found;

  private record Found(boolean isModern, Instant until) {}

  /// @param patience how long a server may take to answer before it counts as a legacy one
  /// @param rememberFor how long it then counts as one
  EraProbe(MessageReader reader, InstantSource clock, Duration patience, Duration rememberFor) {
    this.reader = reader;
    this.clock = clock;
    this.patience = patience;
    this.rememberFor = rememberFor;
  }

  /// Whether the server is modern, if that is known.
  Optional<Boolean> known() {
    var last = found;
    return last == null || clock.instant().isAfter(last.until())
        ? Optional.empty()
        : Optional.of(last.isModern());
  }

  /// Asks it.
  ///
  /// @throws UpstreamFailure if it cannot be asked
  boolean ask(StdioSession server) throws UpstreamFailure {
    var question = new Message.Request(ID, Method.DISCOVER.toString(), Params.NONE);
    byte[] bytes = QUESTION.getBytes(StandardCharsets.UTF_8);
    try (Arrival arrival = server.ask(question, bytes, patience)) {
      return remembered(isModern(answer(arrival)));
    } catch (UpstreamFailure e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return switch (e.kind()) {
        case SILENT -> false;
        case BROKEN, UNREACHABLE -> remembered(false);
      };
    }
  }

  private boolean remembered(boolean isModern) {
    found = new Found(isModern, isModern ? Instant.MAX : clock.instant().plus(rememberFor));
    return isModern;
  }

  private JsonNode answer(Arrival arrival) throws UpstreamFailure {
    try {
      return switch (arrival.content()) {
        case Content.Whole(var body) -> reader.tree(body.read(Integer.MAX_VALUE));
        case Content.Stream(var events) -> answer(events);
      };
    } catch (JacksonException e) {
      throw new UpstreamFailure(Kind.BROKEN, "its answer cannot be read", e);
    }
  }

  /// Something else was said first; the answer is what has our id.
  private JsonNode answer(Arrival.Events events) throws UpstreamFailure {
    for (var event = events.next(); event.isPresent(); event = events.next()) {
      var message = reader.tree(event.get().data());
      if (RpcId.isId(message.path("id")) && RpcId.of(message.path("id")).equals(ID)) {
        return message;
      }
    }
    throw new UpstreamFailure(Kind.BROKEN, "it ended before its answer", null);
  }

  private static boolean isModern(JsonNode answer) {
    return answer.at("/result/supportedVersions").isArray()
        || MODERN_ERRORS.contains(answer.at("/error/code").asInt(0));
  }
}
