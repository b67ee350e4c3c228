package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.GrantName;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Grant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What passes when the model behind an agent is no longer the one that was approved.
class ChangedModelTest {
  private static final String READ = "{\"path\":\"a\"}";

  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  private Set<GrantName> everyGrant() {
    return world.grants().stream().map(Grant::name).collect(Collectors.toSet());
  }

  @Test
  @Tag("R165")
  @Tag("R174")
  void a_call_under_a_grant_that_a_change_suspends_is_refused_with_the_changes_id() {
    world.bindings = (_, _, _) -> new Bound.Limited("chg_1", everyGrant(), "model changed");

    var got = world.call(world.token(), "read_file", READ);

    assertThat(got.body()).contains("grant-suspended", "chg_1", "remit changes show");
    assertThat(world.upstream.seen).noneMatch(one -> one.body().contains("tools/call"));
    assertThat(world.entries("call.refused").getLast().path("reason").asString(""))
        .isEqualTo("grant-suspended");
  }

  @Test
  void a_grant_that_does_not_rest_on_the_change_goes_on() {
    world.bindings =
        (_, _, _) -> new Bound.Limited("chg_1", Set.of(new GrantName("another")), "model changed");

    var got = world.call(world.token(), "read_file", READ);

    assertThat(got.body()).doesNotContain("grant-suspended");
    assertThat(world.upstream.seen.getLast().body()).contains("read_file");
  }

  @Test
  void a_suspect_model_may_read_and_nothing_else() {
    world.declare(
        GatewayWorld.toolManifest("pay", "invoice", world.upstream.digest("pay"))
            .replace("effects: [read]", "effects: [write]"));
    world.bindings = (_, _, _) -> new Bound.Suspect("chg_1", "another model answers");

    var read = world.call(world.token(), "read_file", READ);
    var written = world.call(world.token(), "pay", "{\"invoice\":\"7\"}");

    assertThat(read.body()).doesNotContain("model-suspect");
    assertThat(written.body()).contains("model-suspect", "chg_1");
  }

  @Test
  void a_model_that_nobody_has_approved_is_refused_and_the_next_step_is_said() {
    world.bindings =
        (_, _, _) -> new Bound.Refused("chg_1", "approval-expired", "it ended", "`remit changes`");

    var got = world.call(world.token(), "read_file", READ);

    assertThat(got.body()).contains("approval-expired", "remit changes");
  }
}
