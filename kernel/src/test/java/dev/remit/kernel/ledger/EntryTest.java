package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class EntryTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.1234567Z");
  private static final Producer NODE = new Producer("node-1", 3);

  @Test
  @Tag("R201")
  void the_bytes_of_an_entry_are_canonical_json_with_its_number_in_place() {
    var entry =
        Entry.of(EntryType.CALL_DECIDED, NOW)
            .with("workflow", "invoices")
            .with("id", "dec_1")
            .with("arguments", List.of("b", "a"))
            .with("allowed", true)
            .with("callsLeft", 7);

    var bytes = entry.by(NODE, JsonNodeFactory.instance.objectNode()).numbered(42);

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"allowed\":true,\"arguments\":[\"b\",\"a\"],\"at\":\"2026-11-21T10:00:00.123456Z\","
                + "\"callsLeft\":7,\"epoch\":3,\"id\":\"dec_1\",\"n\":42,\"producer\":\"node-1\","
                + "\"type\":\"call.decided\",\"v\":1,\"workflow\":\"invoices\"}");
    assertThat(RecordedEntry.parse(9, bytes).n()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "9007199254740992", "null", "[null]", "{\"a\":0.1}", "1e400"})
  void a_value_that_readers_could_disagree_on_is_refused(String json) {
    var value = JsonMapper.shared().readTree(json);

    assertThatThrownBy(() -> Entry.of(EntryType.BOOT, NOW).with("value", value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "type", "at", "producer", "epoch", "n", "bodies", "", "A", "a b"})
  void a_name_that_is_the_ledgers_own_or_no_name_is_refused(String name) {
    assertThatThrownBy(() -> Entry.of(EntryType.BOOT, NOW).with(name, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_member_given_twice_is_refused() {
    var entry = Entry.of(EntryType.BOOT, NOW).with("a", 1);

    assertThatThrownBy(() -> entry.with("a", 2)).hasMessageContaining("twice");
  }

  @Test
  void an_entry_of_64_kib_is_refused() {
    var none = JsonNodeFactory.instance.objectNode();
    var entry = Entry.of(EntryType.BOOT, NOW).with("text", "x".repeat(Entry.BYTES_MAX));

    assertThatThrownBy(() -> entry.by(NODE, none)).hasMessageContaining("64 KiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{ \"v\":1}",
        "{\"v\":1,\"v\":1}",
        "{\"at\":\"2026-11-21T10:00:00Z\",\"epoch\":1,\"n\":1,\"producer\":\"a\",\"type\":\"x\",\"v\":1}",
        "{\"at\":\"soon\",\"epoch\":1,\"n\":1,\"producer\":\"a\",\"type\":\"boot\",\"v\":1}",
        "{\"at\":\"2026-11-21T10:00:00Z\",\"epoch\":1,\"n\":1,\"producer\":\"a\",\"type\":\"boot\",\"v\":2}"
      })
  void bytes_that_are_not_those_of_an_entry_are_refused(String text) {
    assertThatThrownBy(() -> RecordedEntry.parse(0, text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
