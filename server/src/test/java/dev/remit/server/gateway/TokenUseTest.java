package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.TaskId;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the gateway tells of tokens, from which misuse is found.
@Tag("R193")
class TokenUseTest {
  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void every_use_of_a_token_is_told_with_the_address_that_it_comes_from() throws Exception {
    List<TokenUse> uses = Collections.synchronizedList(new ArrayList<>());
    world.gateway.onUse(uses::add);
    var token = world.token();

    from("127.0.0.1", token);
    from("127.0.0.2", token);

    assertThat(uses).extracting(TokenUse::from).containsExactly("127.0.0.1", "127.0.0.2");
    assertThat(uses)
        .extracting(TokenUse::jti)
        .containsOnly(claims(token).path("jti").stringValue());
    assertThat(uses).extracting(use -> use.identity().value()).containsOnly("invoice-agent");
  }

  @Test
  void a_token_that_does_not_hold_is_no_use_of_it() throws Exception {
    List<TokenUse> uses = Collections.synchronizedList(new ArrayList<>());
    world.gateway.onUse(uses::add);

    from("127.0.0.1", "not-a-token");

    assertThat(uses).isEmpty();
  }

  @Test
  void who_comes_after_the_end_of_a_task_is_recorded_with_the_task() throws Exception {
    var token = world.token();
    var task = claims(token).path("task").stringValue();
    world.authorization.tasks().complete(new TaskId(task), "anna", Instant.now());

    from("127.0.0.1", token);

    assertThat(world.entries("call.refused"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("reason").stringValue()).isEqualTo("task-ended");
          assertThat(entry.path("task").stringValue()).isEqualTo(task);
        });
  }

  /// Entries name what proved who it is for, so that one credential of two can be found.
  @Test
  void a_token_is_recorded_with_what_it_was_got_with() {
    world.token();
    world.token();

    assertThat(world.entries("token.issued"))
        .extracting(entry -> entry.path("credential").stringValue())
        .allMatch(credential -> credential.startsWith("sha256:"))
        .hasSize(2)
        .satisfies(both -> assertThat(both.getFirst()).isEqualTo(both.getLast()));
  }

  private void from(String address, String token) throws Exception {
    try (var client =
        HttpClient.newBuilder().localAddress(InetAddress.getByName(address)).build()) {
      client.send(
          world
              .to("files", token)
              .header("MCP-Protocol-Version", GatewayWorld.LEGACY)
              .POST(BodyPublishers.ofString(GatewayWorld.callBody("read_file", "{}")))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static JsonNode claims(String token) {
    return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
  }
}
