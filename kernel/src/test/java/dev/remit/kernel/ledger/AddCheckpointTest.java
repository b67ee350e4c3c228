package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a witness agrees to, and every way in which it does not.
@Tag("R203")
class AddCheckpointTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final TestLog log = TestLog.random(random, 2 + random.nextInt(600));
  private final LogKeys keys = LogKeys.of(List.of(log.key()));

  @RepeatedTest(25)
  void what_continues_the_last_one_is_agreed_to_and_survives_the_wire() {
    int size = 1 + random.nextInt(log.entries.size());
    int old = random.nextInt(size + 1);

    var answer = sent(old, size).judge(seen(old), keys);

    assertThat(answer)
        .as("seed %d: %d after %d", seed, size, old)
        .isEqualTo(new WitnessAnswer.Agreed(at(size)));
  }

  @Test
  void the_first_checkpoint_of_a_log_needs_no_proof() {
    assertThat(sent(0, 2).judge(Optional.empty(), keys)).isInstanceOf(WitnessAnswer.Agreed.class);
  }

  @Test
  void a_rollback_is_answered_with_the_size_that_was_seen() {
    int size = log.entries.size();

    assertThat(sent(0, size - 1).judge(seen(size), keys))
        .isEqualTo(new WitnessAnswer.Conflict(size));
    assertThat(sent(size - 1, size - 1).judge(seen(size), keys))
        .isEqualTo(new WitnessAnswer.Conflict(size));
  }

  @Test
  void another_tree_of_the_same_size_is_a_fork() {
    int size = log.entries.size();
    var other = new Checkpoint(TestLog.ORIGIN, size, Hash.leaf(new byte[] {1}));

    var answer = sent(size, size).judge(Optional.of(other), keys);

    assertThat(answer)
        .isEqualTo(
            new WitnessAnswer.Inconsistent(
                "the tree of %1$d entries is not shown to continue the one of %1$d that was"
                        .formatted(size)
                    + " cosigned"));
  }

  @Test
  void a_rewritten_log_cannot_be_shown_to_continue_what_was_seen() {
    int size = log.entries.size();
    var other = new Checkpoint(TestLog.ORIGIN, size - 1, Hash.leaf(new byte[] {1}));

    assertThat(sent(size - 1, size).judge(Optional.of(other), keys))
        .isInstanceOf(WitnessAnswer.Inconsistent.class);
  }

  @Test
  void a_proof_from_nothing_must_be_empty() {
    var asked = new AddCheckpoint(0, List.of(Hash.EMPTY), log.note(log.entries));

    assertThat(asked.judge(Optional.empty(), keys)).isInstanceOf(WitnessAnswer.Inconsistent.class);
  }

  @Test
  void an_older_size_than_the_checkpoints_own_contradicts_itself() {
    var asked = new AddCheckpoint(log.entries.size() + 1, List.of(), log.note(log.entries));

    assertThat(asked.judge(Optional.empty(), keys)).isInstanceOf(WitnessAnswer.Malformed.class);
  }

  @Test
  void a_log_that_nobody_told_of_is_not_known() {
    assertThat(sent(0, 2).judge(Optional.empty(), new LogKeys(List.of())))
        .isEqualTo(new WitnessAnswer.UnknownLog(TestLog.ORIGIN));
  }

  @Test
  void a_known_log_under_a_strangers_key_is_refused() {
    var stranger = TestLog.random(random, 3);

    assertThat(sent(0, 2).judge(Optional.empty(), LogKeys.of(List.of(stranger.key()))))
        .isEqualTo(
            new WitnessAnswer.NotSigned(
                "no known key has signed a checkpoint of `" + TestLog.ORIGIN + "`"));
  }

  @Test
  void a_key_that_was_replaced_is_not_believed_beyond_its_span() {
    var spent = new LogKeys(List.of(new LogKey(log.key(), 0, 1)));

    assertThat(sent(0, 2).judge(Optional.empty(), spent))
        .isInstanceOf(WitnessAnswer.NotSigned.class);
  }

  @Test
  void what_is_no_request_is_refused_with_its_mistake() {
    assertThatThrownBy(() -> AddCheckpoint.parse("old 1\n")).hasMessageContaining("empty line");
    assertThatThrownBy(() -> AddCheckpoint.parse("old 01\n\nx"))
        .hasMessage("the first line is not `old SIZE`");
  }

  private AddCheckpoint sent(int old, int size) {
    var proof = Proofs.consistency(log.tree(), old, size);
    var note = log.note(log.entries.subList(0, size));
    return AddCheckpoint.parse(new AddCheckpoint(old, proof, note).text());
  }

  private Checkpoint at(int size) {
    return Checkpoint.parse(log.note(log.entries.subList(0, size)).text());
  }

  private Optional<Checkpoint> seen(int size) {
    return size == 0 ? Optional.empty() : Optional.of(at(size));
  }
}
