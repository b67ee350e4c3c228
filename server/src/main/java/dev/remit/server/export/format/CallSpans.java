package dev.remit.server.export.format;

import dev.remit.kernel.ledger.EntryType;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says each call as a span, from its decision to its outcome: once it is over, or when it was
/// decided that it does not happen.
///
/// Source: OTLP 1.11.0, `trace.proto`; OpenTelemetry semantic conventions for generative AI, MCP
/// server spans and `execute_tool` (July 2026, in development).
public final class CallSpans {

  private CallSpans() {}

  /// Returns the spans of the calls that are over; an empty request if there are none.
  public static ExportTraceServiceRequest request(List<Outgoing> entries) {
    var scope = ScopeSpans.newBuilder().setScope(OtlpValues.scope());
    entries.stream().flatMap(out -> span(out).stream()).forEach(scope::addSpans);
    if (scope.getSpansCount() == 0) {
      return ExportTraceServiceRequest.getDefaultInstance();
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(OtlpValues.resource(entries.getFirst()))
                .addScopeSpans(scope))
        .build();
  }

  static boolean isOfCall(EntryType type) {
    return type == EntryType.CALL_DECIDED
        || type == EntryType.CALL_REFUSED
        || type == EntryType.CALL_ENDED;
  }

  private static Optional<Span> span(Outgoing out) {
    var entry = out.entry();
    if (!isOfCall(entry.type()) || entry.isSentOn()) {
      // What is sent on becomes a span with its outcome.
      return Optional.empty();
    }
    var trace = OtlpValues.traceId(out);
    var id = OtlpValues.spanId(out);
    if (trace.isEmpty() || id.isEmpty()) {
      return Optional.empty();
    }
    var method = out.said("method").orElse("unknown");
    var span =
        Span.newBuilder()
            .setTraceId(trace.get())
            .setSpanId(id.get())
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(OtlpValues.nanos(start(out)))
            .setEndTimeUnixNano(OtlpValues.nanos(entry.at()))
            .addAttributes(OtlpValues.text("mcp.method.name", method))
            .addAttributes(OtlpValues.text("remit.entry.uid", out.id()));
    OtlpValues.parentSpanId(out).ifPresent(span::setParentSpanId);
    name(out, method, span);
    said(out, span, "resource", "remit.resource");
    said(out, span, "decision", "remit.decision");
    said(out, span, "identity", "remit.identity");
    said(out, span, "task", "remit.task");
    said(out, span, "intent", "remit.intent");
    span.addAttributes(OtlpValues.text("remit.workflow", out.workflow()));
    error(out)
        .ifPresent(error ->
            span.addAttributes(OtlpValues.text("error.type", error))
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR)));
    return Optional.of(span.build());
  }

  /// A tool or a prompt has a name that there are few of; a resource's URI stays out of the name.
  private static void name(Outgoing out, String method, Span.Builder span) {
    var target = target(out);
    switch (method) {
      case "tools/call" -> {
        span.addAttributes(OtlpValues.text("gen_ai.operation.name", "execute_tool"));
        target.ifPresent(tool -> span.addAttributes(OtlpValues.text("gen_ai.tool.name", tool)));
      }
      case "prompts/get" ->
          target.ifPresent(
              prompt -> span.addAttributes(OtlpValues.text("gen_ai.prompt.name", prompt)));
      case "resources/read", "resources/subscribe", "resources/unsubscribe" ->
          target.ifPresent(uri -> span.addAttributes(OtlpValues.text("mcp.resource.uri", uri)));
      default -> {}
    }
    boolean named = method.equals("tools/call") || method.equals("prompts/get");
    span.setName(named ? target.map(what -> method + " " + what).orElse(method) : method);
  }

  /// Returns what is asked for as the server itself names it, without the resource before it.
  private static Optional<String> target(Outgoing out) {
    var prefix = out.said("resource").orElse("") + "/";
    return out.said("target")
        .map(text -> text.startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static void said(Outgoing out, Span.Builder span, String member, String key) {
    out.said(member).ifPresent(text -> span.addAttributes(OtlpValues.text(key, text)));
  }

  private static Instant start(Outgoing out) {
    return out.decided()
        .map(decided -> decided.at())
        .filter(at -> !at.isAfter(out.entry().at()))
        .orElse(out.entry().at());
  }

  private static Optional<String> error(Outgoing out) {
    var entry = out.entry();
    return switch (entry.text("outcome").orElse("")) {
      case "answered", "replayed" -> Optional.empty();
      case "failed" -> Optional.of("tool_error");
      case "" ->
          Optional.of(entry.text("reason").or(() -> entry.text("decision")).orElse("refused"));
      default -> entry.text("outcome");
    };
  }
}
