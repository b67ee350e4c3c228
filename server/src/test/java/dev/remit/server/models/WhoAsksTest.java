package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.server.tokens.KeyProof;
import dev.remit.server.tokens.TestAgent;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Models asked with a token that is bound to a key, and by an agent that acts for another.
@Tag("R65")
class WhoAsksTest {
  private static final String HELPER = "spiffe://remit.local/invoices/helper";
  private static final String ASKS =
      "{\"model\":\"clerk-1\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final ModelsWorld world = new ModelsWorld();
  private final ECKey holder = KeyProof.freshKey();
  private final TestAgent helper = new TestAgent(world.url, HELPER);

  @AfterEach
  void everything_is_on_record() {
    helper.close();
    world.close();
  }

  @Test
  void a_bound_token_asks_with_a_fresh_proof_of_its_key_and_each_proof_once() {
    var token = boundToken();
    var proof = proof("/llm/llm/v1/chat/completions").forToken(token);

    var told = ask("DPoP " + token, proof.sign());
    proof.nonce(nonce(told));
    var done = ask("DPoP " + token, proof.sign());
    var again = ask("DPoP " + token, proof.sign());

    assertThat(told.statusCode()).isEqualTo(401);
    assertThat(told.headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("DPoP error=\"use_dpop_nonce\"");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(ModelsWorld.reason(again)).isEqualTo("dpop-replayed");
    assertThat(world.provider.seen).hasSize(1);
    assertThat(world.provider.seen.getFirst().headers()).doesNotContainKey("dpop");
  }

  @Test
  void a_stolen_token_asks_nothing_without_its_key_whatever_header_bears_it() {
    var token = boundToken();

    var borne = ask("Bearer " + token, "");
    var asKey =
        world.send(
            HttpRequest.newBuilder(world.url.resolve("/llm/llm/v1/messages"))
                .header("x-api-key", token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ASKS)));

    assertThat(borne.statusCode()).isEqualTo(401);
    assertThat(ModelsWorld.reason(borne)).isEqualTo("token-bound");
    assertThat(asKey.statusCode()).isEqualTo(401);
    assertThat(ModelsWorld.reason(asKey)).isEqualTo("token-bound");
    assertThat(world.entries("call.refused")).hasSize(2);
    assertThat(world.provider.seen).isEmpty();
  }

  @Test
  void a_proof_for_one_endpoint_opens_no_other() {
    var token = boundToken();
    var path = "/llm/llm/v1/embeddings";
    var nonce = nonce(ask("DPoP " + token, proof(path).forToken(token).sign()));

    var other = ask("DPoP " + token, proof(path).forToken(token).nonce(nonce).sign());

    assertThat(other.statusCode()).isEqualTo(401);
    assertThat(ModelsWorld.reason(other)).isEqualTo("dpop-target");
  }

  @Test
  @Tag("R191")
  void an_agent_asks_for_another_by_what_both_may_and_both_pay() {
    declareTheHelper("tokensPerTask: 60");
    world.declare(world.grant("callsPerTask: 100, tokensPerTask: 70"));
    var delegation = delegation();
    var one = helper(delegation);
    var other = helper(delegation);

    var first = world.ask(one, ModelsWorld.CHAT, ASKS);
    var second = world.ask(one, ModelsWorld.CHAT, ASKS);
    var third = world.ask(other, ModelsWorld.CHAT, ASKS);
    var fourth = world.ask(other, ModelsWorld.CHAT, ASKS);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    var decided = world.entries("call.decided").getFirst();
    assertThat(decided.path("identity").asString()).isEqualTo(HELPER);
    assertThat(decided.at("/delegators/0").asString()).isEqualTo(ModelsWorld.ID);
    assertThat(decided.path("parents")).hasSize(1);
    assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    // A new task of the helper, whose own budget is fresh; what is spent is that which it helps.
    assertThat(third.statusCode()).as(third.body()).isEqualTo(200);
    assertThat(ModelsWorld.reason(fourth)).isEqualTo("tokens-spent");
    assertThat(fourth.body()).contains("70 tokens");
  }

  @Test
  void what_the_delegator_may_not_ask_the_helper_may_not_either() {
    declareTheHelper("callsPerTask: 10");
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Model
        metadata: {name: large}
        spec: {provider: example, model: large-1, lifecycle: ga, resource: llm}
        ---
        """
            + world.grant("callsPerTask: 100").replace("[\"*\"]", "[clerk]"));
    var token = helper(delegation());

    var answer = world.ask(token, ModelsWorld.CHAT, ASKS.replace("clerk-1", "large-1"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(ModelsWorld.reason(answer)).isEqualTo("not-the-delegators");
    assertThat(world.provider.seen).isEmpty();
  }

  @Test
  void suspending_who_delegated_stops_the_helper() {
    declareTheHelper("callsPerTask: 10");
    var token = helper(delegation());

    world.suspend();
    var answer = world.ask(token, ModelsWorld.CHAT, ASKS);

    assertThat(answer.statusCode()).isIn(401, 403);
    assertThat(world.provider.seen).isEmpty();
  }

  private void declareTheHelper(String limits) {
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Identity
        metadata: {name: helper}
        spec:
          workflow: invoices
          kind: agent
          autonomy: acts-alone
          model: clerk
          authenticatesBy:
            - privateKeyJwt: {jwks: {keys: [%1$s]}}
        ---
        apiVersion: remit.dev/v1
        kind: Identity
        metadata: {name: clerk-agent}
        spec:
          workflow: invoices
          kind: agent
          autonomy: acts-alone
          model: clerk
          delegatesTo: [helper]
          authenticatesBy:
            - privateKeyJwt: {jwks: {keys: [%2$s]}}
        ---
        apiVersion: remit.dev/v1
        kind: Grant
        metadata: {name: helper-llm}
        spec:
          identity: helper
          resource: llm
          models: ["*"]
          dataClasses: [internal]
          limits: {%3$s}
          approvedBy: admin
          expires: %4$s
        """
            .formatted(
                helper.jwk(),
                world.agent.jwk(),
                limits,
                LocalDate.now(ZoneOffset.UTC).plusDays(60)));
  }

  /// The agent's token by which the helper may act for it.
  private String delegation() {
    return world.agent.delegation(helper, Map.of());
  }

  private String helper(String delegation) {
    return helper.acting(delegation, "llm");
  }

  private KeyProof proof(String path) {
    return KeyProof.of(holder, "POST", world.url.resolve(path), Instant.now());
  }

  private String boundToken() {
    var asked = exchange(proof("/oauth2/token").sign());
    var answer = exchange(proof("/oauth2/token").nonce(nonce(asked)).sign());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return ModelsWorld.JSON.readTree(answer.body()).path("access_token").stringValue();
  }

  private HttpResponse<String> exchange(String proof) {
    return world.agent.exchange(world.agent.asking("llm"), "DPoP", proof);
  }

  private HttpResponse<String> ask(String authorization, String proof) {
    var request =
        HttpRequest.newBuilder(world.url.resolve("/llm/llm" + ModelsWorld.CHAT))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(ASKS));
    return world.send(proof.isEmpty() ? request : request.header("DPoP", proof));
  }

  private static String nonce(HttpResponse<String> response) {
    return response.headers().firstValue("DPoP-Nonce").orElse("");
  }
}
