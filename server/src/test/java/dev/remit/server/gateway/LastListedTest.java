package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolDefinition;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A digest that is remembered is the digest that would be made.
@Tag("R98")
class LastListedTest {
  private static final ResourceName FILES = new ResourceName("files");
  private static final String READ =
      "{'name':'read','description':'Reads','inputSchema':{'type':'object','maximum':1}}";
  private final LastListed lastListed = new LastListed();

  private static JsonNode list(String... tools) {
    return JsonMapper.shared()
        .readTree(("{'tools':[" + String.join(",", tools) + "]}").replace('\'', '"'));
  }

  private static Digest digest(String tool) {
    return ToolDefinition.digest(list(tool).at("/tools/0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        READ,
        "{'name':'read','description':'Reads everything','inputSchema':{'type':'object'}}",
        "{'name':'read','description':'Reads','inputSchema':{'type':'object','maximum':2}}",
        "{'name':'read','description':'Reads','inputSchema':{'type':'object','maximum':1.0}}",
        "{'name':'read','inputSchema':{'maximum':1,'type':'object'},'description':'Reads'}",
        "{'name':'read','description':'Reads','inputSchema':{'type':'object','maximum':1},'_meta':{}}"
      })
  void a_list_after_another_has_the_digests_of_what_it_says_itself(String then)
      throws Definitions.Unanswered {
    lastListed.digests(FILES, list(READ));

    assertThat(lastListed.digests(FILES, list(then))).isEqualTo(Map.of("read", digest(then)));
  }

  @Test
  void what_one_server_says_is_not_taken_for_what_another_one_does() throws Definitions.Unanswered {
    var other = READ.replace("Reads", "Deletes");
    lastListed.digests(FILES, list(READ));

    assertThat(lastListed.digests(new ResourceName("bank"), list(other)))
        .isEqualTo(Map.of("read", digest(other)));
    assertThat(lastListed.digests(FILES, list(READ))).isEqualTo(Map.of("read", digest(READ)));
  }

  @Test
  void a_name_that_comes_twice_with_two_definitions_is_neither_of_them()
      throws Definitions.Unanswered {
    var other = READ.replace("Reads", "Deletes");
    lastListed.digests(FILES, list(READ));

    assertThat(lastListed.digests(FILES, list(READ, other)).get("read"))
        .isNotIn(digest(READ), digest(other));
  }
}
