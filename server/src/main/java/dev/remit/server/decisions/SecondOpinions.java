package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Second opinions: has a sample of live decisions made again by the engine that does not decide,
/// on a thread of its own, and tells where the two differ. A call never waits for it: what does not
/// fit into the queue is dropped and counted.
final class SecondOpinions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SecondOpinions.class);

  private final int every;
  private final ArrayBlockingQueue<Sample> queue;
  private final Again again;
  private final Thread thread;
  private final LongAdder compared = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder incomparable = new LongAdder();
  private final LongAdder different = new LongAdder();
  private volatile Consumer<Disagreement> listener = _ -> {};
  private volatile boolean closed;

  /// One decision of a call.
  record Sample(ActiveSet set, Question question, Decision decided) {}

  /// How a decision is made again; empty where the other engine cannot be asked.
  @FunctionalInterface
  interface Again {
    Optional<Decision> decide(ActiveSet set, Question question);
  }

  /// One of how many decisions is sampled, and how many samples may wait.
  SecondOpinions(int every, int waitingMax, Again again) {
    this.every = every;
    this.queue = new ArrayBlockingQueue<>(waitingMax);
    this.again = again;
    this.thread = Thread.ofPlatform().name("second-opinions").daemon().unstarted(this::work);
    if (every > 0) {
      thread.start();
    }
  }

  void onDisagreement(Consumer<Disagreement> then) {
    listener = then;
  }

  /// On the path of calls: a random number, and for one call in `every` an offer.
  void sees(ActiveSet set, Question question, Decision decided) {
    if (every > 0 && ThreadLocalRandom.current().nextInt(every) == 0) {
      if (!queue.offer(new Sample(set, question, decided))) {
        dropped.increment();
      }
    }
  }

  SecondOpinionFigures figures() {
    return new SecondOpinionFigures(
        every, compared.sum(), different.sum(), incomparable.sum(), dropped.sum());
  }

  private void work() {
    while (!closed) {
      try {
        var sample = queue.poll(200, TimeUnit.MILLISECONDS);
        if (sample != null) {
          compare(sample);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("a decision could not be compared between the engines", e);
      }
    }
  }

  private void compare(Sample sample) {
    var other = again.decide(sample.set(), sample.question());
    if (other.isEmpty()) {
      incomparable.increment();
      return;
    }
    compared.increment();
    var first = Answer.of(sample.decided());
    var second = Answer.of(other.get());
    if (!first.equals(second)) {
      different.increment();
      listener.accept(
          new Disagreement(
              sample.question(), sample.set().version(), first.toString(), second.toString()));
    }
  }

  /// What must be the same.
  private record Answer(String word, List<PolicyId> because, Set<PolicyId> failed) {

    static Answer of(Decision decision) {
      var failed = new TreeSet<PolicyId>();
      decision.errors().forEach(error -> failed.add(error.policy()));
      return new Answer(decision.word(), decision.because(), failed);
    }

    @Override
    public String toString() {
      return word + " because of " + because + ", failing " + failed;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
