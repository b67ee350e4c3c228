package dev.remit.server.export;

import dev.remit.server.export.format.Ocsf;
import dev.remit.server.export.format.Outgoing;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// An HTTP endpoint that takes OCSF events, one a line.
final class LinesDestination implements Destination {
  private static final int AT_ONCE_MAX = 500;

  private final Target.OcsfLines target;
  private final InstantSource clock;
  private final HttpSender http;

  LinesDestination(
      Target.OcsfLines target,
      Duration within,
      CompletableFuture<Void> stopping,
      InstantSource clock) {
    this.target = target;
    this.clock = clock;
    this.http = new HttpSender(within, stopping);
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    var body = new ByteArrayOutputStream();
    entries.forEach(out -> body.writeBytes(Ocsf.line(out)));
    var headers = Map.of("Content-Type", Ocsf.MEDIA_TYPE);
    var answer = http.post(target.url(), headers, target.token(), body.toByteArray());
    return HttpVerdict.of(answer, clock.instant());
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
