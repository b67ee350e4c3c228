package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.lending.LendingWorld.Given;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who does not get a credential, and how that is said and recorded.
class LendingRefusedTest {
  private final LendingWorld world = new LendingWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private void assertNothingWasMade() {
    assertThat(world.roles()).isEmpty();
    assertThat(world.stored("SELECT id AS text FROM credential")).isEmpty();
  }

  @Test
  @Tag("R65")
  void a_token_for_another_resource_is_refused_and_that_is_recorded() {
    var refused = world.ask(world.tokenFor("files"), "reader");

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(world.entries("call.refused").getFirst().path("reason").asString(""))
        .isEqualTo("wrong-audience");
    assertNothingWasMade();
  }

  @Test
  void a_token_of_a_task_that_has_ended_is_refused() {
    var token = world.token();
    world.post("/v1/tasks/" + LendingWorld.task(token) + "/complete", token, "");

    assertThat(world.ask(token, "reader").statusCode()).isEqualTo(401);
    assertNothingWasMade();
  }

  @Test
  void a_forged_token_and_a_persons_token_are_refused() {
    var token = world.token();
    var forged = token.substring(0, token.length() - 8) + "AAAAAAAA";

    assertThat(world.ask(forged, "reader").statusCode()).isEqualTo(401);
    assertThat(world.ask(world.person("admin"), "reader").statusCode()).isEqualTo(403);
    assertThat(world.ask("", "reader").statusCode()).isEqualTo(401);
    assertNothingWasMade();
  }

  @Test
  @Tag("R61")
  void a_profile_that_no_grant_names_is_refused_with_what_to_do() {
    var refused = world.ask(world.token(), "nowhere");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(LendingWorld.slug(refused)).isEqualTo("not-granted");
    assertThat(LendingWorld.json(refused).path("remedy").asString()).contains("Grant manifest");
    assertThat(refused.headers().firstValue("Remit-Decision")).isPresent();
    assertThat(world.entries("call.refused")).hasSize(1);
    assertNothingWasMade();
  }

  @Test
  void a_task_whose_scope_names_tools_gets_a_credential_only_if_it_names_its_profile() {
    var outside = world.ask(world.token("files/read_file"), "reader");
    var within = world.given(world.token("orders/reader"), "reader");

    assertThat(LendingWorld.slug(outside)).isEqualTo("outside-task");
    assertThat(world.ask(within.token(), "writer").statusCode()).isEqualTo(403);
    world.complete(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\\\"; DROP ROLE remit_admin; --",
        "reader'; DROP TABLE app.orders; --",
        "",
        "Reader",
        "reader ",
        "../reader",
        "reader\\u0000"
      })
  void a_profile_that_is_no_name_gets_nowhere_near_the_database(String profile) {
    var refused = world.ask(world.token(), profile);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertNothingWasMade();
    assertThat(world.orders.texts("SELECT count(*) FROM app.orders")).containsExactly("2");
  }

  /// It would outlive a suspension of whoever delegated.
  @Test
  void a_delegated_task_gets_no_credential() {
    var refused = world.ask(world.delegated("orders"), "reader");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(LendingWorld.slug(refused)).isEqualTo("not-delegated");
    assertNothingWasMade();
  }

  @Test
  void an_unknown_profile_and_a_resource_that_is_no_database_are_not_found() {
    assertThat(LendingWorld.slug(world.ask(world.token(), "owner"))).isEqualTo("no-such-profile");
    var body = "{\"resource\":\"files\",\"profile\":\"reader\"}";
    assertThat(LendingWorld.slug(world.post("/v1/credentials", world.tokenFor("files"), body)))
        .isEqualTo("no-such-profile");
  }

  @Test
  void a_body_that_says_more_or_less_is_refused() {
    for (var body :
        List.of(
            "{}",
            "[]",
            "{\"resource\":\"orders\"}",
            "{\"resource\":\"orders\",\"profile\":1}",
            "{\"resource\":\"orders\",\"profile\":\"reader\",\"role\":\"postgres\"}",
            "{\"resource\":\"orders\",\"resource\":\"files\",\"profile\":\"reader\"}")) {
      assertThat(world.post("/v1/credentials", world.token(), body).statusCode())
          .as(body)
          .isEqualTo(400);
    }
  }

  @Test
  @Tag("R80")
  void policy_is_asked_with_action_issue_and_its_no_is_final() {
    world.policy =
        question ->
            question.action().word().equals("issue")
                    && question.target().toString().contains("reader")
                ? new Decision.Deny(List.of(new PolicyId("no-readers")), List.of(), List.of())
                : new Decision.Allow(List.of(new PolicyId("test-allows")), List.of());

    var refused = world.ask(world.token(), "reader");
    var writer = world.given("writer");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("no-readers");
    var decided = world.entries("call.decided");
    assertThat(decided.getFirst().path("decision").asString()).isEqualTo("deny");
    assertThat(decided.getFirst().path("action").asString()).isEqualTo("issue");
    assertThat(decided.getFirst().path("target").asString()).isEqualTo("reader");
    assertThat(decided.get(1).path("id").asString())
        .isEqualTo(world.entries("credential.intended").getFirst().path("of").asString());
    world.complete(writer);
  }

  @Test
  void a_hold_is_a_no_since_nobody_is_waited_for() {
    world.policy =
        _ ->
            new Decision.Hold(
                List.of(new PolicyId("ask-first")),
                Set.of(Role.OWNER),
                Duration.ofMinutes(1),
                List.of());

    var refused = world.ask(world.token(), "reader");

    assertThat(LendingWorld.slug(refused)).isEqualTo("not-just-so");
    assertNothingWasMade();
  }

  @Test
  void what_a_task_was_given_counts_for_policy() {
    var token = world.token();
    var first = world.given(token, "reader");
    var seen = new AtomicLong();
    world.policy =
        question -> {
          seen.set(question.task().usage().items());
          return new Decision.Allow(List.of(new PolicyId("test-allows")), List.of());
        };

    world.given(token, "reader");

    assertThat(seen).hasValue(1);
    world.complete(first);
  }

  @Test
  void a_database_is_not_served_as_an_mcp_server() {
    var answer = world.post("/mcp/orders", world.token(), "{}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("remit credential get orders");
  }

  @Test
  void nobody_sees_or_ends_what_is_another_tasks() {
    var mine = world.given("reader");
    var other = world.token();

    var path = "/v1/credentials/" + mine.id();
    assertThat(world.get(path, other).statusCode()).isEqualTo(404);
    assertThat(world.post(path + "/revoke", other, "").statusCode()).isEqualTo(404);
    assertThat(world.post(path + "/revoke", world.person("otto"), "").statusCode()).isEqualTo(403);
    assertThat(world.get("/v1/credentials", other).statusCode()).isEqualTo(403);
    assertThat(world.state(mine)).isEqualTo("ACTIVE");
    assertThat(world.post(path + "/revoke", world.person("anna"), "").body())
        .contains("\"state\":\"revoked\"");
  }

  @Test
  void a_role_cannot_be_used_by_another_password_or_another_role() {
    var one = world.given("reader");
    var two = world.given("reader");

    var swapped = new Given(one.id(), one.task(), one.token(), one.user(), two.password());

    assertThatThrownBy(() -> world.login(swapped))
        .hasMessageContaining("password authentication failed");
    world.complete(one);
    world.complete(two);
  }

  @Test
  @Tag("R60")
  void what_a_manifest_declares_of_a_database_is_checked_where_it_stands() {
    var good = world.database("orders", 5432, "[reader]");

    for (var wrong :
        List.of(
            good.replace("type: postgresql", "type: mcp"),
            good.replace("[orders_reader]", "['x\"; DROP ROLE a; --']"),
            good.replace("[orders_reader]", "[]"),
            good.replace("[orders_reader]", "[remit_t_other]"),
            good.replace("tls: disable", "tls: maybe"),
            good.replace("host: 127.0.0.1", "host: 'a/b?user=postgres'"),
            good.replace("profiles: [reader]", "profiles: [chief]"),
            good.replace("name: invoice-agent-orders", "name: invoice-agent-files")
                .replace("resource: orders", "resource: files"))) {
      assertThat(world.applied(wrong).toString()).as(wrong).contains("Refused");
    }
    assertThat(world.applied(good.replace("profiles: [reader]", "profiles: [chief]")).toString())
        .contains("names profile `chief`, which resource `orders` does not have")
        .contains("`nowhere`, `reader`, `writer`");
  }

  @Test
  void a_check_says_what_is_wrong_with_a_database_and_how_to_mend_it() {
    var admin = world.person("admin");

    var unfit = LendingWorld.json(world.post("/v1/databases/orders/check", admin, ""));
    world.password("another one");
    var locked = LendingWorld.json(world.post("/v1/databases/orders/check", admin, ""));
    world.password(OrdersDatabase.ADMIN_PASSWORD);

    assertThat(unfit.path("fit").asBoolean(true)).isFalse();
    assertThat(unfit.toString())
        .contains("GRANT \\\"orders_unreachable\\\" TO \\\"remit_admin\\\" WITH ADMIN OPTION")
        .contains("{\"what\":\"remit_admin may make roles\",\"well\":true}")
        .contains("{\"what\":\"remit_admin may grant orders_reader\",\"well\":true}");
    assertThat(locked.toString())
        .contains("password authentication failed")
        .doesNotContain("another one");
    assertThat(world.post("/v1/databases/files/check", admin, "").statusCode()).isEqualTo(404);
  }
}
