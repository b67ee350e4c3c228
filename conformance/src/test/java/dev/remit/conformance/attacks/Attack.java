package dev.remit.conformance.attacks;

import static dev.remit.conformance.attacks.Forgery.strangersKey;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// What an attacker tries, and what comes of it.
///
/// Each is wrong in one respect only: everything else about it is as an honest workload would send
/// it, so that it is that one respect for which it is refused.
@SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
enum Attack {
  // Proofs that are forged.
  UNSECURED_PROOF(400, "proof-malformed", v -> v.exchange(v.proof().unsecured())),
  SHARED_SECRET_MADE_OF_THE_PUBLIC_KEY(
      400, "proof-algorithm", v -> v.exchange(v.proof().macedWith(v.agent.jwk()))),
  PROOF_OF_ANOTHER_KEY(
      400, "proof-signature", v -> v.exchange(v.proof().signedBy(strangersKey("key-1")))),
  SIGNATURE_OF_ZEROS(400, "proof-signature", v -> v.exchange(v.proof().with(new byte[64]))),
  SIGNATURE_TAKEN_OFF(400, "proof-malformed", v -> v.exchange(v.proof().with(new byte[0]))),
  ENCRYPTED_INSTEAD_OF_SIGNED(
      400, "proof-malformed", v -> v.exchange(v.proof().signedBy(v.agent.key()) + ".QQ.QQ")),
  OWN_KEY_IN_THE_HEADER(
      400,
      "proof-signature",
      v -> {
        var own = strangersKey("own");
        return v.exchange(
            v.proof()
                .header("kid", "own")
                .header("jwk", own.toPublicJWK().toJSONObject())
                .signedBy(own));
      }),
  KEYS_FROM_AN_ADDRESS_OF_ONES_OWN(
      400,
      "proof-signature",
      v ->
          v.exchange(
              v.proof()
                  .header("jku", v.platform.trap().toString())
                  .header("x5u", v.platform.trap().toString())
                  .signedBy(strangersKey("key-1")))),
  KEY_ID_THAT_IS_A_PATH(
      400,
      "proof-signature",
      v ->
          v.exchange(
              v.proof().header("kid", "../../dev/null").signedBy(strangersKey("../../dev/null")))),
  KEY_ID_THAT_IS_SQL(
      400,
      "proof-signature",
      v -> v.exchange(v.proof().header("kid", "' OR 1=1 --").signedBy(strangersKey("x")))),
  EXTENSION_THAT_MUST_BE_UNDERSTOOD(
      400,
      "proof-header",
      v ->
          v.exchange(
              v.proof()
                  .header("crit", List.of("b64"))
                  .header("b64", false)
                  .signedBy(v.agent.key()))),
  OVERSIZED_PROOF(
      400,
      "proof-too-long",
      v -> v.exchange(v.proof().claim("x", "y".repeat(30_000)).signedBy(v.agent.key()))),
  NESTED_PROOF(
      400,
      "proof-malformed",
      v -> v.exchange(v.proof().claim("x", Forgery.nested(60)).signedBy(v.agent.key()))),

  // Proofs of somebody else.
  SOMEBODY_ELSES_NAME(
      400,
      "proof-signature",
      v ->
          v.exchange(
              v.proof()
                  .claim("iss", v.chief.spiffeId())
                  .claim("sub", v.chief.spiffeId())
                  .signedBy(v.agent.key()))),
  SUBJECT_OF_ANOTHER(
      400,
      "identity-unknown",
      v -> v.exchange(v.proof().claim("sub", v.chief.spiffeId()).signedBy(v.agent.key()))),
  ANOTHER_TRUST_DOMAIN(
      400,
      "identity-unknown",
      v ->
          v.exchange(
              v.proof()
                  .claim("iss", "spiffe://evil.example/bench/bench-agent")
                  .claim("sub", "spiffe://evil.example/bench/bench-agent")
                  .signedBy(v.agent.key()))),
  INVENTED_ISSUER(
      400,
      "issuer-unknown",
      v ->
          v.exchange(v.proof().claim("iss", v.platform.trap().toString()).signedBy(v.agent.key()))),
  NO_ISSUER(
      400, "issuer-unknown", v -> v.exchange(v.proof().without("iss").signedBy(v.agent.key()))),
  A_PERSONS_LOGIN(
      400,
      "person-principal",
      v -> v.exchange(v.jobsProof().claim("amr", List.of("pwd")).signedBy(v.platform.key()))),
  A_JOB_OF_ANOTHER_BRANCH(
      400,
      "identity-unknown",
      v -> v.exchange(v.jobsProof().claim("ref", "feature").signedBy(v.platform.key()))),
  A_PLATFORMS_TOKEN_FOR_SOMEBODY_ELSE(
      400,
      "identity-unknown",
      v ->
          v.exchange(
              v.jobsProof().claim("aud", "https://elsewhere.example").signedBy(v.platform.key()))),
  A_PLATFORMS_TOKEN_SIGNED_BY_A_WORKLOAD(
      400, "proof-signature", v -> v.exchange(v.jobsProof().signedBy(v.agent.key()))),
  A_PLATFORMS_TOKEN_OF_A_YEAR(
      400,
      "proof-long-lived",
      v ->
          v.exchange(
              v.jobsProof()
                  .claim("exp", Instant.now().getEpochSecond() + 31_536_000)
                  .signedBy(v.platform.key()))),

  // Proofs out of place and time.
  PROOF_FOR_ANOTHER_SERVER(
      400,
      "proof-audience",
      v -> v.exchange(v.proof().claim("aud", "https://elsewhere.example").signedBy(v.agent.key()))),
  PROOF_FOR_TWO_SERVERS(
      400,
      "proof-audience",
      v ->
          v.exchange(
              v.proof()
                  .claim("aud", List.of(v.address().toString(), "https://elsewhere.example"))
                  .signedBy(v.agent.key()))),
  ETERNAL_PROOF(
      400, "proof-eternal", v -> v.exchange(v.proof().without("exp").signedBy(v.agent.key()))),
  EXPIRED_PROOF(
      400,
      "proof-expired",
      v ->
          v.exchange(
              v.proof()
                  .claim("exp", Instant.now().getEpochSecond() - 120)
                  .signedBy(v.agent.key()))),
  PROOF_FROM_THE_FUTURE(
      400,
      "proof-from-the-future",
      v ->
          v.exchange(
              v.proof()
                  .claim("iat", Instant.now().getEpochSecond() + 600)
                  .claim("exp", Instant.now().getEpochSecond() + 660)
                  .signedBy(v.agent.key()))),
  LONG_LIVED_PROOF(
      400,
      "proof-long-lived",
      v ->
          v.exchange(
              v.proof()
                  .claim("exp", Instant.now().getEpochSecond() + 86_400)
                  .signedBy(v.agent.key()))),
  PROOF_WITHOUT_A_NUMBER(
      400, "proof-jti", v -> v.exchange(v.proof().without("jti").signedBy(v.agent.key()))),
  REPLAYED_PROOF(
      400,
      "proof-replayed",
      v -> {
        var proof = v.proof().signedBy(v.agent.key());
        v.exchange(proof);
        return v.exchange(proof);
      }),
  REPLAYED_PROOF_WITH_ITS_OTHER_SIGNATURE(
      400,
      "proof-replayed",
      v -> {
        var proof = v.proof().signedBy(v.agent.key());
        v.exchange(proof);
        return v.exchange(Forgery.withTheOtherSignature(proof));
      }),
  TASK_TOKEN_AS_A_PROOF(400, "proof-is-a-token", v -> v.exchange(v.token())),
  OPERATORS_TOKEN_AS_A_PROOF(400, "proof-malformed", v -> v.exchange(v.operatorToken())),

  // Exchanges that ask for more than there is.
  SHARED_CLIENT_SECRET(
      401,
      "shared-secret",
      v -> {
        var form = v.form(v.proof().signedBy(v.agent.key()), v.detail());
        form.put("client_secret", "hunter2");
        return v.exchange(form);
      }),
  SCOPE_OF_ONES_CHOICE(
      400,
      "scope-unused",
      v -> {
        var form = v.form(v.proof().signedBy(v.agent.key()), v.detail());
        form.put("scope", "admin");
        return v.exchange(form);
      }),
  PASSWORD_GRANT(
      400,
      "grant-type",
      v -> {
        var form = v.form(v.proof().signedBy(v.agent.key()), v.detail());
        form.put("grant_type", "password");
        return v.exchange(form);
      }),
  TOKEN_FOR_A_FOREIGN_SERVER(
      400,
      "resource-unknown",
      v -> {
        var form = v.form(v.proof().signedBy(v.agent.key()), v.detail());
        form.put("resource", "https://elsewhere.example/mcp/fast");
        return v.exchange(form);
      }),
  TOKEN_FOR_A_PATH(
      400,
      "resource-unknown",
      v -> {
        var form = v.form(v.proof().signedBy(v.agent.key()), v.detail());
        form.put("resource", v.address() + "/mcp/fast/../../v1/registry/apply");
        return v.exchange(form);
      }),
  INTENT_NOBODY_DECLARED(
      400,
      "intent-unknown",
      v ->
          v.exchange(
              v.form(v.proof().signedBy(v.agent.key()), v.detail().put("intent", "administrate")))),
  DETAILS_NOBODY_KNOWS(
      400,
      "details",
      v ->
          v.exchange(v.form(v.proof().signedBy(v.agent.key()), v.detail().put("unlimited", true)))),
  DETAILS_SAID_TWICE(
      400,
      "details",
      v -> {
        var form = v.form(v.proof().signedBy(v.agent.key()), v.detail());
        form.put(
            "authorization_details",
            "[{\"type\":\"https://remit.dev/task\",\"intent\":\"measure\",\"callsMax\":1,\"callsMax\":9}]");
        return v.exchange(form);
      }),
  SOMEBODY_ELSES_TASK(
      400,
      "task-unknown",
      v -> {
        var theirs = v.task(v.agent).task();
        var proof = v.chief.proof(v.address(), Instant.now());
        return v.exchange(v.form(proof, v.detail().put("task", theirs)));
      }),
  A_TASK_THAT_HAS_ENDED(
      400,
      "task-ended",
      v -> {
        var task = v.task(v.agent);
        v.complete(task);
        var proof = v.proof().signedBy(v.agent.key());
        return v.exchange(v.form(proof, v.detail().put("task", task.task())));
      }),

  // Delegations that were not given.
  ACTING_FOR_A_TOKEN_THAT_DELEGATES_NOTHING(
      400, "delegation-audience", v -> v.exchange(v.actingFor(v.token(), v.helper))),
  ACTING_WITH_SOMEBODY_ELSES_DELEGATION(
      400, "may-act", v -> v.exchange(v.actingFor(v.delegation(v.chief), v.agent))),
  ACTING_WITH_A_CHANGED_DELEGATION(
      400,
      "delegation-ended",
      v ->
          v.exchange(
              v.actingFor(
                  Forgery.of(v.delegation(v.chief))
                      .claims(claims -> claims.putObject("may_act").put("sub", v.agent.spiffeId()))
                      .signedBy(strangersKey("x")),
                  v.agent))),
  DELEGATING_WITHOUT_BEING_DECLARED_TO(
      400,
      "delegation-undeclared",
      v -> {
        var form =
            v.form(
                v.proof().signedBy(v.agent.key()),
                v.detail().put("delegateTo", v.helper.spiffeId()));
        form.put("resource", v.address() + "/oauth2/token");
        return v.exchange(form);
      }),
  DELEGATION_AS_A_TASK_TOKEN(401, "wrong-audience", v -> v.call(v.delegation(v.chief))),

  // Tokens that are forged.
  TOKEN_WITHOUT_A_SIGNATURE(401, "token-invalid", v -> v.call(Forgery.of(v.token()).unsecured())),
  TOKEN_MACED_WITH_THE_PUBLISHED_KEYS(
      401,
      "token-invalid",
      v -> v.call(Forgery.of(v.token()).macedWith(v.get("/oauth2/jwks", "").body()))),
  TOKEN_SIGNED_BY_A_STRANGER(
      401, "token-invalid", v -> v.call(Forgery.of(v.token()).signedBy(strangersKey("x")))),
  TOKEN_SIGNED_BY_ITS_HOLDER(
      401, "token-invalid", v -> v.call(Forgery.of(v.token()).signedBy(v.agent.key()))),
  TOKEN_WITH_A_SIGNATURE_OF_ZEROS(
      401, "token-invalid", v -> v.call(Forgery.of(v.token()).with(new byte[64]))),
  TOKEN_THAT_LIVES_LONGER(
      401,
      "token-invalid",
      v -> {
        var token = v.token();
        var longer = Forgery.of(token).claim("exp", Instant.now().getEpochSecond() + 86_400);
        return v.call(longer.with(new byte[0]) + token.substring(token.lastIndexOf('.') + 1));
      }),
  OPERATORS_TOKEN_AS_A_TASK_TOKEN(401, "token-invalid", v -> v.call(v.operatorToken())),
  PROOF_AS_A_TASK_TOKEN(401, "token-invalid", v -> v.call(v.proof().signedBy(v.agent.key()))),

  // Tokens that are stolen, or over.
  TOKEN_OF_A_COMPLETED_TASK(
      401,
      "task-ended",
      v -> {
        var task = v.task(v.agent);
        v.complete(task);
        return v.call(task.value());
      }),
  WITHDRAWN_TOKEN(
      401,
      "token-invalid",
      v -> {
        var token = v.token();
        v.revoke(token);
        return v.call(token);
      }),
  WITHDRAWN_TOKEN_WITH_ITS_OTHER_SIGNATURE(
      401,
      "token-invalid",
      v -> {
        var token = v.token();
        v.revoke(token);
        return v.call(Forgery.withTheOtherSignature(token));
      }),
  WITHDRAWN_TOKEN_IN_OTHER_CHARACTERS(
      401,
      "token-invalid",
      v -> {
        var token = v.token();
        v.revoke(token);
        return v.call(Forgery.inOtherCharacters(token));
      }),
  TOKEN_OF_NO_KEY_SHOWN_AS_BOUND(
      401,
      "token-not-bound",
      v ->
          v.send(
              v.request("/mcp/fast")
                  .header("Authorization", "DPoP " + v.token())
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}")))),
  TOKEN_IN_THE_ADDRESS(
      401,
      "",
      v ->
          v.send(
              v.request("/mcp/fast?access_token=" + v.token())
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}")))),
  IDENTITY_IN_A_HEADER(
      401,
      "",
      v ->
          v.send(
              v.request("/mcp/fast")
                  .header("Content-Type", "application/json")
                  .header("X-Forwarded-User", "admin")
                  .header("X-Remit-Identity", v.agent.spiffeId())
                  .POST(BodyPublishers.ofString("{}")))),
  A_PAGE_ELSEWHERE_THAT_USES_THE_BROWSER(
      403,
      "",
      v ->
          v.send(
              v.request("/mcp/fast")
                  .header("Authorization", "Bearer " + v.token())
                  .header("Origin", "https://evil.example")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}")))),
  A_TOOL_THAT_WAS_NOT_GRANTED(200, "not-reviewed", v -> v.call(v.token(), "delete")),

  // An agent that would rather be an operator.
  TASK_TOKEN_FOR_THE_REGISTRY(
      403, "", v -> v.post("/v1/registry/apply", "{\"files\":[]}", v.token())),
  TASK_TOKEN_FOR_RESUMING_ITSELF(
      403,
      "",
      v -> v.post("/v1/identities/bench-agent/resume", "{\"reason\":\"please\"}", v.token())),
  SOMEBODY_ELSES_TASK_COMPLETED(
      404, "", v -> v.post("/v1/tasks/" + v.task(v.chief).task() + "/complete", "{}", v.token())),
  SOMEBODY_ELSES_TOKEN_WITHDRAWN(400, "", v -> v.revoke(v.task(v.chief).value(), v.token()));

  private final int status;
  private final String reason;
  private final Function<Victim, HttpResponse<String>> tried;

  Attack(int status, String reason, Function<Victim, HttpResponse<String>> tried) {
    this.status = status;
    this.reason = reason;
    this.tried = tried;
  }

  HttpResponse<String> on(Victim victim) {
    return tried.apply(victim);
  }

  /// What the attacker is answered with.
  int status() {
    return status;
  }

  /// The reason that the ledger keeps; empty where nothing of ours was shown that could be named.
  String reason() {
    return reason;
  }
}
