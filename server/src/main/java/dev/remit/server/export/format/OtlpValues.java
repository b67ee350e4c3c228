package dev.remit.server.export.format;

import com.google.protobuf.ByteString;
import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What logs and spans of OTLP have in common: values, who speaks, and which trace it belongs to.
///
/// Source: OTLP 1.11.0; W3C Trace Context, section 3.2.2.
final class OtlpValues {
  private static final int TRACE_ID = 16;
  private static final int SPAN_ID = 8;
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}.*");

  private OtlpValues() {}

  static Resource resource(Outgoing out) {
    return Resource.newBuilder()
        .addAttributes(text("service.name", "remit"))
        .addAttributes(text("service.instance.id", out.entry().producer().name()))
        .addAttributes(text("remit.log.origin", out.origin()))
        .build();
  }

  static InstrumentationScope scope() {
    return InstrumentationScope.newBuilder().setName("dev.remit.ledger").build();
  }

  static KeyValue text(String key, String value) {
    return of(key, AnyValue.newBuilder().setStringValue(value).build());
  }

  static KeyValue number(String key, long value) {
    return of(key, AnyValue.newBuilder().setIntValue(value).build());
  }

  static KeyValue of(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /// Returns a value of an entry; of an object, its canonical JSON as text.
  static AnyValue value(JsonNode value) {
    var any = AnyValue.newBuilder();
    if (value.isBoolean()) {
      return any.setBoolValue(value.booleanValue()).build();
    }
    if (value.isIntegralNumber()) {
      return any.setIntValue(value.longValue()).build();
    }
    if (value.isArray()) {
      var array = ArrayValue.newBuilder();
      value.forEach(one -> array.addValues(value(one)));
      return any.setArrayValue(array).build();
    }
    return value.isString()
        ? any.setStringValue(value.stringValue()).build()
        : any.setStringValue(CanonicalJson.text(value)).build();
  }

  static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
  }

  /// Returns the trace of the agent's own, if the entry names one, else one for each task.
  static Optional<ByteString> traceId(Outgoing out) {
    return traceparent(out, 1).or(() -> out.said("task").map(task -> id("trace", task, TRACE_ID)));
  }

  /// Returns the span of the agent's own that the call was made in.
  static Optional<ByteString> parentSpanId(Outgoing out) {
    return traceparent(out, 2);
  }

  /// Returns the span of the call that the entry belongs to: one for each decision.
  static Optional<ByteString> spanId(Outgoing out) {
    return out.entry().of().or(out.entry()::id).map(call -> id("span", call, SPAN_ID));
  }

  private static ByteString id(String kind, String of, int length) {
    return ByteString.copyFrom(
        Arrays.copyOf(Digest.of("remit " + kind + " v1 " + of).bytes(), length));
  }

  private static Optional<ByteString> traceparent(Outgoing out, int group) {
    return out.said("traceparent")
        .map(TRACEPARENT::matcher)
        .filter(found -> found.matches())
        .map(found -> ByteString.fromHex(found.group(group)));
  }
}
