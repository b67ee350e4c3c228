package dev.remit.server.notifications;

import dev.remit.server.export.Delivered;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many messages each channel has taken, and how often one was not, for Prometheus.
final class Counts {
  private static final List<String> OUTCOMES = List.of("taken", "refused", "failed");

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  void count(String channel, Delivered delivered) {
    var outcome =
        switch (delivered) {
          case Delivered.Taken _, Delivered.TakenInPart _ -> "taken";
          case Delivered.Refused _ -> "refused";
          case Delivered.Failed _, Delivered.Later _, Delivered.Gone _ -> "failed";
        };
    of(channel, outcome).increment();
  }

  long taken(String channel) {
    return of(channel, "taken").sum();
  }

  void bindTo(MeterRegistry registry, List<Channel> channels) {
    for (var channel : channels) {
      for (var outcome : OUTCOMES) {
        FunctionCounter.builder("remit.notifications", of(channel.name(), outcome), LongAdder::sum)
            .tag("channel", channel.name())
            .tag("outcome", outcome)
            .register(registry);
      }
    }
  }

  private LongAdder of(String channel, String outcome) {
    return counts.computeIfAbsent(channel + " " + outcome, _ -> new LongAdder());
  }
}
