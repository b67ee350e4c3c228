package dev.remit.server.tokens;

import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JWT-SVIDs over HTTP: a workload asks for one.
final class SvidRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Svids svids;
  private final Tokens tokens;

  SvidRoutes(Svids svids, Tokens tokens) {
    this.svids = svids;
    this.tokens = tokens;
  }

  List<Operation> operations() {
    return List.of(
        new Operation(
            Method.POST,
            "/v1/svids",
            Access.taskOr(),
            "Issue a JWT-SVID to a task's identity: {\"audience\": [\"…\"]}",
            this::issue));
  }

  private Reply issue(Call call) {
    var audience = audience(call.json());
    // The edge let its holder in by this token; what it says is read here.
    if (!(tokens.checkOwn(call.presented().credential(), call.at())
        instanceof TokenCheck.Good(var claims))) {
      return Reply.problem(
          new Problem(401, "token-ended", "the task token ended just now", "obtain a new one"));
    }
    return switch (svids.issue(claims, audience, call.at())) {
      case Svids.Answer.Issued(var svid, var expiresAt) ->
          Reply.json(
                  201,
                  JSON.createObjectNode()
                      .put("svid", svid)
                      .put("spiffeId", claims.subject().value())
                      .put("expiresAt", expiresAt.toString()))
              .with("Cache-Control", "no-store");
      case Svids.Answer.Refused(var reason, var detail, var remedy) ->
          Reply.problem(new Problem(403, reason, detail, remedy));
    };
  }

  private static List<String> audience(JsonNode body) {
    var array = body.path("audience");
    if (!Set.copyOf(body.propertyNames()).equals(Set.of("audience"))
        || !array.isArray()
        || array.isEmpty()
        || array.size() > Svids.AUDIENCES_MAX
        || array.valueStream().anyMatch(one -> !isAudience(one))) {
      throw new ProblemException(
          Problem.badRequest(
              "the body must be {\"audience\": [1 to "
                  + Svids.AUDIENCES_MAX
                  + " texts of 1 to "
                  + Svids.AUDIENCE_CHARS_MAX
                  + " characters]}",
              "name the services that the SVID is for"));
    }
    return array.valueStream().map(JsonNode::stringValue).distinct().toList();
  }

  private static boolean isAudience(JsonNode one) {
    return one.isString()
        && !one.stringValue().isBlank()
        && one.stringValue().length() <= Svids.AUDIENCE_CHARS_MAX;
  }
}
