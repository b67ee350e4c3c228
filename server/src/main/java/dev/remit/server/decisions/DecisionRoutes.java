package dev.remit.server.decisions;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.ShapeReader;
import dev.remit.server.registry.shape.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Explains past decisions. Reads the ledger, so an answer is as good as the evidence.
public final class DecisionRoutes {
  private static final Shape SUPPOSED = new Shape.Fields(SuppositionReader.FIELDS);

  private final LedgerReader ledger;
  private final Explanations explanations;
  private final Explaining explaining;

  /// @param ledger this node's own
  public DecisionRoutes(LedgerReader ledger, Explanations explanations) {
    this.ledger = ledger;
    this.explanations = explanations;
    this.explaining = explanations.explaining();
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/decisions/{id}",
            Access.taskOr(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Explain a decision, by its id or `last`.",
            this::explain),
        new Operation(
            Method.POST,
            "/v1/decisions/explain",
            Access.people(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Explain what would be decided if something were asked.",
            this::suppose),
        new Operation(
            Method.GET,
            "/v1/policies/{name}/shadow",
            Access.people(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Report what a policy in shadow would have changed.",
            this::shadow),
        new Operation(
            Method.GET,
            "/v1/grants/unused",
            Access.people(Role.OWNER, Role.APPROVER, Role.SECURITY, Role.AUDITOR, Role.ADMIN),
            "Report the tools that grants name and nobody has called.",
            this::unused));
  }

  private Reply explain(Call call) {
    var id = call.param("id");
    return explanations
        .of(id, entry -> maySee(call.caller(), entry), maySeeFacts(call.caller()), call.at())
        .map(explanation -> Reply.json(200, explanation))
        .orElseGet(() -> Reply.problem(Problem.notFound("decision `" + id + "`")));
  }

  private Reply suppose(Call call) {
    var flaws = new ArrayList<Flaw>();
    var text = new String(call.body(), StandardCharsets.UTF_8);
    var read =
        // JSON is YAML, and so gets the same answers as a case of a policy test.
        YamlText.documents("the body", text, flaws).stream()
            .findFirst()
            .flatMap(document ->
                new ShapeReader("the body", document, flaws).read(document, SUPPOSED, ""));
    if (read.isEmpty() || !flaws.isEmpty()) {
      return Reply.problem(
          flaws.stream()
              .findFirst()
              .map(flaw -> Problem.badRequest(flaw.message(), flaw.remedy()))
              .orElse(Problem.badRequest("the body is empty", "say at least which `tool`")));
    }
    try {
      return Reply.json(200, explaining.hypothetical(read.get(), call.at()));
    } catch (SuppositionReader.Impossible e) {
      return Reply.problem(Problem.badRequest(String.valueOf(e.getMessage()), e.remedy));
    }
  }

  /// Of the newest `last` decisions.
  private Reply shadow(Call call) {
    var name = call.param("name");
    if (explaining.policy(name).isEmpty()) {
      return Reply.problem(Problem.notFound("policy `" + name + "`"));
    }
    int last = call.query("last", Integer::parseInt).orElse(ShadowReport.LAST_DEFAULT);
    if (last < 1 || last > ShadowReport.LAST_MAX) {
      return Reply.problem(
          Problem.badRequest(
              "`last` is " + last, "ask for 1 to " + ShadowReport.LAST_MAX + " decisions"));
    }
    var mode = explaining.policy(name).map(stored -> stored.spec().path("mode").asString(""));
    return Reply.json(
        200,
        ShadowReport.of(ledger, name, last)
            .put("mode", mode.filter(word -> !word.isEmpty()).orElse("enforced")));
  }

  /// In the newest `last` decisions.
  private Reply unused(Call call) {
    int last = call.query("last", Integer::parseInt).orElse(GrantUse.LAST_DEFAULT);
    if (last < 1 || last > GrantUse.LAST_MAX) {
      return Reply.problem(
          Problem.badRequest(
              "`last` is " + last, "ask for 1 to " + GrantUse.LAST_MAX + " decisions"));
    }
    return Reply.json(200, GrantUse.of(ledger, explaining.registered(), last, call.at()));
  }

  private static boolean maySeeFacts(Caller caller) {
    return switch (caller) {
      case Caller.PersonCaller(_, var roles) -> Explanations.areOpenTo(roles);
      case Caller.TaskCaller _ -> true;
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }

  /// A workload sees the decisions of its own task; that others exist is not its business.
  private static boolean maySee(Caller caller, RecordedEntry entry) {
    return switch (caller) {
      case Caller.PersonCaller _ -> true;
      case Caller.TaskCaller(_, var task) -> entry.concerns(task);
      case Caller.Anonymous _, Caller.Unrecognised _ -> false;
    };
  }
}
