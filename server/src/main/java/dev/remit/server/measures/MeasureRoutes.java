package dev.remit.server.measures;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.evidence.LiveEvidence;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// What the controls of a workflow cost, beside what they bring.
public final class MeasureRoutes {
  private static final int DAYS_DEFAULT = 30;
  private static final int DAYS_MAX = 366;

  private final LiveEvidence evidence;
  private final Supplier<Registered> registered;

  /// @param evidence reads at most so many entries that an answer takes seconds; with more, the
  ///   period begins later, and the answer says so
  public MeasureRoutes(LiveEvidence evidence, Supplier<Registered> registered) {
    this.evidence = evidence;
    this.registered = registered;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/workflows/{name}/measures",
            Access.people(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Return what a workflow's controls cost and bring: ?days=30",
            this::get));
  }

  private Reply get(Call call) {
    var name = call.param("name", WorkflowName::new);
    int days = call.query("days", MeasureRoutes::days).orElse(DAYS_DEFAULT);
    var declared = registered.get();
    if (declared.workflow(name).isEmpty()) {
      return Reply.problem(Problem.notFound("workflow `" + name + "`"));
    }
    var read = evidence.of(name, Duration.ofDays(days), call.at());
    var scope = read.scope();
    var period = new Period(name, scope.from(), scope.to(), read.entries(), declared);
    var json = JsonMapper.shared().createObjectNode();
    json.put("workflow", name.value())
        .put("from", scope.from().toString())
        .put("until", scope.to().toString())
        .put("entries", read.entries().size());
    var balances = json.putArray("balances");
    List.of(
            BetaControls.of(period),
            Provisioning.of(period),
            ReleaseGate.of(period),
            Reviewing.of(period),
            Integration.of(period))
        .forEach(balance -> balances.add(balance.json()));
    return Reply.json(200, json);
  }

  private static int days(String text) {
    int days = Integer.parseInt(text);
    if (days < 1 || days > DAYS_MAX) {
      throw new IllegalArgumentException("it is 1 to " + DAYS_MAX);
    }
    return days;
  }
}
