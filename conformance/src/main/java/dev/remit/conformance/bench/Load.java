package dev.remit.conformance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// A closed loop of HTTP/1.1 calls: each connection sends its next request when the last one was
/// answered. Bounded in connections and in calls; stops by itself.
///
/// @param target where to connect
/// @param connections how many at once
/// @param callsEach how many calls each connection makes
/// @param request the whole request of one call, given a number that no other call has
/// @param until where the latency of a call ends
public record Load(
    InetSocketAddress target,
    int connections,
    int callsEach,
    IntFunction<byte[]> request,
    Until until) {

  /// Which part of an answer counts as its latency.
  public enum Until {
    /// All of it.
    END,
    /// What comes before the first byte of its body; the rest is read all the same.
    FIRST_BYTE
  }

  public Load(
      InetSocketAddress target, int connections, int callsEach, IntFunction<byte[]> request) {
    this(target, connections, callsEach, request, Until.END);
  }

  /// Runs the load and measures it.
  ///
  /// @param between the processes whose CPU is counted
  /// @throws IllegalStateException if a call was not answered with status 200
  Measured run(ProcessCpu between) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      double cpuBefore = between.micros();
      long start = System.nanoTime();
      var lanes = new ArrayList<Future<long[]>>();
      for (int lane = 0; lane < connections; lane++) {
        int first = lane * callsEach;
        lanes.add(executor.submit(() -> calls(first)));
      }
      var latencies = joined(lanes);
      double seconds = (System.nanoTime() - start) / 1e9;
      return Measured.of(latencies, seconds, between.micros() - cpuBefore);
    }
  }

  private long[] calls(int first) {
    var latencies = new long[callsEach];
    try (var connection = new RawConnection(target)) {
      for (int i = 0; i < callsEach; i++) {
        var bytes = request.apply(first + i);
        long start = System.nanoTime();
        int status = connection.call(bytes);
        long end =
            switch (until) {
              case END -> System.nanoTime();
              case FIRST_BYTE -> connection.bodyBegan();
            };
        latencies[i] = end - start;
        if (status != 200) {
          throw new IllegalStateException("a call was answered with status " + status);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("calling " + target, e);
    }
    return latencies;
  }

  private static long[] joined(List<Future<long[]>> lanes) {
    var all = new ArrayList<long[]>();
    for (var lane : lanes) {
      try {
        all.add(lane.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while loading", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a connection failed", e.getCause());
      }
    }
    return all.stream().flatMapToLong(java.util.Arrays::stream).toArray();
  }
}
