package dev.remit.conformance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.node.NodeTools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verifiers that we did not write believe what the log says, at every shape of tree, and nothing
/// that was changed on the way. Each test prints what it has checked.
@Tag("R203")
class ForeignVerifiersTest {
  private static final List<Integer> SIZES =
      List.of(1, 2, 3, 7, 8, 255, 256, 257, 1_000, 65_535, 65_536, 65_537);
  private static final int PLACES_MAX = 40;
  private static final long SEED = System.nanoTime();

  private static final List<Claim> UNTOUCHED = new ArrayList<>();
  private static final List<Claim> TAMPERED = new ArrayList<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void write_logs_of_many_sizes_and_tamper_with_their_proofs() {
    folder.toFile().setExecutable(true, false); // the database is another user
    var random = new Random(SEED);
    var tamperings = new Tamperings(random);
    for (int size : SIZES) {
      var log = new KernelLog("ledger.test", size);
      places(size, random)
          .forEach(place -> {
            var claim = log.claim(place);
            UNTOUCHED.add(claim);
            TAMPERED.addAll(tamperings.of(claim));
          });
    }
  }

  /// Every place of a small log; of a large one both ends, the edges of tiles, and some others.
  private static IntStream places(int size, Random random) {
    if (size <= PLACES_MAX) {
      return IntStream.range(0, size);
    }
    var edges = IntStream.of(0, 1, 254, 255, 256, 65_535, size - 2, size - 1);
    return IntStream.concat(edges, random.ints(PLACES_MAX - 8, 0, size))
        .filter(place -> place < size)
        .distinct();
  }

  @Test
  void sigstores_java_client_believes_what_was_signed_and_nothing_else() {
    assertThat(UNTOUCHED).as("seed %d", SEED).allMatch(SigstoreJava::accepts);
    assertThat(UNTOUCHED).as("seed %d", SEED).allMatch(SigstoreJava::acceptsInParts);

    var believed = TAMPERED.stream().filter(SigstoreJava::accepts).toList();

    // It does not ask whether a path is used up at the root (RFC 9162, section 2.1.3.2, step 5), so
    // at the right edge of a tree it takes one entry's path for another place's. That is its own
    // gap: what was signed, and that the entry is among it, it proves all the same.
    assertThat(believed)
        .as("seed %d", SEED)
        .allSatisfy(claim -> assertThat(claim.tampering()).isEqualTo(Tamperings.OTHER_PLACE));
    say("sigstore-java", UNTOUCHED, TAMPERED, believed.size());
  }

  @Test
  void sigstores_npm_client_believes_what_was_signed_and_nothing_else() {
    var sigstore = new SigstoreNode(node(), folder);

    assertThat(sigstore.accepts(UNTOUCHED)).as("seed %d", SEED).containsOnly(true);
    assertThat(sigstore.accepts(TAMPERED)).as("seed %d", SEED).containsOnly(false);

    say("@sigstore/verify", UNTOUCHED, TAMPERED, 0);
  }

  /// The only rule of theirs that a log of ours may not follow: sigstore-java finds a signature by
  /// the host of the log's address, and the default origin has a path.
  @Test
  void sigstores_java_client_knows_logs_with_a_path_in_their_name_by_its_parts_only() {
    var random = new Random(SEED);
    var claim = new KernelLog("remit.local/ledger/node-1", 300).claim(random.nextInt(300));
    var tampered = new Tamperings(random).of(claim);

    assertThat(SigstoreJava.accepts(claim)).isFalse();
    assertThat(SigstoreJava.acceptsInParts(claim)).isTrue();
    assertThat(tampered)
        .as("seed %d", SEED)
        .filteredOn(other -> !other.tampering().equals(Tamperings.OTHER_PLACE))
        .noneMatch(SigstoreJava::acceptsInParts);
  }

  @Test
  @Tag("R200")
  void both_believe_every_receipt_and_every_entry_that_a_running_server_serves() {
    try (var log = ServedLog.start(folder.resolve("served"))) {
      var claims = log.claims();
      var random = new Random(SEED);
      var tampered =
          claims.stream().flatMap(claim -> new Tamperings(random).of(claim).stream()).toList();
      assertThat(claims).hasSizeGreaterThan(20);

      assertThat(claims).allMatch(SigstoreJava::acceptsInParts);
      var believed = tampered.stream().filter(SigstoreJava::acceptsInParts).toList();
      assertThat(believed)
          .as("seed %d", SEED)
          .allMatch(claim -> claim.tampering().equals(Tamperings.OTHER_PLACE));
      say("sigstore-java, of a server", claims, tampered, believed.size());

      var sigstore = new SigstoreNode(node(), folder);
      assertThat(sigstore.accepts(claims)).as("seed %d", SEED).containsOnly(true);
      assertThat(sigstore.accepts(tampered)).as("seed %d", SEED).containsOnly(false);
      say("@sigstore/verify, of a server", claims, tampered, 0);
    }
  }

  private static NodeTools.Ready node() {
    return switch (NodeTools.prepare()) {
      case NodeTools.Ready ready -> ready;
      case NodeTools.Missing(var why) -> abort("skipped: " + why);
    };
  }

  private static void say(String verifier, List<Claim> untouched, List<Claim> tampered, int wrong) {
    Predicate<Claim> isPlace = claim -> claim.tampering().equals(Tamperings.OTHER_PLACE);
    System.out.printf(
        "%s: %,d proofs accepted, %,d tampered ones refused%s%n",
        verifier,
        untouched.size(),
        tampered.size() - wrong,
        wrong == 0
            ? ""
            : "; %,d of %,d wrong places it does not notice"
                .formatted(wrong, tampered.stream().filter(isPlace).count()));
  }
}
