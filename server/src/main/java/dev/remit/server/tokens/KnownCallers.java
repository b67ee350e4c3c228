package dev.remit.server.tokens;

import dev.remit.server.http.Caller;
import dev.remit.server.http.Callers;
import dev.remit.server.http.Presented;
import java.time.Instant;
import java.util.LinkedHashMap;

/// Tells the edge who calls: a person by an operator token, a workload by its task token.
public final class KnownCallers implements Callers {
  private final Operators operators;
  private final Tokens tokens;

  public KnownCallers(Operators operators, Tokens tokens) {
    this.operators = operators;
    this.tokens = tokens;
  }

  @Override
  public Caller of(Presented presented, Instant now) {
    if (presented.authorization().isBlank()) {
      return new Caller.Anonymous();
    }
    if (presented.isOf("Bearer") && Operators.isShapedLikeOne(presented.credential())) {
      return person(presented.credential(), now);
    }
    return presented.isOf("Bearer") || presented.isOf("DPoP")
        ? task(presented, now)
        : new Caller.Unrecognised(
            "the Authorization header is not of the form `Bearer …` or `DPoP …`");
  }

  private Caller person(String bearer, Instant now) {
    return switch (operators.who(bearer, now)) {
      case Operators.Known.Operator(var name, var roles) -> new Caller.PersonCaller(name, roles);
      case Operators.Known.Unknown(var why) -> new Caller.Unrecognised(why);
    };
  }

  private Caller task(Presented presented, Instant now) {
    return switch (tokens.checkOwn(presented, now)) {
      case TokenCheck.Good(var claims) -> new Caller.TaskCaller(claims.identity(), claims.task());
      case TokenCheck.Missing() -> new Caller.Anonymous();
      case TokenCheck.Invalid _, TokenCheck.WrongAudience _ ->
          new Caller.Unrecognised("the token does not hold");
      case TokenCheck.Expired(var at) -> new Caller.Unrecognised("the task token expired at " + at);
      case TokenCheck.NotHeld notHeld -> notHeld(notHeld);
      case TokenCheck.TaskEnded(var task) ->
          new Caller.Unrecognised("the task " + task + " has ended");
      case TokenCheck.Suspended(var kind, var name) ->
          new Caller.Unrecognised(kind + " `" + name + "` is suspended");
      case TokenCheck.FeedStale _ ->
          new Caller.Unrecognised("this node cannot check tokens now; try again");
    };
  }

  private static Caller notHeld(TokenCheck.NotHeld notHeld) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("WWW-Authenticate", notHeld.challenge());
    notHeld.nonce().ifPresent(nonce -> headers.put("DPoP-Nonce", nonce));
    return new Caller.Unrecognised(notHeld.detail(), headers);
  }
}
