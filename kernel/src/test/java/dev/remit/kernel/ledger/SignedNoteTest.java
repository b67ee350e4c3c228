package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Notes and checkpoints against the worked examples of C2SP signed-note and tlog-checkpoint.
class SignedNoteTest {
  private static final String KEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  private static final String NOTE =
      """
      This is an example message.

      — example.com/foo \
      Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
      """;

  @Test
  void the_example_of_the_specification_verifies() {
    var key = NoteKey.parse(KEY);

    var note = SignedNote.parse(NOTE);

    assertThat(note.check(List.of(key))).isEqualTo(new NoteCheck.Signed(key));
    assertThat(note.text()).isEqualTo("This is an example message.\n");
    assertThat(note).hasToString(NOTE);
    assertThat(key).hasToString(KEY);
  }

  @Test
  void a_changed_text_has_a_wrong_signature() {
    var key = NoteKey.parse(KEY);

    var note = SignedNote.parse(NOTE.replace("example message", "exemplary message"));

    assertThat(note.check(List.of(key))).isEqualTo(new NoteCheck.WrongSignature(key));
  }

  @Test
  void a_note_by_strangers_is_signed_by_nobody_known() {
    var note = SignedNote.parse(NOTE);

    assertThat(note.check(List.of())).isEqualTo(new NoteCheck.NobodyKnown());
  }

  @Test
  void a_note_may_contain_empty_lines_and_signatures_of_unknown_algorithms() {
    var note =
        SignedNote.parse(
            """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
            """);

    assertThat(note.text()).endsWith("ed è subito sera.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n\nno dash AAAAAAAA\n",
        "text\n\n— name\n",
        "text\n\n— name !!!!\n",
        "text\n\n— name AAAA\n",
        "text\n\n— a b AAAAAAAA\n",
        "te\u0001xt\n\n— name AAAAAAAA\n"
      })
  void what_is_not_a_note_is_refused(String text) {
    assertThatThrownBy(() -> SignedNote.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com/foo",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
      })
  void a_key_whose_id_is_not_its_own_is_refused(String key) {
    assertThatThrownBy(() -> NoteKey.parse(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_checkpoint_of_the_specification_is_read_and_written_alike() {
    var text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    var checkpoint = Checkpoint.parse(text);

    assertThat(checkpoint.size()).isEqualTo(20_852_163);
    assertThat(checkpoint.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n1\n", "a\n01\nx\n", "a\n-1\nx\n", "a\n1\nAAAA\n", "a\n1\n\n\n"})
  void what_is_not_a_checkpoint_is_refused(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
