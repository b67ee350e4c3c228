package dev.remit.kernel.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R203")
class CanonicalBase64Test {

  @Test
  void what_an_encoder_writes_is_read() {
    for (int length = 0; length < 40; length++) {
      var bytes = new byte[length];
      Arrays.fill(bytes, (byte) (0xf0 + length));

      assertThat(CanonicalBase64.decode(Base64.getEncoder().encodeToString(bytes)))
          .isEqualTo(bytes);
      assertThat(
              CanonicalBase64.decodeUrl(
                  Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)))
          .isEqualTo(bytes);
    }
  }

  /// RFC 4648, section 3.5, and Java's leniency about padding.
  @ParameterizedTest
  @ValueSource(strings = {"QI==", "QQ", "QUK=", "QUI", "Q", "Q!==", "QQ==\n"})
  void another_text_for_the_same_bytes_is_refused(String text) {
    assertThatThrownBy(() -> CanonicalBase64.decode(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"QI", "QQ==", "QUK", "Q+8"})
  void another_text_for_urls_is_refused(String text) {
    assertThatThrownBy(() -> CanonicalBase64.decodeUrl(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
