package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R56")
class PersonalFormTest {
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final Random random = new Random(56);

  @Test
  void what_only_a_person_is_given_is_known_by_its_form() {
    assertThat(PersonalForm.of(Samples.personal(random)))
        .contains(new PersonalForm("a personal access token of GitHub", true));
    assertThat(PersonalForm.of("Bearer " + Samples.personal(random) + "\n"))
        .hasValueSatisfying(form -> assertThat(form.isCertain()).isTrue());
    assertThat(PersonalForm.of("xoxp-" + digits() + "-" + digits() + "-" + letters(24)))
        .hasValueSatisfying(form -> assertThat(form.what()).contains("Slack"));
    assertThat(PersonalForm.of("dop_v1_" + Samples.of(random, "0123456789abcdef", 64)))
        .hasValueSatisfying(form -> assertThat(form.what()).contains("DigitalOcean"));
    assertThat(PersonalForm.of("rop_" + letters(43)))
        .hasValueSatisfying(form -> assertThat(form.what()).contains("operator"));
    assertThat(PersonalForm.of("1//0" + letters(80)))
        .hasValueSatisfying(form -> assertThat(form.what()).contains("Google"));
  }

  @Test
  void what_may_be_a_persons_or_a_workloads_is_called_likely() {
    for (var value :
        new String[] {
          "glpat-" + letters(20),
          "AKIA" + Samples.of(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
          "Basic " + base64("anna@example.org:" + letters(24))
        }) {
      assertThat(PersonalForm.of(value))
          .as(value)
          .hasValueSatisfying(form -> assertThat(form.isCertain()).isFalse());
    }
  }

  @Test
  void a_token_of_an_identity_provider_says_itself_that_it_is_a_persons() {
    assertThat(PersonalForm.of(jwt("{\"sub\":\"17\",\"email\":\"anna@example.org\"}")))
        .hasValueSatisfying(form -> assertThat(form.isCertain()).isTrue());
    assertThat(PersonalForm.of(jwt("{\"idtyp\":\"user\",\"oid\":\"17\"}"))).isPresent();

    assertThat(PersonalForm.of(jwt("{\"idtyp\":\"app\",\"oid\":\"17\"}"))).isEmpty();
    assertThat(PersonalForm.of(jwt("{\"email\":\"ci@project.iam.gserviceaccount.com\"}")))
        .isEmpty();
  }

  @Test
  void a_credential_of_a_workload_and_a_form_that_says_nothing_are_nobodys() {
    assertThat(PersonalForm.of("xoxb-" + digits() + "-" + letters(24))).isEmpty();
    assertThat(PersonalForm.of("Basic " + base64("invoice-agent:" + letters(24)))).isEmpty();
    assertThat(PersonalForm.of("correct horse battery staple")).isEmpty();
    assertThat(PersonalForm.of("ghp_" + letters(36))).as("its checksum is wrong").isEmpty();
    assertThat(PersonalForm.of("")).isEmpty();
  }

  private String letters(int length) {
    return Samples.of(random, LETTERS, length);
  }

  private String digits() {
    return Samples.of(random, "0123456789", 12);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private String jwt(String claims) {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString("{\"alg\":\"ES256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
        + "."
        + encoder.encodeToString(claims.getBytes(UTF_8))
        + "."
        + letters(86);
  }
}
