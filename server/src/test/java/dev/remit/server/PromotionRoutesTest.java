package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is wrong with a request about promotion is said, with what to do, and nothing happens.
@Tag("R43")
class PromotionRoutesTest {
  private static final String UNKNOWN = "/v1/promotions/prm_01h455vb4pex5vsknk084sn02q/answer";
  private static final String LONG = "x".repeat(2_001);

  private final ConsoleWorld world;

  PromotionRoutesTest() throws IOException {
    this.world = new ConsoleWorld();
  }

  @AfterEach
  void nothing_was_promoted_and_rows_and_ledger_agree() {
    assertThat(world.entries("promotion.requested")).isEmpty();
    assertThat(world.entries("stage.changed")).isEmpty();
    world.close();
  }

  private void refuses(String path, String body, int status, String detail) {
    var answer = world.api("POST", path, body);
    var problem = problem(answer.body());
    assertThat(answer.statusCode()).as(path + " " + body + ": " + answer.body()).isEqualTo(status);
    assertThat(problem.path("detail").asString("")).as(path + " " + body).contains(detail);
    assertThat(problem.path("remedy").asString("")).as(path + " " + body).isNotBlank();
  }

  private static JsonNode problem(String body) {
    return JsonMapper.shared().readTree(body);
  }

  @Test
  void a_wish_names_a_declared_pilot_and_a_reason_that_can_be_read() {
    refuses("/v1/promotions", "", 400, "");
    refuses("/v1/promotions", "[", 400, "");
    refuses("/v1/promotions", "[]", 400, "");
    refuses("/v1/promotions", "{}", 400, "`workflow` is the name of a declared workflow");
    refuses("/v1/promotions", "{\"workflow\": \"../x\", \"reason\": \"r\"}", 400, "`workflow`");
    refuses("/v1/promotions", "{\"workflow\": 7, \"reason\": \"r\"}", 404, "workflow `7`");
    refuses("/v1/promotions", "{\"workflow\": \"invoices\"}", 400, "a reason of 1 to 2000");
    refuses(
        "/v1/promotions", "{\"workflow\": \"invoices\", \"reason\": \"  \"}", 400, "a reason of");
    refuses(
        "/v1/promotions",
        "{\"workflow\": \"invoices\", \"reason\": \"" + LONG + "\"}",
        400,
        "a reason of");
    refuses("/v1/promotions", "{\"workflow\": \"nobody\", \"reason\": \"r\"}", 404, "nobody");
  }

  @Test
  void a_shut_gate_says_how_many_items_and_each_of_them() {
    var answer =
        world.api("POST", "/v1/promotions", "{\"workflow\": \"invoices\", \"reason\": \"now\"}");

    var problem = problem(answer.body());
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(problem.path("type").asString("")).endsWith("gate-shut");
    assertThat(problem.path("detail").asString("")).contains("of the gate's items are not met");
    assertThat(problem.findValuesAsString("verdict")).contains("unmet").hasSizeGreaterThan(10);
  }

  @Test
  void an_answer_says_yes_or_no_and_why_to_a_wish_that_there_is() {
    refuses(UNKNOWN, "{}", 400, "an answer has a boolean `agree`");
    refuses(UNKNOWN, "{\"agree\": \"yes\", \"reason\": \"r\"}", 400, "a boolean `agree`");
    refuses(UNKNOWN, "{\"agree\": true}", 400, "a reason of 1 to 2000");
    refuses(UNKNOWN, "{\"agree\": true, \"reason\": \"r\"}", 404, "prm_");
    assertThat(
            world.api("POST", "/v1/promotions/not-an-id/answer", "{\"agree\": true}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void what_is_no_production_is_not_demoted_and_what_has_no_grant_is_not_exercised() {
    refuses("/v1/workflows/invoices/demote", "{}", 400, "a reason of 1 to 2000");
    refuses("/v1/workflows/invoices/demote", "{\"reason\": \"r\"}", 409, "is not in production");
    refuses("/v1/workflows/nobody/demote", "{\"reason\": \"r\"}", 409, "is not in production");
    refuses("/v1/workflows/invoices/exercise", "{}", 409, "no identity of workflow `invoices`");
    assertThat(world.api("GET", "/v1/workflows/nobody/gate", "").statusCode()).isEqualTo(404);
    assertThat(world.api("GET", "/v1/workflows/No%20Body/gate", "").statusCode()).isEqualTo(400);
  }
}
