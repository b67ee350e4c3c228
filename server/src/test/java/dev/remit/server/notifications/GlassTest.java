package dev.remit.server.notifications;

import static dev.remit.server.notifications.NotificationWorld.channel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who is told of broken glass, and what.
@Tag("R44")
@Tag("R93")
class GlassTest {
  private static final String ID = "emg_1";

  private final NotificationWorld world = new NotificationWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_wish_asks_whoever_may_break_glass_here_and_nobody_who_may_only_elsewhere() {
    world.breakers = EnumSet.of(Role.APPROVER);
    world.begin(channel("hook", world.webhook()));

    world.ledger.append(requested("ben"));

    world.settle();
    var told = told().getFirst();
    assertThat(told.path("title").asString())
        .isEqualTo("EMERGENCY: `ben` asks to break glass for workflow `invoices`");
    // Who asks is not asked; sven keeps security, which may not break glass here.
    assertThat(to(told)).containsExactly("anna", "cleo");
    assertThat(told.path("link").asString()).isEqualTo("https://remit.example/console/emergencies");
    assertThat(told.toString()).contains("files/write_file", "\"600 s\"");
  }

  @Test
  void glass_that_is_broken_is_told_to_security_the_owner_and_auditors_and_names_the_contact() {
    world.begin(channel("hook", world.webhook()));

    world.ledger.append(settled("agreed"));
    world.ledger.append(about(EntryType.EMERGENCY_ENDED).with("why", "spent").with("by", "remit"));

    world.settle();
    assertThat(told().stream().map(one -> one.path("title").asString()))
        .containsExactly(
            "GLASS IS BROKEN for workflow `invoices`",
            "Policy holds again for workflow `invoices`; somebody who had no part in it reviews the"
                + " emergency");
    assertThat(told())
        .allSatisfy(one -> assertThat(to(one)).containsExactly("anna", "dora", "sven"));
    assertThat(told()).allSatisfy(one -> assertThat(one.toString()).contains("oncall@example.org"));
  }

  @Test
  void that_one_person_was_enough_is_said_loudly_and_a_wish_that_nobody_granted_is_no_alarm() {
    world.begin(channel("hook", world.webhook()));

    world.ledger.append(settled("alone"));
    world.ledger.append(settled("declined"));

    world.settle();
    assertThat(told().stream().map(one -> one.path("title").asString()))
        .containsExactly(
            "GLASS IS BROKEN for workflow `invoices`, BY ONE PERSON ALONE",
            "No glass is broken for workflow `invoices`");
  }

  private static Entry requested(String by) {
    return Entry.of(EntryType.EMERGENCY_REQUESTED, Instant.now())
        .with("id", ID)
        .with("workflow", "invoices")
        .with("identity", "agent")
        .with("resource", "files")
        .with("tool", "files/write_file")
        .with("calls", 2)
        .with("seconds", 600)
        .with("by", by)
        .with("lapsesAt", Instant.now().plusSeconds(600));
  }

  private static Entry settled(String outcome) {
    return about(EntryType.EMERGENCY_SETTLED)
        .with("outcome", outcome)
        .with("by", "sven")
        .with("expiresAt", Instant.now().plusSeconds(600))
        .with("reviewBy", Instant.now().plusSeconds(6_000));
  }

  private static Entry about(EntryType type) {
    return Entry.of(type, Instant.now()).with("of", ID).with("workflow", "invoices");
  }

  private List<JsonNode> told() {
    return world.receiver.taken().stream()
        .map(got -> JsonMapper.shared().readTree(got.text()))
        .toList();
  }

  private static List<String> to(JsonNode told) {
    return told.path("to").valueStream().map(JsonNode::asString).toList();
  }
}
