package dev.remit.server.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.registry.RiskChange;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.tokens.Lifetimes;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What risk does when something is declared: it is said beforehand, recorded with the change, and
/// bounds what is risky more tightly.
class RiskAtApplyTest {
  private static final String SECRETS =
      PromotionWorld.agent()
          .replace("effects: [read]", "effects: [secrets]")
          .replace("lifecycle: ga", "lifecycle: beta");

  private final PromotionWorld world = new PromotionWorld();

  @AfterEach
  void rows_and_ledger_agree() {
    world.close();
  }

  @Test
  @Tag("R52")
  @Tag("R126")
  void a_rise_is_said_beforehand_and_recorded_in_the_transaction_of_the_change() {
    world.mended();

    var planned = world.planned(SECRETS);
    world.apply(SECRETS);

    assertThat(planned.risks()).singleElement().satisfies(change -> isHigh(change));
    var recorded = world.entries(EntryType.RISK_CHANGED).getLast();
    assertThat(recorded.text("workflow")).contains("desk");
    assertThat(recorded.text("after")).contains("critical");
    assertThat(recorded.content().path("rises").asBoolean(false)).isTrue();
    assertThat(recorded.content().path("because").toString()).contains("secrets-within-reach");
  }

  private static void isHigh(RiskChange change) {
    assertThat(change.isRise()).isTrue();
    assertThat(change.after().riskClass()).isEqualTo(RiskClass.CRITICAL);
  }

  @Test
  void what_changes_no_risk_says_nothing_of_it() {
    world.mended();
    int before = world.entries(EntryType.RISK_CHANGED).size();

    world.apply(PromotionWorld.workflow("sponsor: cleo"));

    assertThat(world.entries(EntryType.RISK_CHANGED)).hasSize(before);
  }

  @Test
  @Tag("R110")
  @Tag("R184")
  void pilots_and_grants_of_high_risk_end_sooner() {
    world.apply(PromotionWorld.people(), PromotionWorld.workflow(""), SECRETS);
    var late = PromotionWorld.grant("ben").replace("2027-02-01", "2027-05-01");
    var longer = PromotionWorld.workflow("").replace("2027-02-01", "2027-05-01");

    assertThat(world.refused(late, longer)).extracting(Flaw::rule).containsOnly("R57", "R63");
    assertThat(world.refused(late, longer))
        .extracting(Flaw::message)
        .anyMatch(message -> message.contains("of critical risk"));
    world.apply(PromotionWorld.agent(), late, longer);
  }

  @Test
  @Tag("R64")
  void the_riskier_the_shorter_tokens_and_tasks_live() {
    var lifetimes = Lifetimes.defaults();
    var usual = lifetimes.of(IdentityKind.AGENT, Autonomy.ACTS_ALONE, RiskClass.MODERATE);
    var high = lifetimes.of(IdentityKind.AGENT, Autonomy.ACTS_ALONE, RiskClass.HIGH);
    var critical = lifetimes.of(IdentityKind.AGENT, Autonomy.ACTS_ALONE, RiskClass.CRITICAL);

    assertThat(usual.token()).isEqualTo(Duration.ofMinutes(3));
    assertThat(high.token()).isEqualTo(Duration.ofSeconds(90));
    assertThat(critical.token()).isEqualTo(Duration.ofSeconds(45));
    assertThat(critical.task()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  @Tag("R35")
  @Tag("R36")
  void a_beta_model_stands_in_the_way_until_it_says_when_to_go_back() {
    world.ready();
    var beta = PromotionWorld.agent().replace("lifecycle: ga", "lifecycle: beta");
    world.apply(beta);
    assertThat(world.unmet()).containsExactly("model-conditions");

    world.apply(
        beta.replace(
            "lifecycle: beta",
            "lifecycle: beta, rollbackWhen: [three wrong answers], reapproveWhen: [a new version]"));

    assertThat(world.unmet()).isEmpty();
  }
}
