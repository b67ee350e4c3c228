package dev.remit.server.tokens;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Operator tokens over HTTP.
public final class OperatorRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Operators operators;
  private final TokenConfig config;

  public OperatorRoutes(Operators operators, TokenConfig config) {
    this.operators = operators;
    this.config = config;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/v1/me",
            Access.anyPerson(),
            "Say which person the operator token speaks for, with their roles",
            this::me),
        new Operation(
            Method.POST,
            "/v1/people/{name}/tokens",
            Access.people(Role.ADMIN),
            "Issue an operator token for a person; it is shown this once",
            this::issue),
        new Operation(
            Method.DELETE,
            "/v1/people/{name}/tokens",
            Access.people(Role.ADMIN, Role.SECURITY),
            "Withdraw every operator token of a person",
            this::withdraw));
  }

  private Reply me(Call call) {
    if (!(call.caller() instanceof Caller.PersonCaller(var name, var roles))) {
      throw new IllegalStateException("the edge let somebody through who is no person");
    }
    var json = JSON.createObjectNode().put("name", name.value());
    roles.stream().map(Role::word).sorted().forEach(json.putArray("roles")::add);
    operators
        .shownAt(call.presented(), call.at())
        .ifPresent(at -> json.put("signedInAt", at.toString()));
    return Reply.json(200, json);
  }

  private Reply issue(Call call) {
    var name = call.param("name", PersonName::new);
    if (!operators.isActive(name)) {
      return Reply.problem(Problem.notFound("active person `" + name + "`"));
    }
    var expiresAt = call.at().plus(lifetime(call));
    var by = caller(call);
    // Nobody makes an old sign-in new by issuing themselves another token.
    var issued =
        operators.areTwo(name, by)
            ? operators.issue(name, by, Optional.of(expiresAt), call.at())
            : operators.issue(
                name,
                by,
                operators.shownAt(call.presented(), call.at()),
                Optional.of(expiresAt),
                call.at());
    var json = JSON.createObjectNode();
    json.put("person", name.value());
    json.put("token", issued.token());
    issued.expiresAt().map(Instant::toString).ifPresent(at -> json.put("expiresAt", at));
    return Reply.json(201, json);
  }

  private Reply withdraw(Call call) {
    var name = call.param("name", PersonName::new);
    int count = operators.withdraw(name, caller(call), call.at());
    return Reply.json(200, JSON.createObjectNode().put("withdrawn", count));
  }

  private Duration lifetime(Call call) {
    if (call.body().length == 0) {
      return config.operatorLifetime();
    }
    var hours = call.json().path("hours");
    if (hours.isMissingNode()) {
      return config.operatorLifetime();
    }
    long most = config.operatorLifetimeMax().toHours();
    if (!hours.isInt() || hours.intValue() < 1 || hours.intValue() > most) {
      throw new ProblemException(
          Problem.badRequest(
              "`hours` must be an integer from 1 to " + most,
              "leave it out for " + config.operatorLifetime().toHours()));
    }
    return Duration.ofHours(hours.intValue());
  }

  private static PersonName caller(Call call) {
    if (call.caller() instanceof Caller.PersonCaller person) {
      return person.name();
    }
    throw new IllegalStateException("the edge admits only people to operator tokens");
  }
}
