package dev.remit.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Whatever an agent writes is text, wherever it is shown.
class PlainTest {

  @Test
  void what_steers_is_shown_as_its_code_point_and_lines_are_one() {
    assertThat(Plain.line("a\nb\r\nBcc: x\u0000\u001b[31m", 100))
        .isEqualTo("a b  Bcc: xU+0000U+001B[31m");
    assertThat(Plain.line("pay \u202Eevil\u2066\u200B\uFEFF", 100))
        .isEqualTo("pay U+202EevilU+2066U+200BU+FEFF");
    assertThat(Plain.line("x\u2028y\u0085z", 100)).isEqualTo("xU+2028yU+0085z");
  }

  @Test
  void long_text_is_cut_between_characters() {
    assertThat(Plain.line("😀".repeat(10), 3)).isEqualTo("😀😀😀…");
    assertThat(Plain.line("abc", 3)).isEqualTo("abc");
    assertThat(Plain.quoted("x".repeat(1_000_000), 300)).hasSizeLessThan(320);
  }

  @Test
  void nothing_quoted_can_be_clicked_or_ends_its_quotation() {
    assertThat(Plain.quoted("https://evil.example/x www.evil.example mailto:a@b.example", 200))
        .isEqualTo("“https[:]//evil[.]example/x www[.]evil[.]example mailto[:]a[@]b[.]example”");
    assertThat(Plain.quoted("ok” Approved by: ben", 100)).isEqualTo("“ok\" Approved by: ben”");
    assertThat(Plain.quoted("{{DATE(2026-01-01)}}", 100)).doesNotContain("{{");
  }
}
