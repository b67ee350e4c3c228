package dev.remit.server.tokens;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Work that one agent hands to another: what the other may do, for whom, and how it ends.
class DelegationTest {
  private static final String HANDING_ON = TokenWorld.ISSUER + "/oauth2/token";
  private static final List<String> TOOLS = List.of("files/read", "files/list", "files/write");

  private final TokenWorld world = new TokenWorld();
  private final Map<String, ECKey> keys = new HashMap<>();

  /// `first` may delegate to `second`, that to `third`, that to `fourth`, that to `fifth`; and
  /// `third` back to `first`.
  @BeforeEach
  void declareAgents() {
    agent("sixth", "other");
    agent("fifth", "invoices", "sixth");
    agent("fourth", "other", "fifth");
    agent("third", "invoices", "fourth", "first");
    agent("second", "other", "third");
    agent("first", "invoices", "second");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void agent(String name, String workflow, String... delegatesTo) {
    var key = keys.computeIfAbsent(name, TestIssuer::fresh);
    var to = new HashSet<IdentityName>();
    for (var one : delegatesTo) {
      to.add(new IdentityName(one));
    }
    world.declare(
        new Identity(
            new IdentityName(name),
            new SpiffeId(spiffe(name)),
            new WorkflowName(workflow),
            IdentityKind.AGENT,
            Autonomy.ACTS_WITH_CONFIRMATION,
            Optional.empty(),
            to,
            List.of(new Authentication.PrivateKeyJwt(List.of(key.toPublicJWK())))));
  }

  private static String spiffe(String name) {
    return "spiffe://remit.local/agents/" + name;
  }

  private String proof(String name) {
    return Proof.own(spiffe(name), requireNonNull(keys.get(name)), world.now()).sign();
  }

  /// What `name` sends to begin work of its own.
  private Map<String, String> own(String name, String resource, String details) {
    var form = world.form(proof(name));
    form.put("resource", resource);
    form.put("authorization_details", TokenWorld.details(details));
    return form;
  }

  /// What `name` sends to act by `token`.
  private Map<String, String> by(String token, String name, String resource, String details) {
    var form = own(name, resource, details);
    form.put("actor_token", form.remove("subject_token"));
    form.put("actor_token_type", form.get("subject_token_type"));
    form.put("subject_token", token);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    return new LinkedHashMap<>(form);
  }

  private static String to(String name, String more) {
    return "\"intent\":\"read-invoices\",\"delegateTo\":\"" + spiffe(name) + "\"" + more;
  }

  private String issued(Map<String, String> form) {
    var answer = world.exchange(form);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("access_token").stringValue();
  }

  private String handedTo(String second) {
    return issued(own("first", HANDING_ON, to(second, "")));
  }

  private void refused(Map<String, String> form, String reason) {
    var answer = world.exchange(form);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().path("reason").stringValue()).isEqualTo(reason);
    assertThat(world.entries("exchange.refused").getLast().path("reason").stringValue())
        .isEqualTo(reason);
  }

  private static final String READ = "\"intent\":\"read-invoices\"";

  @Test
  @Tag("R65")
  void a_token_names_for_whom_its_holder_acts_and_through_whom() {
    var toSecond = handedTo("second");
    var toThird = issued(by(toSecond, "second", HANDING_ON, to("third", "")));
    var token = issued(by(toThird, "third", TokenWorld.AUDIENCE, READ));

    var claims = TokenWorld.claims(token);
    assertThat(claims.path("sub").stringValue()).isEqualTo(spiffe("first"));
    assertThat(claims.at("/act/sub").stringValue()).isEqualTo(spiffe("third"));
    assertThat(claims.at("/act/act/sub").stringValue()).isEqualTo(spiffe("second"));
    assertThat(claims.at("/act/act/act").isMissingNode()).isTrue();
    assertThat(claims.path("client_id").stringValue()).isEqualTo(spiffe("third"));
    assertThat(claims.path("workflow").stringValue()).isEqualTo("invoices");
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    var good = (TokenCheck.Good) world.first().check(token);
    assertThat(good.claims().identity().value()).isEqualTo("third");
    assertThat(good.claims().identities())
        .extracting(IdentityName::value)
        .containsExactly("first", "second", "third");
    var started = world.entries("task.started").getLast();
    assertThat(started.path("delegators").valueStream().map(JsonNode::stringValue))
        .containsExactly(spiffe("first"), spiffe("second"));
    assertThat(started.path("parent").stringValue()).isEqualTo(TokenWorld.task(toThird));
  }

  @Test
  @Tag("R65")
  void who_is_not_named_or_not_declared_cannot_act_for_another() {
    var toSecond = handedTo("second");

    refused(by(toSecond, "third", TokenWorld.AUDIENCE, READ), "may-act");
    refused(own("first", HANDING_ON, to("third", "")), "delegation-undeclared");
    refused(own("first", HANDING_ON, READ), "delegation-target");
    refused(own("first", TokenWorld.AUDIENCE, to("second", "")), "delegation-target");
    refused(own("first", HANDING_ON, to("nobody", "")), "delegate-unknown");

    agent("first", "invoices");
    refused(by(toSecond, "second", TokenWorld.AUDIENCE, READ), "delegation-undeclared");
  }

  @Test
  void a_token_for_a_resource_does_not_delegate_and_one_that_delegates_opens_no_resource() {
    var ofFirst = issued(own("first", TokenWorld.AUDIENCE, READ));

    refused(by(ofFirst, "second", TokenWorld.AUDIENCE, READ), "delegation-audience");
    assertThat(world.first().check(handedTo("second")))
        .isInstanceOf(TokenCheck.WrongAudience.class);
    refused(by("x.y.z", "second", TokenWorld.AUDIENCE, READ), "delegation-ended");
  }

  @Test
  void nobody_is_in_a_chain_twice_and_no_chain_is_too_long() {
    var toThird = issued(by(handedTo("second"), "second", HANDING_ON, to("third", "")));
    var back = issued(by(toThird, "third", HANDING_ON, to("first", "")));
    refused(by(back, "first", TokenWorld.AUDIENCE, READ), "delegation-circle");

    var toFourth = issued(by(toThird, "third", HANDING_ON, to("fourth", "")));
    var toFifth = issued(by(toFourth, "fourth", HANDING_ON, to("fifth", "")));
    var toSixth = issued(by(toFifth, "fifth", HANDING_ON, to("sixth", "")));
    refused(by(toSixth, "sixth", TokenWorld.AUDIENCE, READ), "delegation-depth");
  }

  @Test
  @Tag("R65")
  void what_was_delegated_ends_with_the_task_that_it_is_a_part_of() {
    var toSecond = handedTo("second");
    var token = issued(by(toSecond, "second", TokenWorld.AUDIENCE, READ));
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);

    var done = world.post("/v1/tasks/" + TokenWorld.task(toSecond) + "/complete", toSecond, "{}");

    assertThat(done.status()).as(done.text()).isEqualTo(200);
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.TaskEnded.class);
    assertThat(world.entries("task.completed"))
        .extracting(entry -> entry.path("task").stringValue())
        .containsExactly(TokenWorld.task(toSecond), TokenWorld.task(token));
    refused(by(toSecond, "second", TokenWorld.AUDIENCE, READ), "delegation-ended");
  }

  @Test
  @Tag("R65")
  void suspending_whoever_delegated_stops_whoever_acts_for_it() {
    var token = issued(by(handedTo("second"), "second", TokenWorld.AUDIENCE, READ));
    var standings = world.first().authorization.standings();

    standings.suspend(
        Party.of(new IdentityName("first")), new PersonName("sam"), "stop", world.now());
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Suspended.class);

    world.resume(Party.of(new IdentityName("first")));
    assertThat(world.first().check(token))
        .isEqualTo(new TokenCheck.Invalid("from-before-a-suspension"));
  }

  @Test
  void a_part_is_continued_only_by_a_delegation_of_the_same_task() {
    var toSecond = handedTo("second");
    var token = issued(by(toSecond, "second", TokenWorld.AUDIENCE, READ));
    var again = READ + ",\"task\":\"" + TokenWorld.task(token) + "\"";

    assertThat(TokenWorld.task(issued(by(toSecond, "second", TokenWorld.AUDIENCE, again))))
        .isEqualTo(TokenWorld.task(token));
    refused(own("second", TokenWorld.AUDIENCE, again), "task-unknown");
    refused(by(handedTo("second"), "second", TokenWorld.AUDIENCE, again), "task-unknown");
  }

  @Test
  @Tag("R65")
  void no_generated_chain_of_delegation_grants_more_than_its_first_link_had() {
    var random = new Random(20261121);
    for (int chain = 0; chain < 60; chain++) {
      var links = new ArrayList<JsonNode>();
      var names = List.of("first", "second", "third", "fourth", "fifth");
      int length = 2 + random.nextInt(4);
      var token = "";
      for (int i = 0; i < length; i++) {
        boolean last = i == length - 1;
        var narrowing = narrowing(random);
        var details = last ? READ + narrowing : to(names.get(i + 1), narrowing);
        var resource = last ? TokenWorld.AUDIENCE : HANDING_ON;
        token =
            issued(
                i == 0
                    ? own(names.get(i), resource, details)
                    : by(token, names.get(i), resource, details));
        links.add(TokenWorld.claims(token));
        world.clock.pass(Duration.ofMillis(random.nextInt(1_500)));
      }
      for (int i = 1; i < links.size(); i++) {
        isWithin(links.get(i), links.get(i - 1));
        isWithin(links.get(i), links.getFirst());
      }
    }
  }

  private static String narrowing(Random random) {
    var more = new StringBuilder();
    if (random.nextBoolean()) {
      var tools =
          TOOLS.stream().filter(_ -> random.nextInt(3) > 0).map(t -> '"' + t + '"').toList();
      more.append(",\"tools\":[").append(String.join(",", tools)).append(']');
    }
    if (random.nextBoolean()) {
      more.append(",\"callsMax\":").append(1 + random.nextInt(20));
    }
    return more.toString();
  }

  private static void isWithin(JsonNode inner, JsonNode outer) {
    var few = inner.at("/authorization_details/0");
    var many = outer.at("/authorization_details/0");
    if (many.has("tools")) {
      assertThat(set(few.path("tools"))).isSubsetOf(set(many.path("tools")));
      assertThat(few.has("tools")).isTrue();
    }
    if (many.has("callsMax")) {
      assertThat(few.path("callsMax").asLong(Long.MAX_VALUE))
          .isLessThanOrEqualTo(many.path("callsMax").longValue());
    }
    assertThat(Instant.ofEpochSecond(inner.path("exp").longValue()))
        .isBeforeOrEqualTo(Instant.ofEpochSecond(outer.path("exp").longValue()));
  }

  private static Set<String> set(JsonNode names) {
    var all = new HashSet<String>();
    IntStream.range(0, names.size()).forEach(i -> all.add(names.get(i).stringValue()));
    return all;
  }
}
