package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Trees, proofs and batches against the recursive definition of RFC 6962 section 2.1 and the
/// reference values that Certificate Transparency implementations share.
class MerkleTreeTest {
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");
  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void the_reference_trees_of_certificate_transparency_have_their_published_roots() {
    var leaves = LEAVES.stream().map(hex -> Hash.leaf(HexFormat.of().parseHex(hex))).toList();

    var roots =
        Stream.iterate(1, n -> n <= 8, n -> n + 1)
            .map(n -> Frontiers.root(leaves.subList(0, n)).hex())
            .toList();

    assertThat(roots).isEqualTo(ROOTS);
    assertThat(Hash.EMPTY.hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void every_inclusion_proof_of_every_small_tree_verifies_and_no_other_leaf_does() {
    var leaves = leaves(70);
    for (int size = 1; size <= leaves.size(); size++) {
      var nodes = nodes(leaves.subList(0, size));
      var root = defined(leaves.subList(0, size));
      assertThat(Proofs.root(nodes, size)).isEqualTo(root);
      for (int index = 0; index < size; index++) {
        var path = Proofs.inclusion(nodes, index, size);
        var leaf = leaves.get(index);

        assertThat(Proofs.includes(root, size, index, leaf, path)).isTrue();
        assertThat(Proofs.includes(root, size, index, Hash.EMPTY, path)).isFalse();
        assertThat(Proofs.includes(root, size, (index + 1) % size, leaf, path))
            .isEqualTo(size == 1);
        assertThat(Proofs.includes(root, size, index, leaf, longer(path))).isFalse();
      }
    }
  }

  @Test
  void every_consistency_proof_between_small_trees_verifies_and_no_other_history_does() {
    var leaves = leaves(40);
    for (int size = 1; size <= leaves.size(); size++) {
      var nodes = nodes(leaves.subList(0, size));
      var root = defined(leaves.subList(0, size));
      for (int before = 1; before <= size; before++) {
        var rootBefore = defined(leaves.subList(0, before));

        var path = Proofs.consistency(nodes, before, size);

        assertThat(Proofs.continues(rootBefore, before, root, size, path)).isTrue();
        assertThat(Proofs.continues(Hash.EMPTY, before, root, size, path)).isFalse();
        assertThat(Proofs.continues(rootBefore, before, Hash.EMPTY, size, path)).isFalse();
        assertThat(Proofs.continues(rootBefore, before, root, size, longer(path))).isFalse();
      }
    }
  }

  /// Appends in 200 random divisions into batches; the seed is in the message.
  @Test
  void however_entries_are_divided_into_batches_the_tree_is_the_same() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var leaves = leaves(1 + random.nextInt(1500));
      var edge = Frontier.EMPTY;
      var tiles = new ArrayList<Batch.TileHash>();
      while (edge.size() < leaves.size()) {
        int from = (int) edge.size();
        int to = Math.min(leaves.size(), from + 1 + random.nextInt(600));
        var batch = Batch.of(edge, leaves.subList(from, to));
        var root = batch.root();
        int place = from + random.nextInt(to - from);
        assertThat(Proofs.includes(root, to, place, leaves.get(place), batch.path(place)))
            .as("path of %d in %d, seed %d", place, to, seed)
            .isTrue();
        tiles.addAll(batch.tileHashes());
        edge = batch.frontier();
        assertThat(edge.root()).as("seed %d", seed).isEqualTo(root);
      }

      assertThat(edge.root()).as("seed %d", seed).isEqualTo(defined(leaves));
      assertThat(edge).as("seed %d", seed).isEqualTo(Frontier.of(nodes(leaves), leaves.size()));
      assertThat(tiles).as("seed %d", seed).hasSize(leaves.size() / 256);
      for (var tile : tiles) {
        int from = (int) tile.index() * 256;
        assertThat(tile.hash()).isEqualTo(defined(leaves.subList(from, from + 256)));
      }
    }
  }

  @Test
  void a_tree_of_more_than_65536_leaves_completes_a_hash_of_the_second_tile_level() {
    var leaves = leaves(65_536 + 300);

    var hashes = Batch.of(Frontier.EMPTY, leaves).tileHashes();

    assertThat(hashes).filteredOn(hash -> hash.level() == 1).hasSize(257);
    assertThat(hashes)
        .filteredOn(hash -> hash.level() == 2)
        .singleElement()
        .satisfies(hash -> assertThat(hash.hash()).isEqualTo(defined(leaves.subList(0, 65_536))));
  }

  private static List<Hash> leaves(int count) {
    return Stream.iterate(0, i -> i < count, i -> i + 1)
        .map(i -> Hash.leaf(("entry " + i).getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static List<Hash> longer(List<Hash> path) {
    return Stream.concat(path.stream(), Stream.of(Hash.EMPTY)).toList();
  }

  private static Nodes nodes(List<Hash> leaves) {
    return (level, index) ->
        defined(leaves.subList((int) (index << level), (int) ((index + 1) << level)));
  }

  /// The Merkle Tree Hash, word for word.
  private static Hash defined(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.EMPTY;
    }
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    return Hash.node(defined(leaves.subList(0, k)), defined(leaves.subList(k, leaves.size())));
  }
}
