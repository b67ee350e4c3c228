package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A grant is broader than its use where it names tools that nobody calls.
@Tag("R84")
class GrantUseTest {
  private static final String ALL = "permit (principal, action, resource);";
  private final RecordedWorld recorded = new RecordedWorld();

  @AfterEach
  void close() {
    recorded.close();
  }

  private void grant(String name, String resource, Grant.Tools tools, Duration lasts) {
    recorded.world.declare(
        new Grant(
            new GrantName(name),
            DecisionsWorld.AGENT,
            new ResourceName(resource),
            tools,
            Set.of(),
            List.of(),
            Set.of(),
            Set.of(),
            Set.of("internal"),
            100,
            new PersonName("anna"),
            DecisionsWorld.NOW.plus(lasts)));
  }

  private JsonNode report(int last) {
    var registered = recorded.world.decisions.registered();
    return GrantUse.of(recorded.reader, registered, last, DecisionsWorld.NOW);
  }

  @Test
  void tools_that_nobody_called_are_named_by_grant_and_the_others_are_not() {
    grant("reads", "files", new Grant.Tools.EveryPinned(), Duration.ofDays(1));
    grant("pays", "bank", new Grant.Tools.Named(Set.of("pay")), Duration.ofDays(1));
    grant("past", "files", new Grant.Tools.EveryPinned(), Duration.ofDays(-1));
    recorded.world.activate(ALL);
    recorded.call("files/read_file", "{'path':'/data/1'}");
    recorded.call("bank/pay", "{'amount':5}");

    var report = report(100);

    assertThat(report.path("decisions").asInt()).isEqualTo(2);
    assertThat(report.path("items")).hasSize(1);
    assertThat(report.at("/items/0/grant").stringValue()).isEqualTo("reads");
    assertThat(report.at("/items/0/tools").asInt()).isEqualTo(2);
    assertThat(report.at("/items/0/unused").toString()).isEqualTo("[\"write_file\"]");
  }

  @Test
  void a_call_that_was_denied_shows_that_the_tool_is_wanted() {
    grant("pays", "bank", new Grant.Tools.Named(Set.of("pay")), Duration.ofDays(1));
    recorded.world.activate();
    recorded.call("bank/pay", "{'amount':5}");

    assertThat(report(100).path("items")).isEmpty();
  }

  @Test
  void only_as_many_decisions_are_looked_at_as_were_asked_for() {
    grant("all", "files", new Grant.Tools.EveryPinned(), Duration.ofDays(1));
    recorded.world.activate(ALL);
    recorded.call("files/write_file", "{'path':'/data/1'}");
    recorded.call("files/read_file", "{'path':'/data/1'}");

    var report = report(1);

    assertThat(report.path("decisions").asInt()).isEqualTo(1);
    assertThat(report.at("/items/0/unused").toString()).isEqualTo("[\"write_file\"]");
  }
}
