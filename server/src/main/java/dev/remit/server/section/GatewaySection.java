package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.time.Duration;
import java.util.List;

/// Bounds of one governed call.
public record GatewaySection(
    @Setting(says = "further `host[:port]` values accepted in `Host` and `Origin`")
        List<String> sites,
    @Setting(value = "4MiB", says = "longest message from an agent") ByteSize messageMax,
    @Setting(value = "16MiB", says = "longest single message from an upstream") ByteSize resultMax,
    @Setting(value = "64", says = "deepest nesting of a message") int depthMax,
    @Setting(value = "60s", says = "longest silence of an upstream while a request is open")
        Duration answerWithin,
    @Setting(value = "10m", says = "longest silence of a stream without a request")
        Duration listenFor,
    @Setting(
            value = "15s",
            says =
                "longest that a held call waits for a person before the agent"
                    + " is told to come back")
        Duration holdFor,
    @Setting(
            value = "55s",
            says =
                "the same for a client that counts the progress of its request; many give up"
                    + " after 60 s all the same")
        Duration holdCountedFor,
    @Setting(value = "5s", says = "how often such a client is told that the call still waits")
        Duration holdTellEvery,
    @Setting(
            value = "8",
            says = "how often a 2026-07-28 client is sent round before it is told to repeat")
        int holdRoundsMax,
    @Setting(
            value = "100ms",
            says = "age of a request from which an agent that hangs up is noticed at once")
        Duration attendAfter,
    @Setting(
            value = "60s",
            says =
                "longest that a request of protocol 2025-11-25 or before goes on after its agent"
                    + " has hung up")
        Duration unattendedMax,
    @Setting(value = "5m", says = "how long a list of definitions counts as fresh")
        Duration definitionsFor,
    @Setting(value = "64", says = "sessions that one task may have open on one resource")
        int sessionsPerTaskMax,
    @Setting(
            value = "256",
            says = "processes of one server that runs as a child, one for each session or task")
        int processesPerResourceMax,
    @Setting(
            value = "10s",
            says = "longest that such a server may take to say which protocol era it speaks")
        Duration discoverWithin) {
  public GatewaySection {
    sites = List.copyOf(sites);
    between("depthMax", depthMax, 1, 1000);
    between("attendAfter", attendAfter, Duration.ofMillis(10), Duration.ofSeconds(10));
    between("unattendedMax", unattendedMax, Duration.ofSeconds(1), Duration.ofHours(1));
    between("sessionsPerTaskMax", sessionsPerTaskMax, 1, 100_000);
    between("holdRoundsMax", holdRoundsMax, 0, 1_000);
    between("holdFor", holdFor, Duration.ZERO, Duration.ofHours(1));
    between("holdCountedFor", holdCountedFor, Duration.ZERO, Duration.ofHours(1));
    between("holdTellEvery", holdTellEvery, Duration.ofSeconds(1), Duration.ofMinutes(1));
    between("processesPerResourceMax", processesPerResourceMax, 1, 10_000);
    between("discoverWithin", discoverWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
  }
}
