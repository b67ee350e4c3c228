package dev.remit.server.emergency;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.registry.Registered;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads what somebody wishes in an emergency, and says what of it is wrong: in the middle of the
/// night nobody should have to guess.
public final class WishReader {
  private static final int REASON_MAX = 2_000;
  private static final Duration LASTS_MIN = Duration.ofMinutes(1);

  private WishReader() {}

  /// Reads what somebody asks for.
  ///
  /// @throws ProblemException if it is not one, or of what is not declared
  public static Emergencies.Wish read(JsonNode body, Registered known, EmergencyConfig config) {
    var lifted = lifted(body, known);
    var calls = body.path("calls");
    if (!calls.isMissingNode()
        && !(calls.isInt() && calls.intValue() >= 1 && calls.intValue() <= config.callsMax())) {
      throw bad("`calls` is a number from 1 to " + config.callsMax());
    }
    return new Emergencies.Wish(
        lifted, calls.isMissingNode() ? 1 : calls.intValue(), lasts(body, config), reason(body));
  }

  static String reason(JsonNode body) {
    var reason = body.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw bad("a reason of 1 to " + REASON_MAX + " characters is needed");
    }
    return reason;
  }

  private static Lifted lifted(JsonNode body, Registered known) {
    var identity = body.path("identity").asString("");
    var workflow = body.path("workflow").asString("");
    if (identity.isEmpty() == workflow.isEmpty()) {
      throw bad("either `identity` or `workflow` says for whom");
    }
    try {
      var tool = body.path("tool").asString("");
      return tool.isEmpty()
          ? new Lifted(
              whose(identity, workflow, known),
              name(identity),
              resource(new ResourceName(body.path("resource").asString("")), known),
              Optional.empty())
          : lifted(identity, workflow, ToolName.parse(tool), known);
    } catch (IllegalArgumentException e) {
      throw bad("`tool` (`bank/pay`) or `resource` (`bank`) says where: " + e.getMessage());
    }
  }

  private static Lifted lifted(String identity, String workflow, ToolName tool, Registered known) {
    if (known.tool(tool).isEmpty()) {
      throw notDeclared("tool", tool.toString());
    }
    return new Lifted(
        whose(identity, workflow, known),
        name(identity),
        tool.resource(),
        Optional.of(tool.tool()));
  }

  private static Optional<IdentityName> name(String identity) {
    return identity.isEmpty() ? Optional.empty() : Optional.of(new IdentityName(identity));
  }

  private static WorkflowName whose(String identity, String workflow, Registered known) {
    return identity.isEmpty()
        ? known
            .workflow(new WorkflowName(workflow))
            .map(one -> one.name())
            .orElseThrow(() -> notDeclared("workflow", workflow))
        : known
            .identity(new IdentityName(identity))
            .map(one -> one.workflow())
            .orElseThrow(() -> notDeclared("identity", identity));
  }

  private static ResourceName resource(ResourceName name, Registered known) {
    return known
        .resource(name)
        .map(_ -> name)
        .orElseThrow(() -> notDeclared("resource", name.value()));
  }

  private static Duration lasts(JsonNode body, EmergencyConfig config) {
    var text = body.path("for").asString("");
    if (text.isEmpty()) {
      return config.lastsMax();
    }
    try {
      var lasts = Duration.parse(text);
      if (lasts.compareTo(LASTS_MIN) >= 0 && lasts.compareTo(config.lastsMax()) <= 0) {
        return lasts;
      }
    } catch (DateTimeException e) {
      // Answered below, like a length out of bounds.
    }
    throw bad(
        "`for` is an ISO 8601 duration from PT1M to " + config.lastsMax() + ", such as PT15M");
  }

  private static ProblemException notDeclared(String kind, String name) {
    return new ProblemException(Problem.notFound(kind + " `" + name + "`"));
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(
            detail,
            "send {\"identity\": \"…\", \"tool\": \"bank/pay\", \"calls\": 1, \"for\": \"PT15M\","
                + " \"reason\": \"…\"}"));
  }
}
