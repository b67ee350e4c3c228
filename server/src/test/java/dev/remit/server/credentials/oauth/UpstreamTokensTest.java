package dev.remit.server.credentials.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.TestTokenEndpoint.Says;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.registry.HttpAuth;
import dev.remit.server.registry.HttpAuth.Method;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Tokens that Remit fetches for upstreams, from a token endpoint that does what it wants.
@Tag("R58")
class UpstreamTokensTest {
  private static final ResourceName CRM = new ResourceName("crm");
  private static final PersonName ADMIN = new PersonName("admin");
  private static final SecretName REFRESH = new SecretName("crm.refresh");

  @TempDir Path data;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
  private final InstantSource clock = now::get;
  private final CommitFaults faults = new CommitFaults();
  private final Database database = TestDatabase.fresh(faults);
  private final TestTokenEndpoint endpoint = new TestTokenEndpoint();
  private final OutsideConfig limits =
      new OutsideConfig(Duration.ofSeconds(2), 4_096, Duration.ofHours(1), Duration.ofMinutes(1));
  private Ledger ledger;
  private Secrets secrets;
  private UpstreamTokens tokens;

  @BeforeEach
  void open() {
    var master = MasterKey.open(data, Map.of());
    ledger =
        Ledger.open(
            database,
            new LedgerConfig("node-1", "tokens.test"),
            KeyWrap.of(master),
            InstantSource.system());
    secrets = new Secrets(database, ledger, master);
    put("crm.client", "s3cret & more");
    tokens = new UpstreamTokens(clock, limits, secrets, ledger);
  }

  @AfterEach
  void nothing_confidential_is_on_record() {
    assertThat(entries("%").toString())
        .doesNotContain("token-number", "s3cret", "refresh-1", "refresh-2");
    endpoint.close();
    ledger.close();
    database.close();
  }

  @Test
  void a_token_is_fetched_once_and_again_shortly_before_it_expires() {
    var first = token(Method.CLIENT_SECRET_BASIC);
    var again = token(Method.CLIENT_SECRET_BASIC);
    pass(Duration.ofSeconds(3_571));
    var next = token(Method.CLIENT_SECRET_BASIC);

    assertThat(first).isSameAs(again).hasToString("[redacted]");
    assertThat(next.value()).isEqualTo("token-number-2");
    assertThat(endpoint.asked).hasSize(2);
    assertThat(endpoint.asked.getFirst().form())
        .containsEntry("grant_type", "client_credentials")
        .containsEntry("scope", "read write")
        .doesNotContainKey("client_secret");
    assertThat(endpoint.asked.getFirst().authorization())
        .isEqualTo("Basic " + base64("my%20client:s3cret+%26+more".replace("%20", "+")));
  }

  @Test
  void a_client_may_say_its_secret_in_the_form() {
    var _ = token(Method.CLIENT_SECRET_POST);

    assertThat(endpoint.asked.getFirst().form())
        .containsEntry("client_id", "my client")
        .containsEntry("client_secret", "s3cret & more");
  }

  @Test
  void a_client_may_prove_itself_with_a_key() throws Exception {
    var key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    put("crm.client", key.toJSONString());

    var _ = token(Method.PRIVATE_KEY_JWT);

    var assertion = SignedJWT.parse(endpoint.asked.getFirst().form().get("client_assertion"));
    assertThat(assertion.verify(new ECDSAVerifier(key.toPublicJWK()))).isTrue();
    assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo("my client");
    assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("my client");
    assertThat(assertion.getJWTClaimsSet().getAudience())
        .containsExactly(endpoint.at("/token").toString());
    assertThat(assertion.getJWTClaimsSet().getJWTID()).isNotBlank();
  }

  @Test
  void a_key_that_is_none_is_said_without_showing_it() {
    assertThatThrownBy(() -> token(Method.PRIVATE_KEY_JWT))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("`crm.client`")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void many_who_ask_at_once_make_one_question() throws Exception {
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    endpoint.answers(_ -> {
      asked.countDown();
      go.await();
      return TestTokenEndpoint.token("token-number-1", 3_600);
    });

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var got = new ArrayList<Future<AccessToken>>();
      for (int i = 0; i < 50; i++) {
        Callable<AccessToken> ask = () -> token(Method.CLIENT_SECRET_BASIC);
        got.add(threads.submit(ask));
      }
      asked.await();
      go.countDown();
      for (var one : got) {
        assertThat(one.get().value()).isEqualTo("token-number-1");
      }
    }
    assertThat(endpoint.asked).hasSize(1);
  }

  @Test
  void an_endpoint_that_hangs_is_a_refusal_and_is_not_asked_by_every_call() {
    endpoint.answers(TestTokenEndpoint.hangs());

    assertThatThrownBy(() -> token(Method.CLIENT_SECRET_BASIC))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("did not answer within 2000 ms");
    assertThatThrownBy(() -> token(Method.CLIENT_SECRET_BASIC))
        .isInstanceOf(SecretUnavailable.class);

    assertThat(endpoint.asked).hasSize(1);
    pass(Duration.ofSeconds(2));
    endpoint.answers(_ -> TestTokenEndpoint.token("token-number-9", 60));
    assertThat(token(Method.CLIENT_SECRET_BASIC).value()).isEqualTo("token-number-9");
  }

  static List<Says> garbage() {
    return List.of(
        new Says(200, ""),
        new Says(200, "token-number-1"),
        new Says(200, "[\"token-number-1\"]"),
        new Says(200, "{\"access_token\":\"token-number-1\"}"),
        new Says(200, "{\"access_token\":\"token-number-1\",\"token_type\":\"mac\"}"),
        new Says(200, "{\"access_token\":\"token-number 1\",\"token_type\":\"bearer\"}"),
        new Says(200, "{\"access_token\":\"token\\r\\nX: y\",\"token_type\":\"bearer\"}"),
        new Says(200, "{\"access_token\":\"\",\"token_type\":\"bearer\"}"),
        TestTokenEndpoint.token("token-number-1", 0),
        TestTokenEndpoint.token("token-number-1", -5),
        new Says(
            200,
            "{\"access_token\":\"token-number-1\",\"token_type\":\"bearer\",\"expires_in\":1.5}"),
        new Says(200, " ".repeat(5_000)),
        new Says(302, "{\"access_token\":\"token-number-1\",\"token_type\":\"bearer\"}"),
        new Says(401, "{\"error\":\"invalid_client\",\"error_description\":\"s3cret is wrong\"}"),
        new Says(400, "{\"error\":\"s3cret is wrong\"}"),
        new Says(500, "token-number-1"),
        new Says(503, "{\"access_token\":\"token-number-1\",\"token_type\":\"bearer\"}"));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void an_answer_that_is_none_is_refused_and_not_repeated(Says says) {
    endpoint.answers(_ -> says);

    assertThatThrownBy(() -> token(Method.CLIENT_SECRET_BASIC))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("the token endpoint at `127.0.0.1`")
        .hasMessageNotContaining("token-number")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void a_lifetime_that_is_a_lie_is_cut_to_what_is_set() {
    endpoint.answers(_ -> TestTokenEndpoint.token("token-number-1", 999_999_999_999_999L));

    assertThat(token(Method.CLIENT_SECRET_BASIC).expiresAt())
        .isEqualTo(now.get().plus(limits.tokenLifeMax()));
  }

  @Test
  void the_last_token_serves_until_it_expires_while_the_next_cannot_be_had() {
    var first = token(Method.CLIENT_SECRET_BASIC);
    endpoint.answers(_ -> new Says(503, ""));

    pass(Duration.ofSeconds(3_580));
    assertThat(token(Method.CLIENT_SECRET_BASIC)).isSameAs(first);

    pass(Duration.ofSeconds(21));
    assertThatThrownBy(() -> token(Method.CLIENT_SECRET_BASIC))
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("status 503");
  }

  @Test
  @Tag("R60")
  @Tag("R68")
  @Tag("R69")
  void a_tasks_token_is_its_own_and_given_back_with_it() {
    var one = TaskId.fresh(now.get());
    var other = TaskId.fresh(now.get());
    var first = tokens.token(CRM, credentials(Method.CLIENT_SECRET_POST, HttpAuth.Per.TASK), one);
    var second =
        tokens.token(CRM, credentials(Method.CLIENT_SECRET_POST, HttpAuth.Per.TASK), other);

    tokens.end(CRM, one);

    await().atMost(Duration.ofSeconds(10)).until(() -> !returned().isEmpty());
    assertThat(first.value()).isNotEqualTo(second.value());
    assertThat(endpoint.asked.getLast().form())
        .containsEntry("token", first.value())
        .containsEntry("client_secret", "s3cret & more");
    assertThat(returned())
        .singleElement()
        .asString()
        .contains(one.value(), "\"outcome\":\"revoked\"", "tookMicros")
        .doesNotContain(first.value());
  }

  @Test
  @Tag("R68")
  void a_token_that_comes_after_the_end_of_its_task_is_given_back_at_once() throws Exception {
    var asked = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    endpoint.answers(_ -> {
      asked.countDown();
      go.await();
      return TestTokenEndpoint.token("token-number-1", 3_600);
    });
    var task = TaskId.fresh(now.get());
    var declared = credentials(Method.CLIENT_SECRET_POST, HttpAuth.Per.TASK);

    var call = Thread.ofVirtual().start(() -> tokens.token(CRM, declared, task));
    asked.await();
    tokens.end(CRM, task);
    go.countDown();
    call.join();

    await().atMost(Duration.ofSeconds(10)).until(() -> !returned().isEmpty());
    assertThat(endpoint.asked.getLast().path()).isEqualTo("/revoke");
  }

  @Test
  void a_refused_token_is_forgotten_and_a_newer_one_is_not() {
    var first = token(Method.CLIENT_SECRET_BASIC);
    tokens.refused(first);
    var second = token(Method.CLIENT_SECRET_BASIC);

    tokens.refused(first);

    assertThat(token(Method.CLIENT_SECRET_BASIC)).isSameAs(second);
  }

  @Test
  @Tag("R73")
  void a_refresh_token_that_the_server_replaces_is_stored_before_it_is_used() {
    put(REFRESH.value(), "refresh-1");
    endpoint.answers(_ -> TestTokenEndpoint.rotated("token-number-1", "refresh-2"));

    var got = refresh();

    assertThat(got.value()).isEqualTo("token-number-1");
    assertThat(secrets.open(REFRESH).orElseThrow().reveal()).isEqualTo("refresh-2");
    assertThat(endpoint.asked.getFirst().form()).containsEntry("refresh_token", "refresh-1");
    assertThat(entries("secret.stored").getLast()).contains("\"rotated\":true", "\"by\":\"admin\"");
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  @Tag("R73")
  void no_refresh_token_is_lost_with_a_commit(Fault fault) {
    put(REFRESH.value(), "refresh-1");
    endpoint.answers(asked -> {
      faults.failNext(fault);
      return TestTokenEndpoint.rotated("token-number-1", "refresh-2");
    });

    var got = attempt();
    if (got.isEmpty()) {
      pass(Duration.ofSeconds(2));
      got = attempt();
    }

    assertThat(got.orElseThrow().value()).isEqualTo("token-number-1");
    assertThat(secrets.open(REFRESH).orElseThrow().reveal()).isEqualTo("refresh-2");
    assertThat(endpoint.asked)
        .extracting(asked -> asked.form().get("refresh_token"))
        .as("none is used twice: a server takes that for theft")
        .doesNotHaveDuplicates();
  }

  @Test
  void two_nodes_never_use_one_refresh_token_twice() throws Exception {
    put(REFRESH.value(), "refresh-1");
    var left = new UpstreamTokens(clock, limits, secrets, ledger);
    endpoint.answers(asked -> {
      int number = Integer.parseInt(asked.form().getOrDefault("refresh_token", "").substring(8));
      return TestTokenEndpoint.rotated("token-number-" + number, "refresh-" + (number + 1));
    });

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(() -> left.token(CRM, refreshing()));
      var other = threads.submit(() -> tokens.token(CRM, refreshing()));
      assertThat(one.get().value()).isNotEqualTo(other.get().value());
    }
    assertThat(endpoint.asked)
        .extracting(asked -> asked.form().get("refresh_token"))
        .containsExactlyInAnyOrder("refresh-1", "refresh-2");
  }

  @Test
  void a_node_that_died_with_the_turn_holds_the_others_up_for_a_while_only() {
    put(REFRESH.value(), "refresh-1");
    assertThat(secrets.lease(REFRESH, now.get(), Duration.ofSeconds(10))).isTrue();

    assertThatThrownBy(this::refresh)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("another node");
    pass(Duration.ofSeconds(11));

    assertThat(refresh().value()).isEqualTo("token-number-1");
  }

  private AccessToken token(Method method) {
    return tokens.token(CRM, credentials(method, HttpAuth.Per.RESOURCE), TaskId.fresh(now.get()));
  }

  private HttpAuth.ClientCredentials credentials(Method method, HttpAuth.Per per) {
    return new HttpAuth.ClientCredentials(
        endpoint.at("/token"),
        new HttpAuth.OAuthClient("my client", method, Optional.of("crm.client")),
        List.of("read", "write"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(endpoint.at("/revoke")),
        per);
  }

  private AccessToken refresh() {
    return tokens.token(CRM, refreshing());
  }

  private Optional<AccessToken> attempt() {
    try {
      return Optional.of(refresh());
    } catch (SecretUnavailable e) {
      return Optional.empty();
    }
  }

  private HttpAuth.RefreshToken refreshing() {
    return new HttpAuth.RefreshToken(
        endpoint.at("/token"),
        new HttpAuth.OAuthClient("public", Method.NONE, Optional.empty()),
        List.of(),
        REFRESH.value());
  }

  private void put(String name, String value) {
    secrets.put(new SecretName(name), new SecretValue(value), false, ADMIN, now.get());
  }

  private void pass(Duration duration) {
    now.updateAndGet(before -> before.plus(duration));
  }

  private List<String> returned() {
    return entries("credential.returned");
  }

  private List<String> entries(String type) {
    return database.transact(tx ->
        tx.all(
            "SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry WHERE type LIKE ?"
                + " ORDER BY index",
            row -> row.text("text"),
            type));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
