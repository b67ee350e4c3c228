package dev.remit.server.certificates;

import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Certificates over HTTP: a workload asks for one, everybody may know by whom they are signed and
/// which do not hold, and people change who signs them.
final class CertificateRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_CHARS_MAX = 500;

  private final Issuing issuing;
  private final Lists lists;
  private final PublishedBundle bundle;
  private final Certificates certificates;

  CertificateRoutes(
      Issuing issuing, Lists lists, PublishedBundle bundle, Certificates certificates) {
    this.issuing = issuing;
    this.lists = lists;
    this.bundle = bundle;
    this.certificates = certificates;
  }

  List<Operation> operations() {
    var people = Access.people(Role.SECURITY, Role.ADMIN);
    return List.of(
        new Operation(
            Method.POST,
            "/v1/svids/x509",
            Access.taskOr(),
            "Issue an X.509-SVID to a task's identity: {\"csr\": a PKCS #10 request in PEM}",
            this::issue),
        new Operation(
            Method.GET,
            "/spiffe/bundle",
            new Access.Open(),
            "Return the SPIFFE bundle of the trust domain (profile https_web)",
            _ -> Reply.json(200, bundle.document()).with("Cache-Control", "public, max-age=60")),
        new Operation(
            Method.GET,
            "/spiffe/crl/{authority}",
            new Access.Open(),
            "Return the list of what an authority has revoked (RFC 5280)",
            this::list),
        new Operation(
            Method.GET,
            "/v1/authorities",
            Access.people(Role.SECURITY, Role.ADMIN, Role.AUDITOR),
            "List the authorities that sign X.509-SVIDs",
            this::authorities),
        new Operation(
            Method.POST,
            "/v1/authorities/rotate",
            people,
            "Make the next authority, with a reason; the present one is trusted on",
            this::rotate),
        new Operation(
            Method.POST,
            "/v1/authorities/roll",
            people,
            "Revoke every authority and all that they signed, with a reason",
            this::roll));
  }

  private Reply issue(Call call) {
    var body = call.json();
    if (!Set.copyOf(body.propertyNames()).equals(Set.of("csr")) || !body.path("csr").isString()) {
      throw new ProblemException(
          Problem.badRequest(
              "the body must be {\"csr\": a PKCS #10 request in PEM}",
              "make one with: openssl req -new -key svid.key -subj /"));
    }
    var answer = issuing.issue(call.presented().credential(), body.path("csr").stringValue());
    return switch (answer) {
      case Issuing.Answer.Refused(var status, var reason, var detail, var remedy) ->
          Reply.problem(new Problem(status, reason, detail, remedy));
      case Issuing.Answer.Issued issued -> reply(issued).with("Cache-Control", "no-store");
    };
  }

  private Reply reply(Issuing.Answer.Issued issued) {
    var svid = issued.svid();
    try {
      var json =
          JSON.createObjectNode()
              .put("id", svid.id().value())
              .put("task", svid.task().value())
              .put("spiffeId", svid.subject().value())
              .put("certificate", pem(issued.certificate().getEncoded()))
              .put("serial", svid.serial())
              .put("expiresAt", svid.expiresAt().toString());
      var authorities = new StringBuilder();
      bundle.authorities().forEach(der -> authorities.append(pem(der)));
      return Reply.json(201, json.put("authorities", authorities.toString()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was just read cannot be written", e);
    }
  }

  private Reply list(Call call) {
    return switch (lists.of(call.param("authority"))) {
      case Lists.Answer.Listed(var der) ->
          Reply.bytes("application/pkix-crl", der)
              .with("Cache-Control", "public, max-age=5")
              .with("Access-Control-Allow-Origin", "*");
      case Lists.Answer.Unknown() ->
          Reply.problem(
              new Problem(
                  404,
                  "not-found",
                  "there is no such authority",
                  "look at the certificate's dates: a list is gone once all that its authority"
                      + " signed has expired"));
      case Lists.Answer.Stale() ->
          Reply.problem(
              new Problem(503, "list-stale", "no list that is good now can be made", "try again"));
    };
  }

  private Reply authorities(Call call) {
    var json = JSON.createObjectNode();
    var array = json.putArray("authorities");
    for (var one : certificates.authorities()) {
      var item =
          array
              .addObject()
              .put("id", one.id())
              .put("signsFrom", one.signsFrom().toString())
              .put("expiresAt", one.certificate().getNotAfter().toInstant().toString())
              .put("list", "/spiffe/crl/" + one.id());
      one.revokedAt().ifPresent(at -> item.put("revokedAt", at.toString()));
    }
    return Reply.json(200, json);
  }

  private Reply rotate(Call call) {
    var rotation = certificates.rotate(wish(call), call.at());
    bundle.forget();
    return switch (rotation) {
      case AuthorityChange.Rotation.Begun(var id, var signsFrom) ->
          Reply.json(
              200, JSON.createObjectNode().put("id", id).put("signsFrom", signsFrom.toString()));
      case AuthorityChange.Rotation.UnderWay(var id, var signsFrom) ->
          Reply.problem(
              new Problem(
                  409,
                  "rotation-under-way",
                  "the next authority, `" + id + "`, is published and signs from " + signsFrom,
                  "wait until then; if a key may be in other hands, POST /v1/authorities/roll"));
    };
  }

  private Reply roll(Call call) {
    var roll = certificates.roll(wish(call), call.at());
    bundle.forget();
    var answer = JSON.createObjectNode().put("id", roll.id());
    roll.revoked().forEach(answer.putArray("revoked")::add);
    return Reply.json(200, answer);
  }

  private static AuthorityChange.Wish wish(Call call) {
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_CHARS_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "a reason of 1 to " + REASON_CHARS_MAX + " characters is needed",
              "send {\"reason\": \"…\"}"));
    }
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return new AuthorityChange.Wish(name, reason);
    }
    throw new IllegalStateException("the edge admits only people to the authorities");
  }

  private static String pem(byte[] der) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
  }
}
