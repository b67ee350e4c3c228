package dev.remit.server.export;

import static dev.remit.server.export.ExportWorld.config;
import static dev.remit.server.export.ExportWorld.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.Receiver.Behaviour;
import dev.remit.server.export.Receiver.Got;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// OTLP as a receiver decodes it with the official message classes.
@Tag("R191")
@Tag("R194")
@Tag("R200")
class OtlpTest {
  private final ExportWorld world = new ExportWorld();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    world.close();
    receiver.close();
  }

  @Test
  void every_entry_is_a_log_record_with_its_members_and_its_own_id() {
    world.call("payments");

    world.begin(config("otel", target()));

    world.settle();
    var logs = logs();
    assertThat(logs).hasSameSizeAs(world.all());
    for (var entry : world.all()) {
      var log =
          logs.stream()
              .filter(one ->
                  text(one.getAttributesList(), "remit.log.index").equals(entry.index() + ""))
              .findFirst()
              .orElseThrow();
      assertThat(log.getEventName()).isEqualTo("remit." + entry.type().word());
      assertThat(log.getTimeUnixNano() / 1_000_000).isEqualTo(entry.at().toEpochMilli());
      entry
          .id()
          .ifPresent(id -> assertThat(text(log.getAttributesList(), "remit.id")).isEqualTo(id));
    }
    assertThat(receiver.taken())
        .allMatch(got -> "application/x-protobuf".equals(got.headers().getFirst("Content-Type")))
        .allMatch(got -> "Bearer of-the-bearer".equals(got.headers().getFirst("Authorization")));
  }

  @Test
  void a_call_is_one_span_from_its_decision_to_its_outcome_in_the_trace_of_its_task() {
    world.call("payments");
    world.call("payments");

    world.begin(config("otel", target()));

    world.settle();
    var spans = spans();
    assertThat(spans).hasSize(2);
    assertThat(spans.stream().map(Span::getTraceId).collect(Collectors.toSet())).hasSize(1);
    assertThat(spans.stream().map(Span::getSpanId).collect(Collectors.toSet())).hasSize(2);
    var span = spans.getFirst();
    assertThat(span.getTraceId().size()).isEqualTo(16);
    assertThat(span.getSpanId().size()).isEqualTo(8);
    assertThat(span.getName()).isEqualTo("tools/call pay");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
    assertThat(text(span.getAttributesList(), "gen_ai.operation.name")).isEqualTo("execute_tool");
    assertThat(text(span.getAttributesList(), "gen_ai.tool.name")).isEqualTo("pay");
    assertThat(text(span.getAttributesList(), "mcp.method.name")).isEqualTo("tools/call");
    assertThat(text(span.getAttributesList(), "remit.workflow")).isEqualTo("payments");
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    // The log records of the call name the span.
    assertThat(logs())
        .filteredOn(log -> log.getSpanId().equals(span.getSpanId()))
        .extracting(LogRecord::getEventName)
        .containsExactlyInAnyOrder("remit.call.decided", "remit.call.ended");
  }

  @Test
  void what_a_receiver_rejects_of_a_batch_is_not_sent_again_but_set_aside_and_recorded() {
    var partly =
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(ExportLogsPartialSuccess.newBuilder().setRejectedLogRecords(2))
            .build()
            .toByteArray();
    receiver.behaves(_ -> new Behaviour.Answer(200, Map.of(), partly));
    world.begin(config("otel", target()));
    until(() -> !world.standing().asides().isEmpty());
    receiver.answers(200);

    world.settle();

    var aside = world.standing().asides().getLast();
    assertThat(aside.entries()).isEqualTo(2);
    assertThat(aside.index()).isZero();
    assertThat(world.all()).anyMatch(entry -> entry.type() == EntryType.EXPORT_SETASIDE);
    assertThat(world.found("export-entry-refused")).hasSize(1);
  }

  @Test
  void one_entry_at_fault_in_a_batch_is_found_and_the_others_arrive() {
    world.call("payments");
    world.decided("dec_poison", "payments");
    world.call("payments");
    receiver.behaves(body ->
        body.contains("dec_poison") ? new Behaviour.Answer(400) : new Behaviour.Answer(200));

    world.begin(config("otel", target()));

    world.settle();
    assertThat(world.standing().asides()).hasSize(1);
    var arrived =
        logs().stream()
            .map(log -> text(log.getAttributesList(), "remit.id"))
            .collect(Collectors.toSet());
    for (var entry : world.all()) {
      boolean withheld =
          entry.id().filter("dec_poison"::equals).isPresent()
              || entry.type() == EntryType.EXPORT_SETASIDE;
      entry.id().ifPresent(id -> assertThat(arrived.contains(id)).isNotEqualTo(withheld));
    }
  }

  @Test
  void spans_that_are_refused_for_now_are_sent_again_with_their_logs() {
    world.call("payments");
    var left = new AtomicInteger(3);
    receiver.behaves(body ->
        body.contains("mcp.method.name") && left.getAndDecrement() > 0
            ? new Behaviour.Answer(503)
            : new Behaviour.Answer(200));

    world.begin(config("otel", target()));

    world.settle();
    assertThat(spans()).hasSize(1);
    assertThat(logs().size()).isGreaterThan(world.all().size());
    assertThat(
            logs().stream()
                .map(log -> text(log.getAttributesList(), "log.record.uid"))
                .collect(Collectors.toSet()))
        .hasSameSizeAs(world.all());
  }

  private Target target() {
    var base = receiver.url().toString();
    return new Target.Otlp(
        URI.create(base.substring(0, base.indexOf("/in"))),
        Optional.of(new Secret("of-the-bearer")));
  }

  private List<LogRecord> logs() {
    return taken("/v1/logs").stream()
        .map(got -> parsed(got, ExportLogsServiceRequest::parseFrom))
        .flatMap(request -> request.getResourceLogsList().stream())
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  private List<Span> spans() {
    return taken("/v1/traces").stream()
        .map(got -> parsed(got, ExportTraceServiceRequest::parseFrom))
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private List<Got> taken(String path) {
    return receiver.taken().stream().filter(got -> got.path().equals(path)).toList();
  }

  private static String text(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(one -> one.getKey().equals(key))
        .map(one ->
            one.getValue().hasIntValue()
                ? Long.toString(one.getValue().getIntValue())
                : one.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  private interface Parse<T> {
    T of(byte[] body) throws InvalidProtocolBufferException;
  }

  private static <T> T parsed(Got got, Parse<T> parse) {
    try {
      return parse.of(got.body());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what was sent is no message", e);
    }
  }
}
