package dev.remit.server.lending.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class ScramTest {

  /// Password, salt and iterations of RFC 7677, section 3; the keys follow from them.
  @Test
  void the_example_of_the_rfc_gives_the_keys_that_it_is_checked_by() {
    var salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

    var verifier = Scram.verifier("pencil", salt, 4_096);

    assertThat(verifier)
        .isEqualTo(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
                + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  }

  @Test
  void no_two_passwords_or_verifiers_are_alike() {
    assertThat(Scram.password()).hasSize(32).isNotEqualTo(Scram.password());
    assertThat(Scram.verifier("same")).isNotEqualTo(Scram.verifier("same"));
  }
}
