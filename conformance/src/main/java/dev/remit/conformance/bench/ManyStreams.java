package dev.remit.conformance.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Many streamed answers at the pace of a model, all under way at the same time, and what the
/// server holds meanwhile.
///
/// @param firstBytes until the first byte of each; CPU is that of a whole stream
/// @param during what the server had while all of them were under way
/// @param after the same once they had ended, with the most there ever was
/// @param together whether the last had begun before the first ended
record ManyStreams(
    Measured firstBytes, int events, Footprint during, Footprint after, boolean together) {
  private static final long BEGIN_WITHIN_SECONDS = 60;

  static ManyStreams through(ModelWay way, Process server, int streams, int words)
      throws IOException {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), way.port());
    var requests = way.slowly(words);
    var begun = new CountDownLatch(streams);
    try (var lanes = Executors.newVirtualThreadPerTaskExecutor()) {
      double cpuBefore = way.between().micros();
      long start = System.nanoTime();
      var all = new ArrayList<Future<Stream>>();
      for (int i = 0; i < streams; i++) {
        int n = i;
        all.add(lanes.submit(() -> stream(target, requests.apply(n), begun)));
      }
      boolean haveBegun = begun.await(BEGIN_WITHIN_SECONDS, TimeUnit.SECONDS);
      var during = Footprint.of(server);
      var latencies = new long[streams];
      long lastBegun = Long.MIN_VALUE;
      long firstEnded = Long.MAX_VALUE;
      for (int i = 0; i < streams; i++) {
        var one = all.get(i).get();
        latencies[i] = one.begun() - one.sent();
        lastBegun = Math.max(lastBegun, one.begun() - start);
        firstEnded = Math.min(firstEnded, one.ended() - start);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new ManyStreams(
          Measured.of(latencies, seconds, way.between().micros() - cpuBefore),
          words,
          during,
          Footprint.of(server),
          haveBegun && lastBegun < firstEnded);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while streaming", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a stream failed", e.getCause());
    }
  }

  /// When one was sent, had its first byte and had ended, by [System#nanoTime].
  private record Stream(long sent, long begun, long ended) {}

  private static Stream stream(InetSocketAddress target, byte[] request, CountDownLatch begun)
      throws IOException {
    try (var connection = new RawConnection(target)) {
      long sent = System.nanoTime();
      int status = connection.begin(request);
      connection.awaitBody();
      begun.countDown();
      connection.finish();
      if (status != 200) {
        throw new IOException("a stream was answered with status " + status);
      }
      return new Stream(sent, connection.bodyBegan(), System.nanoTime());
    }
  }

  String text() {
    return ("%d streams %s, each of %d events %d ms apart: server %d threads, %d MiB resident,"
            + " %d MiB at its peak")
        .formatted(
            firstBytes.calls(),
            together ? "at once" : "NOT all at once",
            events,
            FastModel.PAUSE_MILLIS,
            during.threads(),
            during.residentMiB(),
            after.peakMiB());
  }
}
