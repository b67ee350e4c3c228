package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TaskListTest {
  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("R57")
  void people_see_the_tasks_at_work_newest_first() {
    var first = TokenWorld.task(world.token());
    world.clock.pass(Duration.ofSeconds(1));
    var second = TokenWorld.task(world.token());
    world.clock.pass(Duration.ofSeconds(1));
    var ended = TokenWorld.task(world.token());
    world.post("/v1/tasks/" + ended + "/complete", world.operator("sam"), "{}");

    assertThat(ids("")).containsExactly(second, first);
    assertThat(ids("?state=all")).containsExactly(ended, second, first);
    assertThat(ids("?state=all&identity=invoice-agent&workflow=invoices")).hasSize(3);
    assertThat(ids("?state=all&identity=another")).isEmpty();
  }

  @Test
  void a_task_whose_time_ran_out_is_no_longer_at_work() {
    world.token();

    world.clock.pass(Duration.ofDays(1));

    assertThat(ids("")).isEmpty();
    assertThat(ids("?state=all")).hasSize(1);
  }

  @Test
  void a_long_list_is_read_on_from_the_last_of_a_page() {
    for (int i = 0; i < 3; i++) {
      world.token();
      world.clock.pass(Duration.ofSeconds(1));
    }

    var page = list("?limit=2");
    var rest = list("?limit=2&before=" + page.path("before").stringValue());

    assertThat(page.path("tasks")).hasSize(2);
    assertThat(rest.path("tasks")).hasSize(1);
    assertThat(rest.has("before")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?state=some",
        "?limit=0",
        "?limit=1001",
        "?limit=x",
        "?before=x",
        "?identity=No%20Name"
      })
  void a_question_that_makes_no_sense_is_told_so(String query) {
    var answer = world.get("/v1/tasks" + query, world.operator("aude"));

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().path("detail").stringValue()).contains("query parameter");
  }

  @Test
  void a_workload_does_not_see_what_others_work_on() {
    assertThat(world.get("/v1/tasks", world.token()).status()).isEqualTo(403);
    assertThat(world.get("/v1/tasks", "").status()).isEqualTo(401);
  }

  private List<String> ids(String query) {
    return list(query)
        .path("tasks")
        .valueStream()
        .map(task -> task.path("id").stringValue())
        .toList();
  }

  private JsonNode list(String query) {
    var answer = world.get("/v1/tasks" + query, world.operator("aude"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }
}
