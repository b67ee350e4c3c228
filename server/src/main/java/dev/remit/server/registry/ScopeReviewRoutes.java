package dev.remit.server.registry;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Who reviewed the scope of what an identity was given: for an auditor who holds a task, a token
/// or a credential and asks who looked at it.
public final class ScopeReviewRoutes {
  private final Registry registry;

  public ScopeReviewRoutes(Registry registry) {
    this.registry = registry;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/identities/{name}/scope-reviews",
            Access.anyPerson(),
            "Return who reviewed what an identity could be given: ?at=INSTANT, by default now",
            this::list));
  }

  private Reply list(Call call) {
    var identity = call.param("name", IdentityName::new);
    var at = call.query("at", Instant::parse).orElse(call.at());
    var json = JsonMapper.shared().createObjectNode();
    json.put("identity", identity.value()).put("at", at.toString());
    var reviews = json.putArray("reviews");
    registry.reviews(identity, at).forEach(review -> reviews.add(review.json()));
    return Reply.json(200, json);
  }
}
