package dev.remit.server.tokens;

import dev.remit.server.http.Caller;
import dev.remit.server.http.Callers;
import java.time.Instant;

/// Tells the edge who calls: a person by an operator token, a workload by its task token.
public final class KnownCallers implements Callers {
  private static final String SCHEME = "Bearer ";

  private final Operators operators;
  private final Tokens tokens;

  public KnownCallers(Operators operators, Tokens tokens) {
    this.operators = operators;
    this.tokens = tokens;
  }

  @Override
  public Caller of(String authorization, Instant now) {
    if (authorization.isBlank()) {
      return new Caller.Anonymous();
    }
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Caller.Unrecognised("the Authorization header is not of the form `Bearer …`");
    }
    var bearer = authorization.substring(SCHEME.length()).strip();
    return Operators.isShapedLikeOne(bearer) ? person(bearer, now) : task(bearer, now);
  }

  private Caller person(String bearer, Instant now) {
    return switch (operators.who(bearer, now)) {
      case Operators.Known.Operator(var name, var roles) -> new Caller.PersonCaller(name, roles);
      case Operators.Known.Unknown(var why) -> new Caller.Unrecognised(why);
    };
  }

  private Caller task(String bearer, Instant now) {
    return switch (tokens.checkOwn(bearer, now)) {
      case TokenCheck.Good(var claims) -> new Caller.TaskCaller(claims.identity(), claims.task());
      case TokenCheck.Missing() -> new Caller.Anonymous();
      case TokenCheck.Invalid _, TokenCheck.WrongAudience _ ->
          new Caller.Unrecognised("the token does not hold");
      case TokenCheck.Expired(var at) -> new Caller.Unrecognised("the task token expired at " + at);
      case TokenCheck.TaskEnded(var task) ->
          new Caller.Unrecognised("the task " + task + " has ended");
      case TokenCheck.Suspended(var kind, var name) ->
          new Caller.Unrecognised(kind + " `" + name + "` is suspended");
      case TokenCheck.FeedStale _ ->
          new Caller.Unrecognised("this node cannot check tokens now; try again");
    };
  }
}
