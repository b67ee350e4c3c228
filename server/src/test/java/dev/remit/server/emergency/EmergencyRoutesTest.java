package dev.remit.server.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.ProblemException;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// What people wish in an emergency, as they type it.
class EmergencyRoutesTest {
  private static final String RIGHT =
      """
      {"workflow": "invoices", "resource": "bank", "calls": 2, "for": "PT15M", "reason": "payday"}
      """;

  private static Registered known() {
    return new Registered(
        1,
        List.of(
            new Workflow(
                new WorkflowName("invoices"),
                "pay what is due",
                new PersonName("anna"),
                Optional.empty(),
                "call anna",
                Set.of("internal"),
                Set.of("pay-invoices"),
                Stage.PRODUCTION,
                Optional.empty(),
                Duration.ofDays(365),
                ZoneOffset.UTC),
            new Resource(
                new ResourceName("bank"),
                Environment.PRODUCTION,
                new Upstream.Stdio("true", List.of(), Map.of(), Optional.empty()))));
  }

  private static Emergencies.Wish read(String json) {
    return WishReader.read(JsonMapper.shared().readTree(json), known(), EmergencyConfig.DEFAULT);
  }

  @Test
  void a_wish_is_what_was_typed_and_one_call_where_nothing_is_said() {
    var wish = read(RIGHT);
    var least = read("{\"workflow\":\"invoices\",\"resource\":\"bank\",\"reason\":\"payday\"}");

    assertThat(wish.calls()).isEqualTo(2);
    assertThat(wish.lasts()).isEqualTo(Duration.ofMinutes(15));
    assertThat(wish.lifted().said()).isEqualTo("calls of workflow invoices to bank (every tool)");
    assertThat(least.calls()).isEqualTo(1);
    assertThat(least.lasts()).isEqualTo(Duration.ofMinutes(30));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`\"calls\": 2`, `\"calls\": 21`, 400, `from 1 to 20`",
        "`\"calls\": 2`, `\"calls\": 0`, 400, `from 1 to 20`",
        "`\"calls\": 2`, `\"calls\": \"all\"`, 400, `from 1 to 20`",
        "`PT15M`, `PT31M`, 400, `from PT1M to PT30M`",
        "`PT15M`, `-PT1M`, 400, `from PT1M to PT30M`",
        "`PT15M`, `a while`, 400, `from PT1M to PT30M`",
        "`payday`, ` `, 400, `a reason of 1 to 2000`",
        "`\"workflow\": \"invoices\",`, ``, 400, `either `",
        "`\"workflow\": \"invoices\"`, `\"workflow\": \"travel\"`, 404, `workflow`",
        "`\"workflow\": \"invoices\"`, `\"identity\": \"nobody\"`, 404, `identity`",
        "`\"resource\": \"bank\"`, `\"resource\": \"mail\"`, 404, `resource`",
        "`\"resource\": \"bank\"`, `\"tool\": \"bank/rob\"`, 404, `tool`",
        "`\"resource\": \"bank\"`, `\"tool\": \"bank\"`, 400, `says where`",
      })
  void a_wish_says_what_of_it_is_wrong(String right, String wrong, int status, String says) {
    var refused =
        catchThrowableOfType(
            ProblemException.class, () -> read(RIGHT.replace(right, wrong == null ? "" : wrong)));

    assertThat(refused.problem().status()).isEqualTo(status);
    assertThat(refused.problem().detail()).contains(says);
    assertThat(refused.problem().remedy()).isNotEmpty();
  }
}
