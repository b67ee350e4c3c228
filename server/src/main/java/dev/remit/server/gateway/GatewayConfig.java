package dev.remit.server.gateway;

import dev.remit.server.gateway.upstream.StdioLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/// The limits and names of the gateway.
///
/// @param publicUrl under which agents know this server; resources are `<publicUrl>/mcp/<resource>`
/// @param sites further `host[:port]` values accepted in `Host` and in the authority of `Origin`
/// @param messageBytesMax the longest message from an agent
/// @param resultBytesMax the longest single message from an upstream
/// @param depthMax how deep a message may nest
/// @param answerWithin how long an upstream may be silent while a request is open
/// @param listenFor how long a stream without a request may be silent
/// @param holding how long a held call waits for its approval before it is answered
/// @param attendAfter how long a request is open before its connection is listened to, so that an
///   agent that hangs up is noticed; between once and twice this
/// @param unattendedMax how long a legacy request goes on after its agent has hung up
/// @param definitionsFor how long a list of definitions counts as fresh
/// @param sessionsPerTaskMax sessions that one task may have open on one resource
/// @param stdio limits of servers that run as child processes
public record GatewayConfig(
    URI publicUrl,
    Set<String> sites,
    int messageBytesMax,
    int resultBytesMax,
    int depthMax,
    Duration answerWithin,
    Duration listenFor,
    Holding holding,
    Duration attendAfter,
    Duration unattendedMax,
    Duration definitionsFor,
    int sessionsPerTaskMax,
    StdioLimits stdio) {

  public GatewayConfig {
    sites = Set.copyOf(sites);
  }

  public static GatewayConfig defaults(URI publicUrl) {
    return new GatewayConfig(
        publicUrl,
        Set.of(),
        4 * 1024 * 1024,
        16 * 1024 * 1024,
        64,
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        Holding.DEFAULT,
        Duration.ofMillis(100),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        64,
        new StdioLimits(256, Duration.ofSeconds(10), Duration.ofMinutes(5)));
  }

  /// How long a request waits for a person.
  ///
  /// @param waitFor at most
  /// @param countedFor at most while the client counts its progress, so that it sees it go on
  /// @param tellEvery how often such a client is told
  /// @param roundsMax how often a modern client is sent round before it is told to repeat the call
  ///   itself; clients give up after about ten
  public record Holding(Duration waitFor, Duration countedFor, Duration tellEvery, int roundsMax) {
    public static final Holding DEFAULT =
        new Holding(Duration.ofSeconds(15), Duration.ofSeconds(55), Duration.ofSeconds(5), 8);
  }
}
