package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.checkName;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.settings.HostPort;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// One way in which entries leave the ledger. Secrets come from the environment:
/// `REMIT_EXPORT_NAME_KEY`, `_TOKEN` and `_PASSWORD`, with the name in capitals and `_` for `-`.
public record ExportSection(
    @Setting(
            required = true,
            says = "1 to 40 of `a-z`, `0-9` and `-`; its position is kept under this name")
        String name,
    @Setting(
            required = true,
            says =
                "`cloudevents` is signed webhooks, one event each, in order for each workflow;"
                    + " `ocsf` is events for a SIEM, one a line; `opentelemetry` is OTLP over"
                    + " HTTP; `kafka` is CloudEvents in a topic, by workflow; `security-events`"
                    + " is signed tokens of what was taken away (OpenID Shared Signals)")
        ExportFormat format,
    @Setting(
            says =
                "where to, https unless on this machine; `/v1/logs` and `/v1/traces` of"
                    + " `opentelemetry` are below it")
        URI to,
    @Setting(says = "for `ocsf`, a file to add lines to, instead of `to`") Path file,
    @Setting(says = "for `kafka`, the brokers to begin with, `host:port` each")
        List<String> brokers,
    @Setting(says = "for `kafka`, the topic; it must be there") String topic,
    @Setting(
            value = "true",
            says = "for `kafka`, whether brokers are reached by TLS, as they must be elsewhere")
        boolean tls,
    @Setting(says = "for `kafka`, whom to authenticate as (SCRAM-SHA-512); by default nobody")
        String user,
    @Setting(says = "for `security-events`, the receiver's `aud`; by default `to`") String audience,
    @Setting(says = "types of entries, such as `call.decided`; by default all") List<String> types,
    @Setting(says = "workflows; by default all, and what is about none") List<String> workflows,
    @Setting(
            value = "beginning",
            says = "what it begins with when it is new: the log, or what is recorded from then on")
        From from,
    @Setting(
            value = "false",
            says = "whether a webhook is asked for its consent (`OPTIONS`) before the first event")
        boolean handshake,
    @Setting(value = "200", says = "most entries between two positions that are stored")
        int batchMax,
    @Setting(value = "15s", says = "longest wait for the answer to one delivery")
        Duration answerWithin,
    @Setting(value = "1s", says = "how often is looked for new entries") Duration pollEvery,
    @Setting(value = "1s", says = "shortest wait after a failure; it doubles each time")
        Duration retryMin,
    @Setting(value = "5m", says = "longest such wait") Duration retryMax,
    @Setting(
            value = "10",
            says = "how often one entry may be refused before it is set aside, and recorded")
        int triesMax,
    @Setting(
            value = "10000",
            says = "entries that may wait for another try while later ones are sent")
        int heldMax,
    @Setting(value = "15m", says = "how long nothing may be taken before that is a finding")
        Duration refusedAfter,
    @Setting(value = "100000", says = "entries that it may be behind before that is a finding")
        int lagMax) {
  public enum ExportFormat {
    CLOUDEVENTS,
    OCSF,
    OPENTELEMETRY,
    KAFKA,
    SECURITY_EVENTS
  }

  public enum From {
    BEGINNING,
    NOW
  }

  public ExportSection {
    types = List.copyOf(types);
    workflows = List.copyOf(workflows);
    checkName(name);
    types.forEach(EntryType::parse);
    brokers = List.copyOf(brokers);
    checkPlace(name, format, to, file, brokers, topic);
    checkBrokers(name, brokers, tls);
    between("batchMax", batchMax, 1, 1_000);
    between("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
    between("pollEvery", pollEvery, Duration.ofMillis(10), Duration.ofHours(1));
    between("retryMin", retryMin, Duration.ofMillis(10), Duration.ofMinutes(10));
    between("retryMax", retryMax, retryMin, Duration.ofHours(24));
    between("triesMax", triesMax, 1, 1_000);
    between("heldMax", heldMax, 1, 1_000_000);
    between("refusedAfter", refusedAfter, Duration.ZERO, Duration.ofDays(30));
    between("lagMax", lagMax, 1, Integer.MAX_VALUE);
  }

  /// Says where an export goes in the one way that its format has.
  private static void checkPlace(
      String name, ExportFormat format, URI to, Path file, List<String> brokers, String topic) {
    boolean hasUrl = !to.toString().isEmpty();
    boolean hasFile = !file.toString().isEmpty();
    boolean hasTopic = !brokers.isEmpty() && !topic.isEmpty();
    boolean right =
        switch (format) {
          case CLOUDEVENTS, OPENTELEMETRY, SECURITY_EVENTS -> hasUrl && !hasFile && !hasTopic;
          case OCSF -> hasUrl != hasFile && !hasTopic;
          case KAFKA -> hasTopic && !hasUrl && !hasFile;
        };
    if (!right) {
      throw new IllegalArgumentException(
          "the export `%s` needs %s and nothing else"
              .formatted(
                  name,
                  switch (format) {
                    case CLOUDEVENTS, OPENTELEMETRY, SECURITY_EVENTS -> "`to`";
                    case OCSF -> "either `to` or `file`";
                    case KAFKA -> "`brokers` and `topic`";
                  }));
    }
    if (hasUrl && (!isHttpsOrHere(to) || to.getUserInfo() != null)) {
      throw new IllegalArgumentException(
          "`to` of the export `" + name + "` is not an https address without a user");
    }
  }

  /// Evidence crosses no network in the clear.
  private static void checkBrokers(String name, List<String> brokers, boolean tls) {
    for (var broker : brokers) {
      var host = HostPort.parse(broker).host();
      if (!tls && !List.of("127.0.0.1", "::1", "localhost").contains(host)) {
        throw new IllegalArgumentException(
            "the broker `" + broker + "` of the export `" + name + "` is not reached by TLS");
      }
    }
  }
}
