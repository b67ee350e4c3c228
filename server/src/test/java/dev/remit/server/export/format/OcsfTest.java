package dev.remit.server.export.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.EntryType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Every type of entry is a valid OCSF event, and says of a call what a SIEM looks for.
@Tag("R200")
@Tag("R201")
@Tag("R203")
class OcsfTest {
  private final OcsfSchema schema = new OcsfSchema();

  @Test
  void every_type_of_entry_is_a_valid_event_with_and_without_its_members() {
    var samples = Samples.all();

    assertThat(samples.stream().map(one -> one.entry().type()).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(EntryType.values());
    assertThat(samples)
        .allSatisfy(out -> {
          var event = event(out);
          assertThat(schema.mistakes(event)).as(event.toPrettyString()).isEmpty();
        });
  }

  /// The judge itself: each of these is refused.
  @Test
  void the_schema_refuses_what_is_no_event() {
    var good = event(Samples.of(Samples.decided("deny")));

    assertThat(schema.mistakes(good)).isEmpty();
    assertThat(schema.mistakes(changed(good).put("made_up", 1)))
        .containsExactly("api_activity has no attribute `made_up`");
    assertThat(schema.mistakes(changed(good).put("activity_id", 17)))
        .anyMatch(one -> one.contains("activity_id is not one of"))
        .contains("type_uid is not 600317");
    assertThat(schema.mistakes(without(good, "api"))).containsExactly("api_activity lacks `api`");
    assertThat(schema.mistakes(changed(good).put("time", "now")))
        .containsExactly("api_activity.time is no timestamp_t: \"now\"");
    var unannounced = changed(good);
    ((ObjectNode) unannounced.path("metadata")).remove("profiles");
    assertThat(schema.mistakes(unannounced))
        .contains("api_activity.action_id needs the profile security_control");
    var nobody = changed(good);
    nobody.putObject("actor");
    assertThat(schema.mistakes(nobody))
        .anyMatch(one -> one.startsWith("api_activity.actor has none"));
  }

  @Test
  @Tag("R196")
  void a_denied_call_says_who_asked_for_what_and_that_it_was_blocked() {
    var event = event(Samples.of(Samples.decided("deny")));

    assertThat(event.path("type_uid").longValue()).isEqualTo(600_399);
    assertThat(event.path("action_id").intValue()).isEqualTo(2);
    assertThat(event.path("disposition_id").intValue()).isEqualTo(2);
    assertThat(event.path("status").stringValue()).isEqualTo("Failure");
    assertThat(event.at("/actor/user/uid").stringValue()).isEqualTo("spiffe://remit.test/agent");
    assertThat(event.at("/actor/session/uid").stringValue()).isEqualTo("tsk_1");
    assertThat(event.at("/resources/0/name").stringValue()).isEqualTo("bank/transfer");
    assertThat(event.path("time").longValue()).isEqualTo(Samples.AT.toEpochMilli());
  }

  @Test
  @Tag("R194")
  void an_outcome_names_what_its_decision_was_about() {
    var event = event(Samples.ended("answered"));

    assertThat(event.at("/resources/0/name").stringValue()).isEqualTo("bank/transfer");
    assertThat(event.at("/api/request/uid").stringValue()).isEqualTo("dec_1");
    assertThat(event.at("/api/response/code").intValue()).isEqualTo(200);
    assertThat(event.path("duration").longValue()).isEqualTo(1_500);
  }

  @Test
  void the_same_entry_always_gives_the_same_line() {
    var lines = Samples.all().stream().map(Ocsf::line).toList();
    var again = Samples.all().stream().map(Ocsf::line).toList();

    for (int i = 0; i < lines.size(); i++) {
      assertThat(Arrays.equals(lines.get(i), again.get(i))).isTrue();
      assertThat(new String(lines.get(i), StandardCharsets.UTF_8)).endsWith("}\n").hasLineCount(1);
    }
  }

  private static JsonNode event(Outgoing out) {
    return JsonMapper.shared().readTree(Ocsf.line(out));
  }

  private static ObjectNode without(JsonNode event, String member) {
    var less = changed(event);
    less.remove(member);
    return less;
  }

  private static ObjectNode changed(JsonNode event) {
    return (ObjectNode) event.deepCopy();
  }
}
