package dev.remit.server.witness;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.AddCheckpoint;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Cosignatures;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the newest checkpoint to every witness, again and again, each on a thread of its own.
///
/// There is no queue: what waits is the newest checkpoint in the database, and a round that comes
/// late skips those in between. What a witness holds against the log becomes a finding, since
/// nothing inside this database could have shown it.
public final class Witnesses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Cosignatures cosignatures;
  private final Findings findings;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> threads;

  /// @param every time between two rounds
  public Witnesses(
      List<Witness> witnesses,
      Duration every,
      Cosignatures cosignatures,
      Findings findings,
      InstantSource clock) {
    this.cosignatures = cosignatures;
    this.findings = findings;
    this.clock = clock;
    this.threads =
        witnesses.stream()
            .map(witness ->
                Thread.ofVirtual()
                    .name("witness " + witness.name())
                    .start(() -> new Rounds(witness).run(every)))
            .toList();
  }

  /// Ends after the rounds that are under way.
  @Override
  public void close() {
    closing.countDown();
    threads.forEach(Thread::interrupt);
    try {
      for (var thread : threads) {
        thread.join(TIMEOUT.plusSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One witness, from round to round. Used by its own thread only.
  private final class Rounds {
    private final Witness witness;
    private long cosigned;
    private String trouble = "";

    private Rounds(Witness witness) {
      this.witness = witness;
    }

    private void run(Duration every) {
      try (var client = new WitnessClient(witness, TIMEOUT)) {
        boolean begun = false;
        do {
          try {
            if (!begun) {
              cosigned = cosignatures.lastSize(witness.key());
              begun = true;
            }
            round(client);
          } catch (RuntimeException e) {
            troubled("a round failed: " + e.getMessage());
          }
        } while (!closing.await(every.toMillis(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void round(WitnessClient client) {
      var note = cosignatures.newest();
      long size = Checkpoint.parse(note.text()).size();
      if (size == cosigned && trouble.isEmpty()) {
        return;
      }
      // More than we have, after the database was set back: only the witness can say what it saw.
      var reply = ask(client, note, size, Math.min(cosigned, size));
      if (reply instanceof WitnessReply.Seen(var seen) && seen <= size) {
        reply = ask(client, note, size, seen);
      }
      took(note, size, reply);
    }

    private WitnessReply ask(WitnessClient client, SignedNote note, long size, long before) {
      var proof = cosignatures.continuing(before, size);
      return client.ask(new AddCheckpoint(before, proof, note));
    }

    private void took(SignedNote note, long size, WitnessReply reply) {
      switch (reply) {
        case WitnessReply.Cosigned(var line) -> {
          cosignatures.keep(note, witness.key(), line, clock.instant());
          cosigned = size;
          trouble = "";
        }
        case WitnessReply.Seen(var seen) when seen > size -> setBack(seen, size);
        case WitnessReply.Seen(var seen) -> troubled("it has seen " + seen + ", and again not");
        case WitnessReply.Inconsistent(var why) -> forked(size, why);
        case WitnessReply.Stranger(var why) -> stranger(why);
        case WitnessReply.Away(var why) -> troubled(why);
      }
    }

    private void setBack(long seen, long size) {
      raise(
          "log-set-back",
          Finding.Severity.HIGH,
          "witness `%s` has cosigned %d entries of `%s`, which has %d"
              .formatted(witness.name(), seen, cosignatures.origin(), size),
          "an older database was restored: stop, restore the newest one, or begin a log under"
              + " another `ledger.origin` and say what was lost");
    }

    private void forked(long size, String why) {
      raise(
          "log-forked",
          Finding.Severity.HIGH,
          "witness `%s` does not agree that the %d entries of `%s` continue what it cosigned: %s"
              .formatted(witness.name(), size, cosignatures.origin(), why),
          "the log was rewritten or restored: compare it with receipts from before"
              + " (`remit verify --held`), and begin a log under another `ledger.origin`");
    }

    private void stranger(String why) {
      raise(
          "witness-refuses",
          Finding.Severity.MEDIUM,
          "witness `%s` does not know `%s` by its key: %s"
              .formatted(witness.name(), cosignatures.origin(), why),
          "give the witness every line of /v1/ledger/keys");
    }

    /// Once, until the witness says something else; the finding itself stays.
    private void raise(String kind, Finding.Severity severity, String what, String remedy) {
      if (!kind.equals(trouble)) {
        var sighting =
            new Finding.Sighting(kind, witness.name(), severity, what, remedy, Role.SECURITY);
        findings.raise(sighting, clock.instant());
        trouble = kind;
      }
    }

    private void troubled(String why) {
      if (!why.equals(trouble) && closing.getCount() > 0) {
        LOG.warn("witness {}: {}", witness.name(), why);
        trouble = why;
      }
    }
  }
}
