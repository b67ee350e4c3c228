package dev.remit.server;

import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.HostPort;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Everything that can be set, read once at start by [ConfigSource] and never again.
///
/// One YAML file, command-line options over it, and the environment for secrets. A key that is not
/// here stops the start. `docs/reference/configuration.md` is written from this file; how to add a
/// key stands in [dev.remit.server.settings].
public record Config(
    @Setting(value = "127.0.0.1:8480", says = "where the server listens; port 0 takes a free one")
        HostPort listen,
    @Setting(
            says =
                "how callers reach the server, without a slash at the end; token issuer and audience"
                    + " begin with it. By default `http://` and `listen`")
        URI publicUrl,
    @Setting(value = "data", says = "directory for keys and, with the private PostgreSQL, all data")
        Path data,
    @Setting(value = "remit.local", says = "SPIFFE trust domain of the identities")
        String trustDomain,
    DatabaseSection database,
    Tokens tokens,
    Gateway gateway,
    Ledger ledger,
    Decisions decisions,
    Server server,
    Logging logging) {

  /// Where state is kept. With an empty `url` a private PostgreSQL runs inside `data`.
  public record DatabaseSection(
      @Setting(says = "JDBC URL of a PostgreSQL 15 or newer; without one a private one is started")
          String url,
      @Setting(
              value = "remit",
              says = "role that owns the schema; its password is `REMIT_DATABASE_PASSWORD`")
          String user,
      @Setting(value = "16", says = "most connections held at once") int poolMax,
      @Setting(
              value = "5s",
              says = "longest wait for a connection before the database counts as gone")
          Duration waitMax,
      @Setting(value = "30s", says = "longest that one statement may run") Duration statementMax) {
    public DatabaseSection {
      between("poolMax", poolMax, 2, 1000);
    }

    public boolean isPrivate() {
      return url.isEmpty();
    }
  }

  /// Task tokens and the proofs they are exchanged for.
  public record Tokens(
      Lifetimes lifetimes,
      @Setting(value = "30s", says = "how far a platform's clock may be off") Duration clockSkew,
      @Setting(
              value = "5s",
              says = "age of the revocation feed beyond which every token is refused")
          Duration feedStaleAfter,
      @Setting(says = "OpenID Connect issuers whose tokens prove a workload")
          List<Issuer> issuers) {
    public Tokens {
      issuers = List.copyOf(issuers);
    }
  }

  /// The more dynamic a workload, the shorter its tokens live.
  public record Lifetimes(
      @Setting(value = "30m", says = "a deployed program") Duration service,
      @Setting(value = "30m", says = "a scheduled or triggered job") Duration automation,
      @Setting(value = "15m", says = "a model that answers people") Duration chatbot,
      @Setting(value = "10m", says = "a model that calls tools") Duration agent,
      @Setting(value = "5m", says = "any workload that acts alone") Duration actsAlone) {}

  /// One OpenID Connect provider that vouches for workloads.
  public record Issuer(
      @Setting(required = true, says = "issuer URL, exactly as in the token's `iss`") URI issuer,
      @Setting(says = "audience that its tokens must carry; by default the public URL")
          String audience,
      @Setting(says = "where its keys are; by default found through discovery") URI jwksUri) {}

  /// Bounds of one governed call.
  public record Gateway(
      @Setting(value = "4MiB", says = "largest request body") ByteSize bodyMax,
      @Setting(value = "64", says = "deepest nesting of a JSON body") int depthMax,
      @Setting(value = "60s", says = "longest wait for an upstream to begin its answer")
          Duration upstreamTimeout,
      @Setting(value = "5m", says = "longest silence on an open stream") Duration idleTimeout,
      @Setting(
              value = "15s",
              says =
                  "longest that a held call waits for a person before it is told to" + " come back")
          Duration holdWait) {
    public Gateway {
      between("depthMax", depthMax, 1, 1000);
    }
  }

  /// How evidence is written.
  public record Ledger(
      @Setting(value = "1000", says = "most entries in one commit") int batchMax,
      @Setting(value = "1s", says = "how often a checkpoint is signed") Duration checkpointEvery,
      @Setting(value = "10000", says = "most entries waiting to be written before callers wait too")
          int queueMax) {
    public Ledger {
      between("batchMax", batchMax, 1, 100_000);
      between("queueMax", queueMax, 1, 10_000_000);
    }
  }

  /// Which engine answers.
  public record Decisions(
      @Setting(
              value = "compiled",
              says = "evaluator on the path of calls; both give the same answers")
          Engine engine) {}

  public enum Engine {
    COMPILED,
    CEDAR
  }

  /// The process itself.
  public record Server(
      @Setting(value = "10s", says = "longest wait for running requests at shutdown")
          Duration drainMax) {}

  /// What is printed while running.
  public record Logging(
      @Setting(value = "auto", says = "`auto` is text on a terminal and JSON elsewhere")
          Format format,
      @Setting(value = "info", says = "least severe event that is printed") Level level) {
    public enum Format {
      AUTO,
      TEXT,
      JSON
    }

    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG
    }
  }

  private static void between(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "`%s` must be %d to %d, was %d".formatted(key, min, max, value));
    }
  }

  /// The same, reachable at the address that was really taken: `listen` for a free port, and the
  /// public URL that follows from it unless one was given.
  Config listeningAt(HostPort address) {
    var url = publicUrl.toString().isEmpty() ? URI.create("http://" + address) : publicUrl;
    return new Config(
        address,
        url,
        data,
        trustDomain,
        database,
        tokens,
        gateway,
        ledger,
        decisions,
        server,
        logging);
  }
}
