package dev.remit.server.findings;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The operations by which people see what looks wrong, and say that they are done with it.
public final class FindingRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Findings findings;
  private final Function<Instant, Map<FindingId, Accepted>> accepted;

  public FindingRoutes(Findings findings) {
    this(findings, _ -> Map.of());
  }

  /// The same, showing also what is accepted, and until when.
  public FindingRoutes(Findings findings, Function<Instant, Map<FindingId, Accepted>> accepted) {
    this.findings = findings;
    this.accepted = accepted;
  }

  /// That a finding is accepted for a while.
  ///
  /// @param exception the id of the exception that says so
  public record Accepted(String exception, Instant until) {}

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/findings",
            Access.anyPerson(),
            "List open findings, the most recently seen first; with `?closed=true` all of them",
            this::list),
        new Operation(
            Method.POST,
            "/v1/findings/{id}/close",
            Access.people(Role.OWNER, Role.SECURITY),
            "Close a finding: `{\"reason\": \"…\"}`",
            this::close));
  }

  private Reply list(Call call) {
    boolean alsoClosed = call.query("closed", FindingRoutes::truth).orElse(false);
    var list = JSON.createObjectNode();
    var items = list.putArray("items");
    var known = accepted.apply(call.at());
    for (var finding : findings.newest(alsoClosed)) {
      var item = items.addObject();
      item.setAll(json(finding));
      Optional.ofNullable(known.get(finding.id()))
          .ifPresent(one ->
              item.putObject("accepted")
                  .put("exception", one.exception())
                  .put("until", one.until().toString()));
    }
    return Reply.json(200, list);
  }

  private static Boolean truth(String word) {
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("`closed` is true or false");
    };
  }

  private Reply close(Call call) {
    var id = call.param("id", FindingId::new);
    var reason = call.json().path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > Finding.Closed.REASON_MAX) {
      return Reply.problem(
          Problem.badRequest(
              "a reason of 1 to " + Finding.Closed.REASON_MAX + " characters is needed",
              "send {\"reason\": \"…\"}: what was done about it, or why nothing has to be"));
    }
    return switch (findings.close(id, person(call), reason, call.at())) {
      case Findings.Closing.Done(var finding) -> Reply.json(200, json(finding));
      case Findings.Closing.Already(var closed) ->
          Reply.problem(
              new Problem(
                  409,
                  "already-closed",
                  "`" + closed.by() + "` closed it at " + closed.at(),
                  "nothing is left to be done; if it is seen again it is raised anew"));
      case Findings.Closing.Unknown() -> Reply.problem(Problem.notFound("finding `" + id + "`"));
    };
  }

  private static PersonName person(Call call) {
    if (call.caller() instanceof Caller.PersonCaller(var name, _)) {
      return name;
    }
    throw new IllegalStateException("the edge admits only people to findings");
  }

  private static ObjectNode json(Finding finding) {
    var json =
        JSON.createObjectNode()
            .put("id", finding.id().value())
            .put("kind", finding.kind())
            .put("subject", finding.subject())
            .put("severity", finding.severity().word())
            .put("summary", finding.summary())
            .put("remedy", finding.remedy())
            .put("role", finding.forRole().word())
            .put("raisedAt", finding.raisedAt().toString())
            .put("seenAt", finding.seenAt().toString())
            .put("times", finding.times());
    finding
        .closed()
        .ifPresent(closed ->
            json.putObject("closed")
                .put("at", closed.at().toString())
                .put("by", closed.by().value())
                .put("reason", closed.reason()));
    return json;
  }
}
