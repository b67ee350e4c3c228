package dev.remit.server.export.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Which entries become spans, and what these say.
@Tag("R191")
@Tag("R194")
class CallSpansTest {

  @Test
  void a_call_that_is_sent_on_is_a_span_only_once_it_has_ended() {
    assertThat(spans(Samples.of(Samples.decided("allow")))).isEmpty();

    assertThat(spans(Samples.ended("answered")))
        .singleElement()
        .satisfies(span -> {
          assertThat(span.getName()).isEqualTo("tools/call transfer");
          assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        });
  }

  @Test
  void a_call_that_does_not_happen_is_a_span_that_failed() {
    assertThat(spans(Samples.of(Samples.decided("deny"))))
        .singleElement()
        .satisfies(span -> {
          assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
          assertThat(text(span, "error.type")).isEqualTo("deny");
        });
    assertThat(text(spans(Samples.ended("timeout")).getFirst(), "error.type")).isEqualTo("timeout");
  }

  @Test
  void a_trace_that_the_agent_named_is_continued() {
    var decided =
        Samples.decided("deny")
            .put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    var span = spans(Samples.of(decided)).getFirst();

    assertThat(span.getTraceId()).isEqualTo(ByteString.fromHex("4bf92f3577b34da6a3ce929d0e0e4736"));
    assertThat(span.getParentSpanId()).isEqualTo(ByteString.fromHex("00f067aa0ba902b7"));
  }

  @Test
  void one_that_is_no_trace_is_left_alone() {
    for (var wrong :
        List.of(
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "hello")) {
      var span = spans(Samples.of(Samples.decided("deny").put("traceparent", wrong))).getFirst();

      assertThat(span.getTraceId()).isEqualTo(usual().getTraceId());
      assertThat(span.getParentSpanId()).isEqualTo(ByteString.EMPTY);
    }
  }

  @Test
  void every_entry_can_be_said_and_says_no_content() {
    var request = OtlpLogs.request(Samples.all());

    var logs = request.getResourceLogs(0).getScopeLogs(0).getLogRecordsList();
    assertThat(logs).hasSameSizeAs(Samples.all());
    assertThat(logs).allMatch(log -> log.getEventName().startsWith("remit."));
    assertThat(spans(Samples.all().toArray(Outgoing[]::new)))
        .allMatch(span -> span.getTraceId().size() == 16 && span.getSpanId().size() == 8);
  }

  private static Span usual() {
    return spans(Samples.of(Samples.decided("deny"))).getFirst();
  }

  private static List<Span> spans(Outgoing... entries) {
    return CallSpans.request(List.of(entries)).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static String text(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(one -> one.getKey().equals(key))
        .map(one -> one.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }
}
