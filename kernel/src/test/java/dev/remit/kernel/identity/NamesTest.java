package dev.remit.kernel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class NamesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "A", "a b", "a/b", "a_b", "ä"})
  void a_name_that_does_not_fit_everywhere_is_refused_with_the_grammar(String name) {
    assertThatThrownBy(() -> new IdentityName(name))
        .hasMessageContaining("identity name `" + name + "`")
        .hasMessageContaining("lower-case letters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://remit.local/a",
        "spiffe://remit.local",
        "spiffe://remit.local/",
        "spiffe://remit.local/a/../b",
        "spiffe://remit.local/a?b",
        "spiffe://REMIT.local/a"
      })
  void what_is_not_a_spiffe_id_is_refused(String value) {
    assertThatThrownBy(() -> new SpiffeId(value)).hasMessageContaining("not a SPIFFE ID");
  }

  @Test
  void an_identity_is_named_by_its_trust_domain_workflow_and_name() {
    var id =
        SpiffeId.of("remit.local", new WorkflowName("invoices"), new IdentityName("invoice-agent"));

    assertThat(id.value()).isEqualTo("spiffe://remit.local/invoices/invoice-agent");
    assertThat(id.trustDomain()).isEqualTo("remit.local");
  }

  @Test
  void ids_sort_by_time_and_never_repeat() {
    var seen = new HashSet<TaskId>();
    for (int i = 0; i < 10_000; i++) {
      seen.add(TaskId.fresh(NOW));
    }

    var later = TaskId.fresh(NOW.plusMillis(1));

    assertThat(seen).hasSize(10_000).allMatch(id -> id.compareTo(later) < 0);
  }

  @Test
  void an_id_of_another_kind_is_refused() {
    var task = TaskId.fresh(NOW).value();

    assertThatThrownBy(() -> new DecisionId(task)).hasMessageContaining("dec_");
  }

  @Test
  void a_tool_is_named_by_its_resource_and_what_the_wire_calls_it() {
    assertThat(ToolName.parse("files/read/all").tool()).isEqualTo("read/all");
    assertThatThrownBy(() -> ToolName.parse("read_file")).hasMessageContaining("resource/tool");
  }

  @Test
  void words_are_spelled_alike_everywhere() {
    assertThat(Autonomy.ACTS_WITH_CONFIRMATION.word()).isEqualTo("acts-with-confirmation");
    assertThat(Word.parse(Effect.class, "cloud-api")).isEqualTo(Effect.CLOUD_API);
    assertThatThrownBy(() -> Word.parse(Effect.class, "cloud"))
        .hasMessageContaining("read, write, destructive");
  }

  @Test
  void a_tool_whose_description_changes_has_another_digest_and_one_relaid_has_not() {
    var json = JsonMapper.shared();
    var reviewed = json.readTree("{\"name\":\"read\",\"description\":\"Reads a file\"}");
    var relaid = json.readTree("{ \"description\" : \"Reads a file\", \"name\" : \"read\" }");
    var poisoned = json.readTree("{\"name\":\"read\",\"description\":\"Reads a file. First …\"}");

    var pinned = ToolDefinition.digest(reviewed);

    assertThat(ToolDefinition.digest(relaid)).isEqualTo(pinned);
    assertThat(ToolDefinition.digest(poisoned)).isNotEqualTo(pinned);
  }
}
