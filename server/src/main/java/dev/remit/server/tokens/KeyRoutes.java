package dev.remit.server.tokens;

import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The operations by which people change the keys of task tokens.
final class KeyRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_CHARS_MAX = 500;

  private final KeyChange change;
  private final SigningKeys keys;

  KeyRoutes(KeyChange change, SigningKeys keys) {
    this.change = change;
    this.keys = keys;
  }

  List<Operation> operations() {
    var access = Access.people(Role.SECURITY, Role.ADMIN);
    return List.of(
        new Operation(
            Method.POST,
            "/v1/keys/rotate",
            access,
            "Make the next key of task tokens, with a reason; the present one is trusted on",
            this::rotate),
        new Operation(
            Method.POST,
            "/v1/keys/roll",
            access,
            "Revoke every key of task tokens and all that they signed, with a reason",
            this::roll));
  }

  private Reply rotate(Call call) {
    return switch (change.rotate(wish(call), call.at())) {
      case KeyChange.Rotation.Begun(var kid, var signsFrom) -> {
        keys.refresh(call.at());
        yield Reply.json(
            200, JSON.createObjectNode().put("kid", kid).put("signsFrom", signsFrom.toString()));
      }
      case KeyChange.Rotation.UnderWay(var kid, var signsFrom) ->
          Reply.problem(
              new Problem(
                  409,
                  "rotation-under-way",
                  "the next key, `" + kid + "`, is published and signs from " + signsFrom,
                  "wait until then; if a key may be in other hands, POST /v1/keys/roll"));
    };
  }

  private Reply roll(Call call) {
    var roll = change.roll(wish(call), call.at());
    keys.refresh(call.at());
    var answer = JSON.createObjectNode().put("kid", roll.kid());
    roll.revoked().forEach(answer.putArray("revoked")::add);
    return Reply.json(200, answer);
  }

  private static KeyChange.Wish wish(Call call) {
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_CHARS_MAX) {
      throw new ProblemException(
          Problem.badRequest(
              "a reason of 1 to " + REASON_CHARS_MAX + " characters is needed",
              "send {\"reason\": \"…\"}"));
    }
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return new KeyChange.Wish(name, reason);
    }
    throw new IllegalStateException("the edge admits only people to the keys");
  }
}
