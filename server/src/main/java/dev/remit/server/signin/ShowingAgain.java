package dev.remit.server.signin;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.http.Call;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Page;
import dev.remit.server.tokens.Operators;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Has somebody who is signed in show once more who they are, before a step of high risk, and gives
/// them a token for the command line that says when they did.
///
/// To show it again is to sign in again: the browser gets another secret, and the session another
/// beginning. Nobody else can do it at this browser; who wants to must sign out first.
final class ShowingAgain {
  static final String PATH = "/sign-in/again";
  static final String TOKEN_PATH = "/sign-in/token";
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(8);
  private static final String WRONG = "This is not your password. Nothing was done.";

  private final SignInConfig config;
  private final Freshness freshness;
  private final Sessions sessions;
  private final Accounts accounts;
  private final Operators people;
  private final Optional<IdentityProvider> provider;

  ShowingAgain(
      SignInConfig config,
      Freshness freshness,
      Sessions sessions,
      Accounts accounts,
      Operators people,
      Optional<IdentityProvider> provider) {
    this.config = config;
    this.freshness = freshness;
    this.sessions = sessions;
    this.accounts = accounts;
    this.people = people;
    this.provider = provider;
  }

  /// Shows how the person can show who they are.
  Reply ask(Call call) {
    var next = Places.next(call.query("next").orElse(Places.HOME));
    var browser = browser(call);
    return sessions
        .of(browser, call.at())
        .map(session -> page(session, browser, next, Optional.empty()))
        .orElseGet(() -> toSignIn(next));
  }

  private Reply page(Session session, Browser browser, String next, Optional<String> wrong) {
    boolean hasPassword = config.localAccounts() && accounts.hasPassword(session.person());
    return ShowingAgainPages.ask(
            session.person(),
            provider.map(one -> one.issuer().getHost()),
            hasPassword ? Optional.of(browser.token(purpose(next))) : Optional.empty(),
            next,
            wrong)
        .reply();
  }

  /// Takes the password.
  Reply answer(Call call) {
    var form = call.form();
    var next = Places.next(form.getOrDefault("next", Places.HOME));
    var browser = browser(call);
    var session = sessions.of(browser, call.at());
    if (session.isEmpty()) {
      return toSignIn(next);
    }
    if (!browser.sent(form.getOrDefault("token", ""), purpose(next))) {
      return SignInPages.foreignForm().reply();
    }
    if (!config.localAccounts()) {
      return page(session.get(), browser, next, Optional.of(WRONG));
    }
    var person = session.get().person();
    return switch (accounts.signIn(person, form.getOrDefault("password", ""), call.at())) {
      case Accounts.Tried.Known(var known) -> shown(known, "password", next, browser, call.at());
      case Accounts.Tried.Wrong() -> page(session.get(), browser, next, Optional.of(WRONG));
      case Accounts.Tried.Inactive() -> toSignIn(next);
      case Accounts.Tried.TooMany() ->
          page(session.get(), browser, next, Optional.of(SignInPages.TOO_MANY));
    };
  }

  /// The person has shown who they are, now.
  Reply shown(Operators.Active person, String how, String next, Browser browser, Instant now) {
    return sessions
        .start(person, how, Optional.of(now), browser, now)
        .remember(SignInPages.seeOther(config.publicUrl() + next), config.publicUrl());
  }

  /// Who has to show it at the identity provider, where `call` asks that; empty for anybody.
  Optional<PersonName> asked(Call call) {
    return call.query("again").isEmpty()
        ? Optional.empty()
        : sessions.of(browser(call), call.at()).map(Session::person);
  }

  /// Offers a token.
  Reply offerToken(Call call) {
    var browser = browser(call);
    var session = sessions.of(browser, call.at());
    if (session.isEmpty()) {
      return toSignIn(TOKEN_PATH);
    }
    return freshness.holds(session.get().shownAt(), call.at())
        ? ShowingAgainPages.offer(session.get().person(), TOKEN_LIFETIME, browser.token(TOKEN_PATH))
            .reply()
        : SignInPages.seeOther(again(TOKEN_PATH));
  }

  /// Gives it, once.
  Reply giveToken(Call call) {
    var browser = browser(call);
    var session = sessions.of(browser, call.at());
    if (session.isEmpty()) {
      return toSignIn(TOKEN_PATH);
    }
    if (!browser.sent(call.form().getOrDefault("token", ""), TOKEN_PATH)) {
      return SignInPages.foreignForm().reply();
    }
    var shownAt = session.get().shownAt();
    if (!freshness.holds(shownAt, call.at())) {
      return SignInPages.seeOther(again(TOKEN_PATH));
    }
    var person = session.get().person();
    var until = call.at().plus(TOKEN_LIFETIME);
    var issued = people.issue(person, person, shownAt, Optional.of(until), call.at());
    return ShowingAgainPages.token(issued.token(), until, freshness.lasts()).reply();
  }

  /// Returns the page that tells whoever takes a step of high risk to show first who they are.
  Page refusal(String next) {
    return ShowingAgainPages.refusal(freshness.lasts(), again(next));
  }

  /// Returns the place where somebody shows it, to go on at `next`.
  static String again(String next) {
    return Addresses.with(PATH, Map.of("next", next));
  }

  private Reply toSignIn(String next) {
    return SignInPages.seeOther(
        Addresses.with(config.publicUrl() + Places.HOME, Map.of("next", next)));
  }

  private Browser browser(Call call) {
    return Browser.of(call, config.publicUrl());
  }

  private static String purpose(String next) {
    return "again " + next;
  }
}
