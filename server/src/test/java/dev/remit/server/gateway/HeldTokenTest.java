package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.server.tokens.KeyProof;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// A tool is called with a token that is bound to a key.
@Tag("R65")
class HeldTokenTest {
  private static final String CALL = GatewayWorld.callBody("read_file", "{\"path\":\"a\"}");

  private final GatewayWorld world = new GatewayWorld();
  private final ECKey key = KeyProof.freshKey();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_bound_token_passes_with_a_fresh_proof_of_its_key_and_each_proof_once() {
    var token = boundToken();
    var proof = proof("/mcp/files").forToken(token);

    var told = call("DPoP " + token, proof.sign());
    proof.nonce(nonce(told));
    var done = call("DPoP " + token, proof.sign());
    var again = call("DPoP " + token, proof.sign());

    assertThat(told.statusCode()).isEqualTo(401);
    assertThat(challenge(told))
        .startsWith("DPoP error=\"use_dpop_nonce\"")
        .contains("resource_metadata=\"" + world.url);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(challenge(again)).startsWith("DPoP error=\"invalid_dpop_proof\"");
    // The first step of every client is not worth an entry; a proof that comes twice is.
    assertThat(world.entries("call.refused"))
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.path("reason").stringValue()).isEqualTo("dpop-replayed"));
  }

  @Test
  void a_stolen_token_that_is_borne_without_its_key_is_refused_and_recorded() {
    var token = boundToken();

    var borne = call("Bearer " + token, "");

    assertThat(borne.statusCode()).isEqualTo(401);
    assertThat(challenge(borne)).startsWith("DPoP error=\"invalid_token\"");
    assertThat(borne.body()).contains("token-bound", "send it as DPoP with a proof");
    assertThat(world.entries("call.refused"))
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.path("reason").stringValue()).isEqualTo("token-bound"));
  }

  @Test
  void a_proof_for_one_resource_opens_no_other() {
    var token = boundToken();
    var nonce = nonce(call("DPoP " + token, proof("/mcp/files").forToken(token).sign()));

    var other = call("DPoP " + token, proof("/mcp/mail").forToken(token).nonce(nonce).sign());

    assertThat(other.statusCode()).isEqualTo(401);
    assertThat(other.body()).contains("dpop-target");
  }

  private KeyProof proof(String path) {
    return KeyProof.of(key, "POST", world.url.resolve(path), Instant.now());
  }

  private String boundToken() {
    var asked = exchange(proof("/oauth2/token").sign());
    var answer = exchange(proof("/oauth2/token").nonce(nonce(asked)).sign());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body()).path("access_token").stringValue();
  }

  private HttpResponse<String> exchange(String proof) {
    return world.agent.exchange(world.agent.asking("files"), "DPoP", proof);
  }

  private HttpResponse<String> call(String authorization, String proof) {
    var request =
        HttpRequest.newBuilder(world.url.resolve("/mcp/files"))
            .header("Authorization", authorization)
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .header("MCP-Protocol-Version", GatewayWorld.LEGACY)
            .POST(BodyPublishers.ofString(CALL));
    return world.send(proof.isEmpty() ? request : request.header("DPoP", proof));
  }

  private static String nonce(HttpResponse<String> response) {
    return response.headers().firstValue("DPoP-Nonce").orElse("");
  }

  private static String challenge(HttpResponse<String> response) {
    return response.headers().firstValue("WWW-Authenticate").orElse("");
  }
}
