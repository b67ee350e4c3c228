package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.store.CommitFaults;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// Seen from outside: a verifier written from the specification and a JWT library, which has
/// nothing of ours but the addresses in the token.
@Tag("R68")
class StatusListTest {
  private static final PersonName SAM = new PersonName("sam");

  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_token_that_holds_is_listed_as_valid() throws Exception {
    assertThat(isRevoked(world.token())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"IDENTITY, invoice-agent", "WORKFLOW, invoices", "PERSON, anna"})
  void a_suspension_of_anything_above_it_revokes_it_for_good(Party.Kind kind, String name)
      throws Exception {
    var token = world.token();
    var party = new Party(kind, name);
    assertThat(isRevoked(token)).isFalse();

    standings().suspend(party, SAM, "look", world.now());
    assertThat(isRevoked(token)).isTrue();

    world.resume(party);
    assertThat(isRevoked(token)).isTrue();
    assertThat(isRevoked(world.token())).isFalse();
  }

  @Test
  void a_completed_task_revokes_all_its_tokens_and_no_others() throws Exception {
    var token = world.token();
    var other = world.token();
    var task = new TaskId(TokenWorld.task(token));

    world.first().authorization.tasks().complete(task, "anna", world.now());

    assertThat(isRevoked(token)).isTrue();
    assertThat(isRevoked(other)).isFalse();
  }

  @Test
  void a_withdrawn_token_is_revoked_and_the_next_of_its_task_is_not() throws Exception {
    var token = world.token();
    world.post("/oauth2/revoke", token, Map.of("token", token));
    var form = world.form(world.proof().sign());
    form.put("authorization_details", TokenWorld.details("\"task\":\"" + task(token) + "\""));

    var next = world.exchange(form).json().path("access_token").stringValue();

    assertThat(isRevoked(token)).isTrue();
    assertThat(isRevoked(next)).isFalse();
  }

  @Test
  void what_is_no_longer_registered_is_revoked() throws Exception {
    var token = world.token();
    assertThat(isRevoked(token)).isFalse();

    var key = new Authentication.PrivateKeyJwt(List.of(world.agentKey.toPublicJWK()));
    world.declare(TokenWorld.identity("invoice-agent", "other", key));

    assertThat(isRevoked(token)).isTrue();
  }

  /// Any node can be asked, whichever issued the token.
  @Test
  void another_node_lists_the_same() throws Exception {
    var token = world.token();
    var other = world.node();
    standings().suspend(Party.of(new WorkflowName("invoices")), SAM, "stop", world.now());
    await().until(() -> other.check(token) instanceof TokenCheck.Suspended);

    var place = TokenBody.read(payload(token)).orElseThrow().status().orElseThrow();
    var lists =
        new StatusLists(
            TokenConfig.of(TokenWorld.ISSUER),
            other.database,
            other.authorization.keys(),
            other.authorization.tokens());

    assertThat(lists.page(place.page(), world.now())).isInstanceOf(StatusLists.Answer.Listed.class);
  }

  @Test
  void a_list_is_gone_when_all_its_tokens_have_expired() {
    var token = world.token();
    world.clock.pass(Duration.ofHours(1));
    var now = world.now();

    world.first().database.run(tx -> new StatusStore().prune(tx, now));

    assertThat(world.get(path(token), "").status()).isEqualTo(404);
  }

  /// Of a commit that was lost nothing may be left, of one that was stored everything.
  @ParameterizedTest
  @EnumSource
  void a_place_is_kept_exactly_when_its_token_is_recorded(CommitFaults.Fault fault) {
    world.failNextCommit(fault);

    var answer = world.exchange(world.form(world.proof().sign()));

    boolean stored = fault == CommitFaults.Fault.STORED;
    assertThat(answer.status()).isEqualTo(stored ? 200 : 503);
    assertThat(world.count("status_place")).isEqualTo(world.entries("token.issued").size());
  }

  @Test
  void places_are_drawn_once_and_pages_end_half_full_or_after_an_hour() {
    var pages = new StatusPages();
    var seen = new HashSet<StatusPlace>();
    var now = Instant.EPOCH;

    for (int i = 0; i < 400; i++) {
      seen.addAll(pages.draw(256, now));
    }
    var early = pages.draw(1, now).getFirst();
    var late = pages.draw(1, now.plus(Duration.ofHours(1))).getFirst();

    assertThat(seen).hasSize(400 * 256);
    assertThat(seen.stream().map(StatusPlace::page).distinct()).hasSize(2);
    assertThat(late.page()).isNotEqualTo(early.page());
  }

  /// The examples of section 4.2 and of appendix C.1.
  @Test
  void the_specifications_own_lists_are_written_and_read_alike() throws Exception {
    var small = BitSet.valueOf(new byte[] {(byte) 0xb9, (byte) 0xa3});
    var large = new BitSet();
    IntStream.of(0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345)
        .forEach(large::set);
    var vector =
        "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsS"
            + "AAAAAAAAAAAA7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAAACA"
            + "ZC8L2AEb";

    assertThat(BitSet.valueOf(inflated("eNrbuRgAAhcBXQ"))).isEqualTo(small);
    assertThat(inflated(StatusBits.encode(small, 16))).isEqualTo(small.toByteArray());
    assertThat(BitSet.valueOf(inflated(vector))).isEqualTo(large);
    assertThat(inflated(StatusBits.encode(large, 1 << 20))).isEqualTo(inflated(vector));
  }

  // The verifier.

  private boolean isRevoked(String token) throws Exception {
    var claims = verified(token, "at+jwt");
    var reference = claims.getJSONObjectClaim("status");
    var list = JsonMapper.shared().valueToTree(reference).path("status_list");
    var uri = list.path("uri").asString("");
    int index = list.path("idx").intValue();

    var answer = world.get(URI.create(uri).getPath(), "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.raw().headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/statuslist+jwt"));
    var statuses = verified(answer.text(), "statuslist+jwt");
    assertThat(statuses.getSubject()).isEqualTo(uri);
    assertThat(statuses.getIssuer()).isEqualTo(claims.getIssuer());
    assertThat(statuses.getLongClaim("ttl")).isPositive();
    assertThat(statuses.getExpirationTime()).isAfter(statuses.getIssueTime());
    var bits = JsonMapper.shared().valueToTree(statuses.getJSONObjectClaim("status_list"));
    assertThat(bits.path("bits").intValue()).isEqualTo(1);
    var bytes = inflated(bits.path("lst").asString(""));
    return (bytes[index / 8] >> (index % 8) & 1) == 1;
  }

  private JWTClaimsSet verified(String jwt, String type) throws Exception {
    var keys = JWKSet.parse(world.get("/oauth2/jwks", "").text());
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType(type)));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(keys)));
    // The world's clock is not the wall's: times are looked at by the test itself.
    processor.setJWTClaimsSetVerifier((_, _) -> {});
    return processor.process(SignedJWT.parse(jwt), null);
  }

  private static byte[] inflated(String lst) throws DataFormatException {
    var out = new byte[1 << 20];
    try (var inflater = new Inflater()) {
      inflater.setInput(Base64.getUrlDecoder().decode(lst));
      int length = inflater.inflate(out);
      assertThat(inflater.finished()).isTrue();
      return Arrays.copyOf(out, length);
    }
  }

  private static byte[] payload(String token) {
    return Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
  }

  private static String path(String token) {
    return URI.create(
            TokenWorld.claims(token).path("status").path("status_list").path("uri").stringValue())
        .getPath();
  }

  private static String task(String token) {
    return TokenWorld.task(token);
  }

  private Standings standings() {
    return world.first().authorization.standings();
  }
}
