package dev.remit.server.export;

import dev.remit.kernel.identity.PersonName;
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
import tools.jackson.databind.node.ObjectNode;

/// The operations by which people see how far exports have come, and set them back.
public final class ExportRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int REASON_MAX = 2_000;

  private final Exports exports;

  public ExportRoutes(Exports exports) {
    this.exports = exports;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/exports",
            Access.people(Role.ADMIN, Role.AUDITOR, Role.SECURITY),
            "List the exports of this node: how far each has sent the ledger, what stands in its"
                + " way, what it has set aside",
            this::list),
        new Operation(
            Method.POST,
            "/v1/exports/{name}/rewind",
            Access.people(Role.ADMIN, Role.SECURITY),
            "Let an export send from another entry on: `{\"to\": 0, \"reason\": \"…\"}`",
            this::rewind));
  }

  private Reply list(Call call) {
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    exports.list().forEach(one -> items.add(json(one)));
    return Reply.json(200, json);
  }

  private Reply rewind(Call call) {
    var name = call.param("name");
    var body = call.json();
    var to = body.path("to");
    if (!to.isIntegralNumber() || !to.canConvertToLong() || to.longValue() < 0) {
      throw bad("`to` is the index of an entry, from 0");
    }
    var reason = body.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed");
    }
    return switch (exports.rewind(name, to.longValue(), person(call), reason, call.at())) {
      case Exports.Rewinding.Done(var standing) -> Reply.json(200, json(standing));
      case Exports.Rewinding.Unknown() ->
          Reply.problem(Problem.notFound("export `" + name + "` on this node"));
      case Exports.Rewinding.Beyond(var size) ->
          Reply.problem(
              new Problem(
                  409,
                  "beyond-the-ledger",
                  "the ledger has " + size + " entries",
                  "send a `to` from 0 to " + size));
    };
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to exports");
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.badRequest(detail, "send {\"to\": 0, \"reason\": \"…\"}"));
  }

  private static ObjectNode json(Exports.Standing one) {
    var json =
        JSON.createObjectNode()
            .put("name", one.config().name())
            .put("format", one.config().target().format())
            .put("to", one.config().target().shown())
            .put("state", state(one))
            .put("next", one.next())
            .put("size", one.size())
            .put("lag", one.size() - one.next())
            .put("held", one.held());
    one.movedAt().ifPresent(at -> json.put("movedAt", at.toString()));
    one.trouble()
        .ifPresent(
            trouble -> json.put("trouble", trouble.why()).put("since", trouble.since().toString()));
    var asides = json.putArray("setAside");
    one.asides()
        .forEach(aside ->
            asides
                .addObject()
                .put("first", aside.index())
                .put("last", aside.until())
                .put("entries", aside.entries())
                .put("why", aside.why())
                .put("at", aside.at().toString()));
    return json;
  }

  private static String state(Exports.Standing one) {
    if (one.isGone()) {
      return "gone";
    }
    return one.trouble().isPresent() ? "waiting" : "sending";
  }
}
