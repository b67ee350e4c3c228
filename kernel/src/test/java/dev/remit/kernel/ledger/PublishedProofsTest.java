package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The proofs that transparency-dev publishes for implementations of RFC 6962, right ones and wrong
/// ones: what their verifier accepts ours accepts, and nothing else.
@Tag("R203")
class PublishedProofsTest {
  private static int accepted;
  private static int refused;

  /// One case.
  ///
  /// @param cells as its line has them
  record Case(List<String> cells) {

    String cell(int number) {
      return cells.get(number);
    }

    boolean isAccepted() {
      return switch (cell(5)) {
        case "accept" -> true;
        // Twelve bytes in place of a root, which its publisher never looks at: here no root.
        case "refuse", "accept-no-hash" -> false;
        default -> throw new IllegalStateException("a case is accepted or refused: " + cells);
      };
    }

    long number(int cell) {
      return Long.parseLong(cell(cell));
    }

    Hash hash(int cell) {
      return Hash.ofBase64(cell(cell));
    }

    List<Hash> proof() {
      return cell(4).equals("none")
          ? List.of()
          : Arrays.stream(cell(4).split(",", -1)).map(Hash::ofBase64).toList();
    }

    @Override
    public String toString() {
      return cell(6) + ", " + cell(5);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inclusion")
  void an_inclusion_proof_is_judged_as_its_publisher_judges_it(Case published) {
    boolean holds;
    try {
      holds =
          Proofs.includes(
              published.hash(2),
              published.number(1),
              published.number(0),
              published.hash(3),
              published.proof());
    } catch (IllegalArgumentException _) {
      holds = false; // no hash, or a place beyond 63 bits: it never becomes a proof
    }

    judge(published, holds);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("consistency")
  void a_consistency_proof_is_judged_as_its_publisher_judges_it(Case published) {
    boolean holds;
    try {
      holds =
          Proofs.continues(
              published.hash(2),
              published.number(0),
              published.hash(3),
              published.number(1),
              published.proof());
    } catch (IllegalArgumentException _) {
      holds = false;
    }

    judge(published, holds);
  }

  @AfterAll
  static void say_what_was_checked() {
    System.out.printf("published proofs: %d accepted, %d refused%n", accepted, refused);
  }

  private static void judge(Case published, boolean holds) {
    accepted += holds ? 1 : 0;
    refused += holds ? 0 : 1;
    assertThat(holds).as("%s", published.cells()).isEqualTo(published.isAccepted());
  }

  static List<Case> inclusion() {
    return cases("inclusion.tsv");
  }

  static List<Case> consistency() {
    return cases("consistency.tsv");
  }

  private static List<Case> cases(String name) {
    try {
      return Files.readString(Path.of("src", "test", "resources", "merkle", name))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> new Case(List.of(line.split("\t", -1))))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("the published proofs cannot be read", e);
    }
  }
}
