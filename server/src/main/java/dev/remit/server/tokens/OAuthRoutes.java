package dev.remit.server.tokens;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The OAuth endpoints over HTTP: token, introspection, revocation, keys and metadata.
public final class OAuthRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String FIVE_MINUTES = "public, max-age=300";
  private static final Set<Role> READERS = Set.of(Role.SECURITY, Role.AUDITOR, Role.ADMIN);
  private static final Set<Role> REVOKERS = Set.of(Role.SECURITY, Role.ADMIN);

  private final TokenConfig config;
  private final Supplier<Registered> registered;
  private final SigningKeys keys;
  private final TokenExchange exchange;
  private final CodeExchange codes;
  private final Tokens tokens;
  private final Withdrawals withdrawals;

  OAuthRoutes(
      TokenConfig config,
      Supplier<Registered> registered,
      SigningKeys keys,
      TokenExchange exchange,
      CodeExchange codes,
      Tokens tokens,
      Withdrawals withdrawals) {
    this.config = config;
    this.registered = registered;
    this.keys = keys;
    this.exchange = exchange;
    this.codes = codes;
    this.tokens = tokens;
    this.withdrawals = withdrawals;
  }

  public List<Operation> operations() {
    var own = new Access.Own();
    var open = new Access.Open();
    return List.of(
        new Operation(
            Method.POST,
            "/oauth2/token",
            own,
            "Exchange a workload's proof, or a person's consent, for a task token (RFC 6749, 7523, 8693)",
            this::token),
        new Operation(
            Method.POST,
            "/oauth2/introspect",
            own,
            "Say whether a task token holds now (RFC 7662)",
            this::introspect),
        new Operation(
            Method.POST,
            "/oauth2/revoke",
            own,
            "Withdraw a task token before its time (RFC 7009)",
            this::revoke),
        new Operation(
            Method.GET,
            "/oauth2/jwks",
            open,
            "Return the public keys of task tokens (RFC 7517)",
            _ -> jwks()),
        new Operation(
            Method.GET,
            "/.well-known/oauth-authorization-server",
            open,
            "Describe the authorization server (RFC 8414)",
            _ -> metadata(OAuthMetadata.server(config))),
        new Operation(
            Method.GET,
            "/.well-known/oauth-protected-resource/mcp/{resource}",
            open,
            "Describe an MCP resource (RFC 9728)",
            this::resource));
  }

  private Reply token(Call call) {
    var form = form(call);
    return switch (form) {
      case Form.Wrong(var detail) -> error(OAuthError.invalidRequest("malformed-request", detail));
      case Form.Fields(var fields) when CodeForm.isMeant(fields) -> code(fields, call);
      case Form.Fields(var fields) ->
          switch (exchange.exchange(fields, call.presented(), call.at())) {
            case TokenExchange.Answer.Refused(var error, var nonce) -> nonced(error(error), nonce);
            case TokenExchange.Answer.Issued(var grant, var token, var body, var nonce) ->
                nonced(issued(grant, token, body, call), nonce);
          };
    };
  }

  private static Reply nonced(Reply reply, Optional<String> nonce) {
    return nonce.map(text -> reply.with("DPoP-Nonce", text)).orElse(reply);
  }

  private Reply code(Map<String, String> fields, Call call) {
    return switch (codes.exchange(fields, call.presented(), call.at())) {
      case CodeExchange.Answer.Refused(var error, var nonce) -> nonced(error(error), nonce);
      case CodeExchange.Answer.Issued(var token, var body, var refresh, var nonce) -> {
        var answer = answer(token, body, call);
        answer.put("refresh_token", refresh);
        yield nonced(Reply.json(200, answer).with("Pragma", "no-cache"), nonce);
      }
    };
  }

  private static Reply issued(
      ExchangeRequest.Grant grant, String token, TokenBody body, Call call) {
    var answer = answer(token, body, call);
    if (grant == ExchangeRequest.Grant.TOKEN_EXCHANGE) {
      answer.put("issued_token_type", "urn:ietf:params:oauth:token-type:access_token");
    }
    return Reply.json(200, answer).with("Pragma", "no-cache");
  }

  private static ObjectNode answer(String token, TokenBody body, Call call) {
    var answer = JSON.createObjectNode();
    answer.put("access_token", token);
    answer.put("token_type", body.binding().tokenType());
    answer.put("expires_in", Duration.between(call.at(), body.expiresAt()).toSeconds());
    answer.set("authorization_details", body.details());
    return answer;
  }

  private Reply introspect(Call call) {
    return switch (form(call)) {
      case Form.Wrong(var detail) -> error(OAuthError.invalidRequest("malformed-request", detail));
      case Form.Fields(var fields) when fields.getOrDefault("token", "").isEmpty() ->
          isStranger(call.caller())
              ? stranger()
              : error(OAuthError.invalidRequest("missing-parameter", "token is missing"));
      case Form.Fields(var fields) -> introspected(call, fields.getOrDefault("token", ""));
    };
  }

  private Reply introspected(Call call, String token) {
    if (isStranger(call.caller())) {
      return stranger();
    }
    var answer = JSON.createObjectNode();
    if (tokens.checkOwn(token, call.at()) instanceof TokenCheck.Good(var claims)
        && mayKnow(call.caller(), claims, READERS)) {
      answer.put("active", true);
      answer.put("iss", config.issuer().toString());
      answer.put("sub", claims.subject().value());
      answer.put("client_id", claims.subject().value());
      answer.put("token_type", claims.binding().tokenType());
      claims.binding().write(answer);
      answer.put("exp", claims.expiresAt().getEpochSecond());
      answer.put("jti", claims.jti());
      answer.put("task", claims.task().value());
      answer.put("workflow", claims.workflow().value());
      answer.put("intent", claims.intent());
      claims.onBehalf().ifPresent(one -> answer.put("person", one.person().value()));
    } else {
      // Also for what this caller may not know: the two cannot be told apart (section 2.2).
      answer.put("active", false);
    }
    return Reply.json(200, answer);
  }

  private Reply revoke(Call call) {
    if (isStranger(call.caller())) {
      return stranger();
    }
    return switch (form(call)) {
      case Form.Wrong(var detail) -> error(OAuthError.invalidRequest("malformed-request", detail));
      case Form.Fields(var fields) when fields.getOrDefault("token", "").isEmpty() ->
          error(OAuthError.invalidRequest("missing-parameter", "token is missing"));
      case Form.Fields(var fields) -> revoked(call, fields.getOrDefault("token", ""));
    };
  }

  private Reply revoked(Call call, String token) {
    if (tokens.checkOwn(token, call.at()) instanceof TokenCheck.Good(var claims)) {
      if (!mayKnow(call.caller(), claims, REVOKERS)) {
        return error(
            OAuthError.invalidRequest(
                "not-yours", "only the token's own workload, security or an admin revokes it"));
      }
      withdrawals.withdraw(claims, by(call.caller()), call.at());
    }
    // A token that does not hold is already what the caller wants it to be (section 2.2).
    return Reply.empty(200);
  }

  private static boolean mayKnow(Caller caller, TaskClaims claims, Set<Role> roles) {
    return switch (caller) {
      case Caller.PersonCaller(_, var held) -> held.stream().anyMatch(roles::contains);
      case Caller.TaskCaller(var identity, _) -> identity.equals(claims.identity());
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }

  private static boolean isStranger(Caller caller) {
    return switch (caller) {
      case Caller.Anonymous _, Caller.Unrecognised _ -> true;
      case Caller.PersonCaller _, Caller.TaskCaller _ -> false;
    };
  }

  private static String by(Caller caller) {
    return switch (caller) {
      case Caller.PersonCaller(var name, _) -> name.value();
      case Caller.TaskCaller(var identity, _) -> identity.value();
      case Caller.Anonymous _, Caller.Unrecognised _ ->
          throw new IllegalStateException("a stranger was let through");
    };
  }

  private Reply jwks() {
    return metadata(JSON.readTree(keys.published().toString()));
  }

  private Reply resource(Call call) {
    var name = call.param("resource", ResourceName::new);
    return registered
        .get()
        .resource(name)
        .map(_ -> metadata(OAuthMetadata.resource(config, name)))
        .orElseGet(() -> Reply.problem(Problem.notFound("resource `" + name + "`")));
  }

  private static Reply metadata(JsonNode document) {
    return Reply.json(200, document).with("Cache-Control", FIVE_MINUTES);
  }

  private sealed interface Form {
    record Fields(Map<String, String> fields) implements Form {}

    record Wrong(String detail) implements Form {}
  }

  private static Form form(Call call) {
    if (!call.header("content-type").orElse("").toLowerCase(Locale.ROOT).startsWith(FORM)) {
      return new Form.Wrong("the content type must be " + FORM);
    }
    try {
      return new Form.Fields(call.form());
    } catch (ProblemException e) {
      return new Form.Wrong(e.problem().detail());
    }
  }

  private static Reply stranger() {
    return error(
            new OAuthError(
                401,
                "invalid_client",
                "unauthenticated",
                "send Authorization: Bearer with an operator token or the workload's task token"))
        .with("WWW-Authenticate", "Bearer");
  }

  private static Reply error(OAuthError error) {
    var body = JSON.createObjectNode();
    body.put("error", error.error());
    body.put("error_description", error.description());
    body.put("reason", error.reasonCode());
    return Reply.json(error.status(), body).with("Pragma", "no-cache");
  }
}
