package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.kernel.ledger.NoteKey;
import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// How evidence is written.
public record LedgerSection(
    @Setting(
            says =
                "name of the log in its checkpoints, fixed when the log is made; by default"
                    + " `trustDomain/ledger/node`")
        String origin,
    @Setting(value = "1000", says = "most entries in one commit") int batchMax,
    @Setting(value = "10000", says = "most entries that wait without a caller") int queueMax,
    @Setting(value = "10s", says = "longest wait for room among them") Duration queueWaitMax,
    @Setting(value = "60s", says = "longest time without an entry") Duration heartbeatEvery,
    @Setting(value = "1s", says = "least time between two checkpoints that are kept")
        Duration checkpointEvery,
    @Setting(value = "20s", says = "longest that shutdown tries to store what still waits")
        Duration closeWaitMax,
    @Setting(value = "20000", says = "most entries in one evidence bundle") int bundleMax,
    @Setting(value = "32MiB", says = "longest that opened bodies in one may be, together")
        ByteSize bundleBodiesMax,
    @Setting(
            says =
                "who cosigns the log's checkpoints; at least two, run by others, make it witnessed")
        List<WitnessedBy> witnesses,
    @Setting(value = "10s", says = "how often the newest checkpoint is brought to them")
        Duration witnessEvery,
    @Setting(value = "1h", says = "how often content that outlived its retention is looked for")
        Duration expireEvery,
    @Setting(value = "20000", says = "most keys of one workflow that one such run destroys")
        int expireMax,
    Timestamps timestamps,
    Root root) {
  public LedgerSection {
    witnesses = List.copyOf(witnesses);
    if (root.silentAfter().compareTo(heartbeatEvery) <= 0) {
      throw new IllegalArgumentException(
          "`root.silentAfter` must be longer than `heartbeatEvery`, "
              + heartbeatEvery.toSeconds()
              + " s");
    }
    if (witnesses.size() > 16) {
      throw new IllegalArgumentException(
          "`witnesses` has at most 16 of them, was " + witnesses.size());
    }
    between("witnessEvery", witnessEvery, Duration.ofSeconds(1), Duration.ofDays(1));
    between("expireEvery", expireEvery, Duration.ofMinutes(1), Duration.ofDays(7));
    between("expireMax", expireMax, 1, 1_000_000);
    between("bundleMax", bundleMax, 1, 1_000_000);
    between("batchMax", batchMax, 1, 100_000);
    between("queueMax", queueMax, 1, 10_000_000);
  }

  /// The log over the logs of all nodes.
  public record Root(
      @Setting(
              says =
                  "name of the root log in its checkpoints, fixed when it is made; by default"
                      + " `trustDomain/ledger/root`")
          String origin,
      @Setting(value = "10s", says = "how often its keeper looks at the logs of all nodes")
          Duration every,
      @Setting(
              value = "40s",
              says = "how long its keeper may be away before another node takes over")
          Duration takeOverAfter,
      @Setting(
              value = "3m",
              says =
                  "how long a node may record nothing, without having said that it stops, before"
                      + " that is a finding")
          Duration silentAfter) {
    public Root {
      between("every", every, Duration.ofSeconds(1), Duration.ofHours(1));
      between("takeOverAfter", takeOverAfter, every.multipliedBy(2), Duration.ofDays(1));
      between("silentAfter", silentAfter, every.multipliedBy(2), Duration.ofDays(7));
    }
  }

  /// One witness of the log.
  public record WitnessedBy(
      @Setting(
              required = true,
              says =
                  "its submission prefix, without a slash at the end; https unless on this machine")
          URI url,
      @Setting(required = true, says = "its verifier key, as `remit witness key` prints it")
          String key) {
    public WitnessedBy {
      if (!isHttpsOrHere(url)) {
        throw new IllegalArgumentException("the witness `" + url + "` is not reached by https");
      }
      if (NoteKey.parse(key).kind() != NoteKey.Kind.WITNESS) {
        throw new IllegalArgumentException(
            "`" + key + "` is a log's key, where a witness's is due");
      }
    }
  }

  /// Whose word about time is kept beside checkpoints.
  public record Timestamps(
      @Setting(
              says =
                  "address of an RFC 3161 timestamp authority, https unless on this machine; by"
                      + " default none is asked")
          URI url,
      @Setting(value = "1h", says = "least time between two timestamps") Duration interval,
      @Setting(value = "10s", says = "longest wait for the authority's answer")
          Duration answerWithin) {
    public Timestamps {
      if (!url.toString().isEmpty() && !isHttpsOrHere(url)) {
        throw new IllegalArgumentException(
            "the timestamp authority `" + url + "` is not reached by https");
      }
      between("interval", interval, Duration.ofSeconds(1), Duration.ofDays(30));
      between("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
    }
  }
}
