package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Cosignatures on a log's checkpoint, and when they are enough to call it witnessed.
@Tag("R203")
class WitnessedLogTest {
  private final TestLog log = TestLog.random(new Random(7), 40);
  private final TestWitness anna = new TestWitness("anna.test/w", pair());
  private final TestWitness ben = new TestWitness("ben.test/w", pair());

  private record TestWitness(String name, KeyPair pair) {
    NoteKey key() {
      byte[] spki = pair.getPublic().getEncoded();
      return NoteKey.of(
          NoteKey.Kind.WITNESS, name, Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    }

    NoteSignature cosign(String text) {
      try {
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        var message = "cosignature/v1\ntime 1795280648\n" + text;
        signer.update(message.getBytes(StandardCharsets.UTF_8));
        return new Cosignature(1795280648, signer.sign()).line(key());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void two_different_witnesses_make_it_witnessed_up_to_what_both_have_seen() {
    var report = audit(cosigned(anna, ben), anna.key(), ben.key());

    assertThat(report.damages()).isEmpty();
    assertThat(report.witnessed().names()).containsExactlyInAnyOrder("anna.test/w", "ben.test/w");
    assertThat(report.witnessed().size()).isEqualTo(log.entries.size());
  }

  @Test
  void one_witness_is_not_enough() {
    var report = audit(cosigned(anna), anna.key(), ben.key());

    assertThat(report.witnessed().isEnough()).isFalse();
    assertThat(report.witnessed().size()).isZero();
  }

  @Test
  void one_key_under_two_names_is_one_witness() {
    var again = new TestWitness("anna.test/other", anna.pair());

    var report = audit(cosigned(anna, again), anna.key(), again.key());

    assertThat(report.witnessed().names()).hasSize(1);
  }

  @Test
  void a_cosignature_of_nobody_named_counts_for_nothing() {
    assertThat(audit(cosigned(anna, ben)).witnessed().names()).isEmpty();
  }

  @Test
  void a_wrong_cosignature_is_damage() {
    var note = log.note(log.entries);
    var wrong = anna.cosign("something else\n");
    var report = audit(with(note, wrong), anna.key(), ben.key());

    assertThat(report.damages())
        .extracting(Damage::what)
        .containsExactly(
            "the cosignature of `anna.test/w` on a checkpoint of %d entries is wrong"
                .formatted(log.entries.size()));
  }

  @Test
  void a_witness_key_is_written_with_its_own_type_and_is_no_key_of_a_log() {
    assertThat(NoteKey.parse(anna.key().toString())).isEqualTo(anna.key());
    assertThat(anna.key()).isNotEqualTo(NoteKey.of("anna.test/w", anna.key().raw()));
    assertThat(anna.key().id()).isNotEqualTo(NoteKey.of("anna.test/w", anna.key().raw()).id());
    assertThatThrownBy(() -> LogKeys.of(List.of(anna.key())))
        .hasMessage("the key of `anna.test/w` is a witness's, where a log's is due");
  }

  @Test
  void keys_are_written_with_the_sizes_that_they_sign_for() {
    var text = log.key() + " to 57\n" + log.key() + " from 58 to 99\n" + log.key() + " from 100\n";

    assertThat(LogKeys.parse(text).text()).isEqualTo(text);
    assertThat(LogKeys.parse(log.key() + "\n").keys().getFirst().covers(1_000_000)).isTrue();
    assertThatThrownBy(() -> LogKeys.parse(log.key() + " since 58"))
        .hasMessageContaining("name+id+key");
    assertThatThrownBy(() -> LogKeys.parse(log.key() + " from 9 to 3"))
        .hasMessageContaining("cannot sign from 9 to 3");
  }

  @Test
  void a_log_that_was_set_back_is_found_by_whoever_holds_a_later_checkpoint() {
    var held = log.note(log.entries);
    var earlier = log.entries.subList(0, log.entries.size() - 4);

    var report =
        LedgerAudit.of(
            TestLog.files(log.export(earlier, TestLog.leaves(earlier), log.note(earlier))),
            LogKeys.of(List.of(log.key())),
            List.of(),
            List.of(held));

    assertThat(report.damages())
        .extracting(Damage::what)
        .containsExactly("the log has signed for them and does not have them: it was set back");
  }

  private SignedNote cosigned(TestWitness... witnesses) {
    var note = log.note(log.entries);
    return with(
        note,
        Arrays.stream(witnesses)
            .map(witness -> witness.cosign(note.text()))
            .toArray(NoteSignature[]::new));
  }

  private static SignedNote with(SignedNote note, NoteSignature... lines) {
    var all = new ArrayList<>(note.signatures());
    all.addAll(List.of(lines));
    return new SignedNote(note.text(), all);
  }

  private AuditReport audit(SignedNote note, NoteKey... witnesses) {
    return LedgerAudit.of(
        TestLog.files(log.export(log.entries, log.leaves(), note)),
        LogKeys.of(List.of(log.key())),
        List.of(witnesses),
        List.of());
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
