package dev.remit.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Home;
import dev.remit.kernel.ledger.EntryType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("R2")
@Tag("R6")
@Tag("R57")
@Tag("R63")
class AttackersListTest {
  private static final String PAGE = "docs/attacks.md";
  private static final Set<EntryType> REFUSALS =
      EnumSet.of(EntryType.EXCHANGE_REFUSED, EntryType.CALL_REFUSED);

  @TempDir private static Path folder;

  private static Victim victim;

  @BeforeAll
  static void start() {
    folder.toFile().setExecutable(true, false);
    victim = new Victim(folder);
  }

  @AfterAll
  static void stop() {
    victim.close();
  }

  @ParameterizedTest
  @EnumSource
  void an_attack_is_refused_for_what_is_wrong_with_it_and_reaches_nothing(Attack attack) {
    long before = victim.callsUpstream();

    var answer = attack.on(victim);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(attack.status());
    assertThat(answer.body()).contains(attack.reason()).doesNotContain("access_token\"");
    assertThat(victim.callsUpstream()).isEqualTo(before);
    assertThat(victim.platform.trapped()).as("addresses that an attacker named").isZero();
  }

  @Test
  void what_they_tamper_with_is_good_until_they_do() {
    assertThat(victim.exchange(victim.proof().signedBy(victim.agent.key())).statusCode())
        .isEqualTo(200);
    assertThat(victim.exchange(victim.jobsProof().signedBy(victim.platform.key())).statusCode())
        .isEqualTo(200);
    assertThat(
            victim
                .exchange(victim.actingFor(victim.delegation(victim.chief), victim.helper))
                .statusCode())
        .isEqualTo(200);
    assertThat(victim.call(victim.token()).statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("R192")
  void every_attack_with_a_proof_or_a_token_is_in_the_ledger_with_its_reason() {
    var before = victim.recorded().size();

    var tried =
        Arrays.stream(Attack.values())
            .filter(attack -> !attack.reason().isEmpty())
            .peek(attack -> attack.on(victim))
            .collect(Collectors.groupingBy(Attack::reason, Collectors.counting()));

    var recorded =
        victim.recorded().stream()
            .skip(before)
            .filter(entry -> REFUSALS.contains(entry.type()))
            .collect(
                Collectors.groupingBy(
                    entry -> entry.text("reason").orElse(""), Collectors.counting()));
    assertThat(recorded).isEqualTo(tried);
  }

  @Test
  void one_proof_shown_many_times_at_once_buys_one_token() {
    var proof = victim.proof().signedBy(victim.agent.key());

    var bought =
        IntStream.range(0, 20)
            .parallel()
            .mapToObj(_ -> victim.exchange(proof).statusCode())
            .filter(status -> status == 200)
            .count();

    assertThat(bought).isEqualTo(1);
  }

  @Test
  void the_page_lists_them_all() throws IOException {
    var page = Home.directory().resolve(PAGE);
    var said = Files.readString(page);
    var head = said.substring(0, said.indexOf("| Attack"));
    var wanted = head + table();
    if (Boolean.getBoolean("remit.docs.write")) {
      Files.writeString(page, wanted);
    }

    assertThat(Files.readString(page))
        .as("regenerate it with -Dremit.docs.write=true")
        .isEqualTo(wanted);
  }

  private static String table() {
    return "| Attack | Answer | Recorded reason |\n|---|---|---|\n"
        + Arrays.stream(Attack.values())
            .map(attack ->
                "| %s | %d | %s |\n"
                    .formatted(
                        words(attack),
                        attack.status(),
                        attack.reason().isEmpty() ? "" : "`" + attack.reason() + "`"))
            .collect(Collectors.joining());
  }

  private static String words(Attack attack) {
    return attack.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
