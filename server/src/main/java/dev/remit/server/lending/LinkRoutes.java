package dev.remit.server.lending;

import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.lending.Revealing.Opened;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Where a link that shows a secret is opened. POST, so that nothing that merely follows links uses
/// one up.
public final class LinkRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CODE_MAX = 64;

  private final Lending lending;

  public LinkRoutes(Lending lending) {
    this.lending = lending;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.POST,
            "/v1/secret-links/{code}/open",
            Access.taskOr(),
            "Show a secret once to the task that was handed the link",
            this::open));
  }

  private Reply open(Call call) {
    if (!(call.caller() instanceof Caller.TaskCaller(_, var task))) {
      throw new IllegalStateException("the edge admits only workloads to links");
    }
    var code = call.param("code", LinkRoutes::code);
    var reply =
        switch (lending.open(code, task, call.presented().credential())) {
          case Opened.Shown(var link, var value) ->
              Reply.json(
                  200,
                  JSON.createObjectNode()
                      .put("id", link.id().value())
                      .put("resource", link.resource().value())
                      .put("profile", link.profile())
                      .put("value", value.reveal()));
          case Opened.Gone() ->
              Reply.problem(
                  new Problem(
                      404,
                      "link-gone",
                      "there is no such link for this task: it was used, ran out, or is another's",
                      "ask for a new one with `remit credential get`"));
          case Opened.Away(var why) ->
              Reply.problem(
                  new Problem(503, "secret-unavailable", why, "try again while the link is good"));
        };
    return reply.with("Cache-Control", "no-store");
  }

  private static String code(String text) {
    if (!text.matches("[A-Za-z0-9_-]{1," + CODE_MAX + "}")) {
      throw new IllegalArgumentException("a link has letters, digits, `-` and `_`");
    }
    return text;
  }
}
