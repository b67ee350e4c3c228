package dev.remit.server.signin;

import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Call;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.tokens.Operators;
import java.net.URI;
import java.util.Optional;

/// Asks of whoever calls the API when they signed in to get their token.
///
/// Source: RFC 9470, section 3, for the challenge.
final class TokenFreshness implements FreshSignIn {
  private final Freshness freshness;
  private final Operators operators;
  private final URI publicUrl;

  TokenFreshness(Freshness freshness, Operators operators, URI publicUrl) {
    this.freshness = freshness;
    this.operators = operators;
    this.publicUrl = publicUrl;
  }

  @Override
  public Optional<Reply> refusal(Call call, WorkflowName workflow) {
    return freshness.isAskedFor(workflow) ? refusal(call) : Optional.empty();
  }

  @Override
  public Optional<Reply> refusal(Call call) {
    var shownAt = operators.shownAt(call.presented(), call.at());
    if (freshness.holds(shownAt, call.at())) {
      return Optional.empty();
    }
    long seconds = freshness.lasts().toSeconds();
    var problem =
        new Problem(
            401,
            SLUG,
            "this is of high risk and needs a sign-in within the last "
                + seconds
                + " s; the token rests on one "
                + shownAt.map(at -> "at " + at).orElse("of which nobody knows the time"),
            "do it at "
                + publicUrl
                + "/console, or get a new token for yourself at "
                + publicUrl
                + "/sign-in/token");
    return Optional.of(
        Reply.problem(problem)
            .with(
                "WWW-Authenticate",
                "Bearer error=\"insufficient_user_authentication\", max_age=" + seconds));
  }
}
