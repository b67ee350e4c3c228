package dev.remit.server.signin;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.p;

import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.PageDoor;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Page;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Knows who visits a page, by the session of their browser, and believes a form only from a page
/// that the same browser was shown: the browser must not say that it comes from another site, and
/// the form must carry the [token][#token] of this session for the place it is sent to.
///
/// For a step of high risk it asks when this browser's person last showed who they are.
public final class Visits implements PageDoor, FreshSignIn {
  /// The form's field that carries the token.
  public static final String TOKEN = "token";

  private final SignInConfig config;
  private final Sessions sessions;
  private final Freshness freshness;
  private final ShowingAgain again;

  Visits(SignInConfig config, Sessions sessions, Freshness freshness, ShowingAgain again) {
    this.config = config;
    this.sessions = sessions;
    this.freshness = freshness;
    this.again = again;
  }

  @Override
  public Caller of(Call call) {
    return sessions
        .of(browser(call), call.at())
        .<Caller>map(session -> new Caller.PersonCaller(session.person(), session.roles()))
        .orElseGet(Caller.Anonymous::new);
  }

  /// Returns what a form carries that this visitor's browser sends to `path`. Signing in gives the
  /// browser another secret, so a token is of one session.
  public String token(Call call, String path) {
    return browser(call).token(path);
  }

  @Override
  public Optional<Problem> foreign(Call call) {
    if (call.presented().method().equals("GET")) {
      return Optional.empty();
    }
    var token = call.form().getOrDefault(TOKEN, "");
    boolean ours = isSameOrigin(call) && browser(call).sent(token, call.presented().path());
    return ours
        ? Optional.empty()
        : Optional.of(
            new Problem(
                403,
                "foreign-form",
                "what was sent does not come from a page that this browser was shown, or you have"
                    + " signed in or out since; nothing was done",
                "go back, reload the page and try again; allow cookies for this site"));
  }

  @Override
  public Optional<Reply> refusal(Call call, WorkflowName workflow) {
    return freshness.isAskedFor(workflow) ? refusal(call) : Optional.empty();
  }

  @Override
  public Optional<Reply> refusal(Call call) {
    var shownAt = sessions.of(browser(call), call.at()).flatMap(Session::shownAt);
    return freshness.holds(shownAt, call.at())
        ? Optional.empty()
        : Optional.of(again.refusal(back(call)).reply());
  }

  /// Returns where this visitor shows who they are, to come back to this page.
  public String again(Call call) {
    return ShowingAgain.again(back(call));
  }

  /// The page itself, or the one that its form was on.
  private String back(Call call) {
    return call.presented().method().equals("GET")
        ? place(call)
        : call.header("referer")
            .filter(from -> isSameOrigin(call) && isOurs(from, call))
            .map(from -> URI.create(from).getRawPath())
            .map(Places::next)
            .orElse("/console");
  }

  /// What a browser says of where a form comes from cannot be set by a page. An old one says
  /// nothing; then the token decides alone.
  private boolean isSameOrigin(Call call) {
    var site = call.header("sec-fetch-site");
    if (site.isPresent() && !site.get().equals("same-origin")) {
      return false;
    }
    return call.header("origin").map(origin -> isOurs(origin, call)).orElse(true);
  }

  /// The public address, or the one that this request was sent to.
  private boolean isOurs(String origin, Call call) {
    try {
      var uri = URI.create(origin);
      var ours = config.publicUrl();
      return uri.getAuthority() != null
          && ((uri.getAuthority().equals(ours.getAuthority())
                  && uri.getScheme().equals(ours.getScheme()))
              || call.header("host").filter(uri.getAuthority()::equals).isPresent());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public Reply says(Problem problem, Call call) {
    boolean reads = call.presented().method().equals("GET");
    if (problem.status() == 401 && reads) {
      return SignInPages.seeOther(Addresses.with("/sign-in", Map.of("next", place(call))));
    }
    boolean signedOut = problem.status() == 401;
    var title = signedOut ? "You are signed out" : sentence(problem.slug().replace('-', ' '));
    var detail =
        signedOut ? "Your session is over. Nothing was done." : sentence(problem.detail()) + ".";
    var next = signedOut ? "Sign in, and do it again." : sentence(problem.remedy()) + ".";
    return new Page(
            problem.status(),
            title,
            List.of(
                p(detail),
                element("p").with("class", "next").saying(next),
                element("p")
                    .with("class", "actions")
                    .holding(
                        element("a")
                            .with("class", "btn")
                            .with("href", "/console")
                            .saying("Go to the console"))),
            List.of())
        .reply();
  }

  private static String place(Call call) {
    var path = call.presented().path();
    return call.query().isEmpty() ? path : Addresses.with(path, call.query());
  }

  private static String sentence(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private Browser browser(Call call) {
    return Browser.of(call, config.publicUrl());
  }
}
