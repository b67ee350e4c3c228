package dev.remit.server.export;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.remit.server.export.format.CallSpans;
import dev.remit.server.export.format.OtlpLogs;
import dev.remit.server.export.format.Outgoing;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A receiver of OTLP over HTTP in binary protobuf: a log record for each entry, and a span for
/// each call that is over. Both have to be taken.
///
/// Source: OTLP 1.11.0, "OTLP/HTTP".
final class OtlpDestination implements Destination {
  private static final int AT_ONCE_MAX = 500;
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/x-protobuf");

  private final Target.Otlp target;
  private final InstantSource clock;
  private final HttpSender http;

  OtlpDestination(
      Target.Otlp target, Duration within, CompletableFuture<Void> stopping, InstantSource clock) {
    this.target = target;
    this.clock = clock;
    this.http = new HttpSender(within, stopping);
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    var logs = post("/v1/logs", OtlpLogs.request(entries).toByteArray());
    var spans = CallSpans.request(entries);
    if (spans.getResourceSpansCount() == 0 || isHalted(logs)) {
      return logs;
    }
    var traces = post("/v1/traces", spans.toByteArray());
    return logs instanceof Delivered.TakenInPart && !isHalted(traces) ? logs : traces;
  }

  private static boolean isHalted(Delivered delivered) {
    return !(delivered instanceof Delivered.Taken || delivered instanceof Delivered.TakenInPart);
  }

  private Delivered post(String path, byte[] body) {
    var url = URI.create(target.url().toString().replaceAll("/+$", "") + path);
    var answer = http.post(url, HEADERS, target.token(), body);
    var verdict = HttpVerdict.of(answer, clock.instant());
    return verdict instanceof Delivered.Taken && answer instanceof HttpSender.Answer.Said said
        ? inPart(path, said.body())
        : verdict;
  }

  /// A receiver that has kept only some says how many, and wants none of them again.
  private static Delivered inPart(String path, byte[] body) {
    try {
      long rejected =
          path.endsWith("logs")
              ? ExportLogsServiceResponse.parseFrom(body)
                  .getPartialSuccess()
                  .getRejectedLogRecords()
              : ExportTraceServiceResponse.parseFrom(body).getPartialSuccess().getRejectedSpans();
      return rejected > 0
          ? new Delivered.TakenInPart(rejected, "it rejected " + rejected + " of " + path)
          : new Delivered.Taken();
    } catch (InvalidProtocolBufferException e) {
      // Taken all the same: that is what the status says.
      return new Delivered.Taken();
    }
  }

  @Override
  public int atOnceMax() {
    return AT_ONCE_MAX;
  }

  @Override
  public boolean isInOrder() {
    return false;
  }

  @Override
  public void close() {
    http.close();
  }
}
