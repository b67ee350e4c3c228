package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R203")
class SubsetProofTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final int size = 1 + random.nextInt(300);
  private final List<Hash> leaves = leaves();
  private final Nodes tree =
      (level, index) ->
          Frontiers.root(leaves.subList((int) (index << level), (int) ((index + 1) << level)));
  private final Hash root = Frontiers.root(leaves);
  private final long[] places =
      random.longs(random.nextInt(size + 1), 0, size).sorted().distinct().toArray();

  @RepeatedTest(50)
  void any_entries_of_any_tree_lead_to_its_root() {
    var proof = SubsetProof.of(tree, size, places);

    assertThat(SubsetProof.root(size, places, chosen(), proof)).as("seed %d", seed).contains(root);
  }

  @Test
  void for_one_entry_it_holds_the_hashes_of_the_inclusion_proof() {
    long[] one = {random.nextInt(size)};

    assertThat(SubsetProof.of(tree, size, one))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(Proofs.inclusion(tree, one[0], size));
  }

  @Test
  void for_no_entry_it_is_the_root_itself() {
    assertThat(SubsetProof.of(tree, size, new long[0])).containsExactly(root);
    assertThat(SubsetProof.of(tree, 0, new long[0])).isEmpty();
  }

  @RepeatedTest(50)
  void another_leaf_or_another_hash_leads_elsewhere() {
    var proof = new ArrayList<>(SubsetProof.of(tree, size, places));
    var chosen = new ArrayList<>(chosen());
    int at = random.nextInt(proof.size() + chosen.size());
    var wrong = Hash.leaf(new byte[] {1, 2, 3});
    if (at < proof.size()) {
      proof.set(at, wrong);
    } else {
      chosen.set(at - proof.size(), wrong);
    }

    assertThat(SubsetProof.root(size, places, chosen, proof))
        .as("seed %d", seed)
        .isPresent()
        .isNotEqualTo(java.util.Optional.of(root));
  }

  @RepeatedTest(20)
  void a_proof_that_is_too_short_or_too_long_proves_nothing() {
    var proof = SubsetProof.of(tree, size, places);
    var longer = new ArrayList<>(proof);
    longer.add(root);

    assertThat(SubsetProof.root(size, places, chosen(), longer)).isEmpty();
    if (!proof.isEmpty()) {
      assertThat(SubsetProof.root(size, places, chosen(), proof.subList(1, proof.size())))
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @Test
  void places_must_ascend_within_the_tree() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SubsetProof.of(tree, size, new long[] {size}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SubsetProof.root(9, new long[] {2, 2}, List.of(root, root), List.of()));
  }

  private List<Hash> chosen() {
    var chosen = new ArrayList<Hash>();
    for (long place : places) {
      chosen.add(leaves.get((int) place));
    }
    return chosen;
  }

  private List<Hash> leaves() {
    var all = new ArrayList<Hash>();
    for (int i = 0; i < size; i++) {
      all.add(Hash.leaf(new byte[] {(byte) i, (byte) (i >> 8)}));
    }
    return all;
  }
}
