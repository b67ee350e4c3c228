package dev.remit.server.measures;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// How fast somebody new gets to work and how often they are turned away before, beside how much
/// less can be reached, and for how much less of the time.
final class Provisioning {
  private Provisioning() {}

  static Balance of(Period period) {
    var firsts = new Firsts(period);
    return new Balance(
        "provisioning",
        "how fast does somebody new get to work, and how much less can they reach?",
        List.of(
            Figure.median(
                "first-call", firsts.took, "from declaring an identity to its first allowed call"),
            Figure.count(
                "refused-before",
                firsts.refused,
                "calls",
                "refused before the first that was allowed, of identities declared in the period"),
            Figure.count(
                "exchanges-refused",
                period.count(EntryType.EXCHANGE_REFUSED),
                "exchanges",
                "tokens asked for and refused")),
        List.of(reach(period), time(period)));
  }

  /// From when each identity of the period is declared to its first call.
  private static final class Firsts {
    private final List<Duration> took = new ArrayList<>();
    private long refused;

    Firsts(Period period) {
      Map<String, Instant> declared = new HashMap<>();
      for (var entry : period.entries()) {
        switch (entry.type()) {
          case REGISTRY_CHANGED -> {
            if (entry.says("kind", "identity") && entry.says("action", "create")) {
              declared.put(entry.text("name").orElse(""), entry.at());
            }
          }
          case CALL_DECIDED, CALL_REFUSED -> called(period, entry, declared);
          default -> {}
        }
      }
    }

    private void called(Period period, RecordedEntry entry, Map<String, Instant> declared) {
      var name = period.identity(entry).map(Identity::key).orElse("");
      if (declared.containsKey(name)) {
        if (entry.isSentOn()) {
          took.add(Duration.between(declared.remove(name), entry.at()));
        } else if (!entry.says("decision", "hold")) {
          refused++;
        }
      }
    }
  }

  /// Tools that are granted, of all behind the resources that are granted at all: what a shared key
  /// for these would reach.
  private static Figure reach(Period period) {
    var granted = new HashSet<Tool>();
    var there = new HashSet<Tool>();
    for (var identity : period.identities()) {
      for (var grant : period.declared().grants(identity.name())) {
        var tools = period.declared().tools(grant.resource());
        there.addAll(tools);
        tools.stream().filter(grant::names).forEach(granted::add);
      }
    }
    return Figure.share(
        "out-of-reach",
        there.size() - granted.size(),
        there.size(),
        "of the tools behind its resources are out of reach, which a key of their own would reach");
  }

  /// How much of the period no task was alive, and so no credential either.
  private static Figure time(Period period) {
    var alive = new ArrayList<Span>();
    var ends = new HashMap<String, Instant>();
    period
        .of(EntryType.TASK_COMPLETED)
        .forEach(entry -> entry.id().ifPresent(id -> ends.put(id, entry.at())));
    period
        .of(EntryType.TASK_STARTED)
        .forEach(entry -> {
          var runsOut = Instant.parse(entry.text("expiresAt").orElse(period.until().toString()));
          var end = ends.getOrDefault(entry.id().orElse(""), runsOut);
          alive.add(new Span(entry.at(), end.isBefore(period.until()) ? end : period.until()));
        });
    double without = 100 - 100.0 * Span.covered(alive).toMillis() / period.length().toMillis();
    return new Figure(
        "without-access",
        OptionalDouble.of(without),
        "%",
        "of the time no task was alive, so there was nothing to steal");
  }

  private record Span(Instant from, Instant until) {

    /// How long at least one of them lasts; they are in the order of their beginnings.
    static Duration covered(List<Span> spans) {
      var covered = Duration.ZERO;
      var seen = Instant.MIN;
      for (var span : spans) {
        var from = span.from().isBefore(seen) ? seen : span.from();
        if (span.until().isAfter(from)) {
          covered = covered.plus(Duration.between(from, span.until()));
          seen = span.until();
        }
      }
      return covered;
    }
  }
}
