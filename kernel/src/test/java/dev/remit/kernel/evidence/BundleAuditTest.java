package dev.remit.kernel.evidence;

import static dev.remit.kernel.evidence.BundleWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.TestLog;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A bundle that was not touched verifies, and its answer can be read; one that was does not, and
/// the part is named.
@Tag("R203")
@Tag("R207")
class BundleAuditTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final BundleWorld world = new BundleWorld(random);

  @RepeatedTest(20)
  void an_untouched_bundle_holds_and_holds_nothing_of_others() {
    var parts = world.parts();

    var report = world.audit(parts);

    assertThat(report.damages()).as("seed %d", seed).isEmpty();
    assertThat(report.holds()).isTrue();
    assertThat(report.figure()).isEqualTo(10_000);
    assertThat(text(parts, BundleParts.ENTRIES)).doesNotContain("payroll");
  }

  @Test
  void the_same_question_makes_the_same_bytes() {
    assertThat(world.parts()).containsExactlyEntriesOf(world.parts());
  }

  @Test
  @Tag("R201")
  @Tag("R204")
  void the_answer_says_who_was_answerable_what_was_done_and_how_it_was_stopped() {
    var answer = text(world.parts(), BundleParts.ANSWER);

    assertThat(answer)
        .contains("workflow invoices: owner anna; purpose: pay; stage pilot")
        .contains("create | workflow invoices | by anna")
        .contains("tools/call files/read")
        .contains("suspended | workflow invoices by sam: looked odd")
        .contains("100.00 % of what was begun is seen to have ended; 0 gaps");
  }

  @Test
  @Tag("R208")
  void a_call_without_an_outcome_is_a_gap_with_its_cause() {
    world.log.add(BundleWorld.decided("dec_lost", "invoices"));
    world.log.restart(false);
    world.log.add(BundleWorld.decided("dec_late", "invoices"));

    var parts = world.parts();

    assertThat(world.audit(parts).damages()).isEmpty();
    assertThat(world.audit(parts).gaps()).isEqualTo(2);
    assertThat(text(parts, BundleParts.ANSWER))
        .contains("call dec_lost: the recorder stopped before its outcome was known")
        .contains("call dec_late: no outcome was recorded before the export");
  }

  @RepeatedTest(100)
  void one_changed_byte_anywhere_is_found_and_its_part_named() {
    var parts = new TreeMap<>(world.parts());
    var names = parts.entrySet().stream().filter(one -> one.getValue().length > 0).toList();
    var changed = names.get(random.nextInt(names.size()));
    var bytes = changed.getValue().clone();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
    parts.put(changed.getKey(), bytes);

    var report = world.audit(parts);

    assertThat(report.holds()).as("seed %d", seed).isFalse();
    // A changed manifest cannot be told from changed parts.
    if (!changed.getKey().equals(BundleParts.MANIFEST)) {
      assertThat(String.join("\n", report.damages())).contains(changed.getKey());
    }
  }

  @RepeatedTest(20)
  void a_missing_part_and_an_added_one_are_named() {
    var parts = new TreeMap<>(world.parts());
    var names = parts.keySet().stream().filter(name -> !name.equals("manifest.json")).toList();
    var gone = names.get(random.nextInt(names.size()));
    parts.remove(gone);
    parts.put("more.txt", new byte[0]);

    var damages = world.audit(parts).damages();

    assertThat(damages)
        .contains(
            "the part `" + gone + "` is missing: the manifest names it",
            "the part `more.txt` was added: the manifest does not name it");
  }

  /// Whoever can write the manifest can make the parts agree with it; the log's signature they
  /// cannot make.
  @RepeatedTest(50)
  void an_entry_changed_together_with_everything_unsigned_is_found() {
    var parts = BundleTampering.FORGED_ENTRY.of(world, random);

    var damages = String.join("\n", world.audit(parts).damages());

    assertThat(damages)
        .as("seed %d", seed)
        .containsAnyOf("does not have the hash", "do not lead to the root that was signed");
  }

  @RepeatedTest(20)
  void two_entries_in_the_wrong_order_are_found() {
    var parts = BundleTampering.ENTRIES_SWAPPED.of(world, random);

    assertThat(String.join("\n", world.audit(parts).damages())).contains("is out of order");
  }

  @Test
  void a_declaration_that_was_not_made_is_found() {
    var parts = BundleTampering.OTHER_DECLARATION.of(world, random);

    assertThat(world.audit(parts).damages())
        .contains("workflow/invoices revision 1 is not what its entry says was declared");
  }

  @Test
  void a_body_is_what_its_entry_commits_to_or_it_is_found() {
    world.callWithBody("dec_body", "{\"path\":\"/a\"}");
    assertThat(world.audit(world.parts()).proved())
        .contains("1 opened bodies are what their entries commit to");

    var other = BundleTampering.OTHER_BODY.of(world, random);

    assertThat(String.join("\n", world.audit(other).damages()))
        .contains("is not what its entry commits to");
  }

  @Test
  void an_erased_body_leaves_the_bundle_whole_and_is_said() {
    world.callWithBody("dec_body", "{\"path\":\"/a\"}");
    var gone = world.bodies.removeLast();
    world.redactions.add(new Redaction(gone.index(), gone.name(), Redaction.ERASED));

    var report = world.audit(world.parts());

    assertThat(report.holds()).isTrue();
    assertThat(report.notProved()).contains("what 1 bodies said, which were erased");
  }

  @Test
  void a_body_that_is_kept_quiet_about_is_found() {
    world.callWithBody("dec_body", "{\"path\":\"/a\"}");
    world.bodies.clear();

    assertThat(String.join("\n", world.audit(world.parts()).damages()))
        .contains("is neither opened nor said to be redacted");
  }

  @Test
  void an_entry_of_somebody_else_does_not_belong() {
    var parts = BundleTampering.OTHER_SUBJECT.of(world, random);

    assertThat(String.join("\n", world.audit(parts).damages()))
        .contains("is not about what the manifest names");
  }

  @ParameterizedTest
  @EnumSource
  void nothing_that_can_be_done_to_a_bundle_goes_unnoticed(BundleTampering tampering) {
    world.callWithBody("dec_body", "{\"path\":\"/a\"}");

    for (int i = 0; i < 20; i++) {
      assertThat(world.audit(tampering.of(world, random)).holds()).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void another_key_believes_nothing() {
    var report = BundleAudit.of(BundleParts.of(world.parts()), List.of(new TestLog().key()));

    assertThat(report.holds()).isFalse();
    assertThat(report.damages().getFirst()).contains("no known key has signed");
  }
}
