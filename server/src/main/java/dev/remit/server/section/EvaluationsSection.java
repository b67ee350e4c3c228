package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.checkName;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/// Testing models and agents, and watching those in use.
public record EvaluationsSection(
    @Setting(says = "models and agents that may be asked beside those that are declared")
        List<Endpoint> endpoints,
    @Setting(says = "directory of suites besides those that come with the product; none if empty")
        String suites,
    @Setting(value = "8", says = "questions under way at once in one run") int concurrency,
    @Setting(value = "60s", says = "longest wait for one answer") Duration within,
    @Setting(value = "3", says = "how often one question is tried when an endpoint fails")
        int tries,
    @Setting(value = "1MiB", says = "longest answer of an endpoint") ByteSize answerMax,
    @Setting(says = "fixed questions that are asked of models in use, to notice drift")
        List<Probe> probes) {
  public EvaluationsSection {
    endpoints = List.copyOf(endpoints);
    probes = List.copyOf(probes);
    between("concurrency", concurrency, 1, 256);
    between("within", within, Duration.ofSeconds(1), Duration.ofMinutes(30));
    between("tries", tries, 1, 10);
    between("answerMax", answerMax.asInt(), 1_024, 64 * 1024 * 1024);
    var names = new HashSet<String>();
    for (var endpoint : endpoints) {
      if (!names.add(endpoint.name())) {
        throw new IllegalArgumentException("two endpoints have one name: " + endpoint.name());
      }
    }
    if (probes.stream().map(Probe::name).distinct().count() != probes.size()) {
      throw new IllegalArgumentException("two sets of probes have one name");
    }
  }

  /// One model or agent.
  public record Endpoint(
      @Setting(required = true, says = "1 to 40 of `a-z`, `0-9` and `-`; plans name it so")
          String name,
      @Setting(
              required = true,
              says =
                  "where it speaks chat completions, up to and without `/chat/completions`;"
                      + " `https`, or on this machine")
          URI url,
      @Setting(required = true, says = "the model's name on the wire") String model,
      @Setting(says = "the declared model whose fingerprint verdicts are about") String declared,
      @Setting(says = "the stored secret that is presented as a bearer token") String secret,
      @Setting(
              says =
                  "of a whole agent its identity, so that what the gateway has seen of it counts")
          String identity,
      @Setting(value = "0", says = "cents for a million tokens asked") int centsIn,
      @Setting(value = "0", says = "cents for a million tokens answered") int centsOut) {
    public Endpoint {
      checkName(name);
      if (!isHttpsOrHere(url)) {
        throw new IllegalArgumentException("`url` of `" + name + "` is https, or on this machine");
      }
      between("centsIn", centsIn, 0, 10_000_000);
      between("centsOut", centsOut, 0, 10_000_000);
    }
  }

  /// One set of probes.
  public record Probe(
      @Setting(required = true, says = "1 to 40 of `a-z`, `0-9` and `-`") String name,
      @Setting(required = true, says = "which endpoint, or which declared model, is asked")
          String endpoint,
      @Setting(value = "drift-probes", says = "the suite whose cases are asked") String suite,
      @Setting(
              value = "5",
              says = "percent of the probes that may fail in the long run, as was approved")
          int approvedPercent,
      @Setting(
              value = "365",
              says = "mean days until a false alarm, at least; the higher, the later a true one")
          int falseAlarmDays,
      @Setting(
              value = "24h",
              says = "how often they are asked; one time is a day of the statistics")
          Duration every) {
    public Probe {
      checkName(name);
      between("approvedPercent", approvedPercent, 1, 90);
      between("falseAlarmDays", falseAlarmDays, 10, 100_000);
      between("every", every, Duration.ofMinutes(1), Duration.ofDays(31));
    }
  }
}
