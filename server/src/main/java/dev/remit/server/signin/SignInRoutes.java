package dev.remit.server.signin;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Handler;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.page.Page;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.Operators;
import io.helidon.common.tls.Tls;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// Signing in and out over HTTP, and agreeing to what a client asks.
public final class SignInRoutes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String HOME = Places.HOME;
  private static final String WRONG =
      "This name and password do not belong together. Try again, or ask an administrator for a"
          + " link to choose a new password.";

  private final SignInConfig config;
  private final Operators people;
  private final Sessions sessions;
  private final Accounts accounts;
  private final Optional<IdentityProvider> provider;
  private final Authorizing authorizing;
  private final Freshness freshness;
  private final ShowingAgain again;

  /// Puts everything of this package together.
  ///
  /// @param risk how a workflow is classed now
  public SignInRoutes(
      SignInConfig config,
      Database database,
      Ledger ledger,
      Authorization authorization,
      Supplier<Registered> registered,
      Function<WorkflowName, RiskClass> risk) {
    this(
        config,
        database,
        ledger,
        authorization,
        registered,
        risk,
        new Clients(config.privateClients(), Tls.builder().build()));
  }

  SignInRoutes(
      SignInConfig config,
      Database database,
      Ledger ledger,
      Authorization authorization,
      Supplier<Registered> registered,
      Function<WorkflowName, RiskClass> risk,
      Clients clients) {
    this.config = config;
    this.people = authorization.operators();
    this.sessions = new Sessions(config, database, ledger, people);
    this.accounts = new Accounts(database, ledger, people);
    this.provider =
        config
            .provider()
            .map(one ->
                new IdentityProvider(
                    config, one, database, ledger, people, registered, authorization.keys()));
    this.authorizing =
        new Authorizing(config, sessions, clients, authorization.consents(), registered);
    this.freshness = new Freshness(config.freshFor(), config.freshFrom(), risk);
    this.again = new ShowingAgain(config, freshness, sessions, accounts, people, provider);
  }

  /// Returns who knows the people that are signed in, for pages elsewhere.
  public Visits visits() {
    return new Visits(config, sessions, freshness, again);
  }

  /// Returns who asks callers of the API for a fresh sign-in.
  public FreshSignIn freshTokens() {
    return new TokenFreshness(freshness, people, config.publicUrl());
  }

  public List<Operation> operations() {
    return List.of(
        page(Method.GET, "/sign-in", "Show how to sign in, or who is signed in", this::show),
        page(Method.POST, "/sign-in", "Sign in with a password", this::signIn),
        page(
            Method.GET,
            "/sign-in/provider",
            "Go to the organisation's identity provider",
            this::toProvider),
        page(
            Method.GET,
            IdentityProvider.CALLBACK,
            "Come back from the identity provider (OpenID Connect Core, 3.1.2.5)",
            this::fromProvider),
        page(Method.GET, "/sign-in/link", "Open an invitation to choose a password", this::link),
        page(Method.POST, "/sign-in/link", "Choose a password by an invitation", this::choose),
        page(Method.POST, "/sign-out", "Sign out", this::signOut),
        page(
            Method.GET,
            ShowingAgain.PATH,
            "Ask whoever is signed in to show once more who they are",
            again::ask),
        page(Method.POST, ShowingAgain.PATH, "Show it with a password", again::answer),
        page(
            Method.GET,
            ShowingAgain.TOKEN_PATH,
            "Offer whoever is signed in a token for the command line",
            again::offerToken),
        page(
            Method.POST,
            ShowingAgain.TOKEN_PATH,
            "Issue a person a token of their own, which says when they showed who they are",
            again::giveToken),
        page(
            Method.GET,
            "/oauth2/authorize",
            "Ask a person to let an agent act for them (RFC 6749, RFC 8707)",
            authorizing::ask),
        page(
            Method.POST,
            "/oauth2/authorize",
            "Take what the person says, and answer the client (RFC 9207)",
            authorizing::answer),
        new Operation(
            Method.POST,
            "/v1/people/{name}/invitation",
            Access.people(Role.ADMIN),
            "Return a link at which a person chooses their password; it is shown this once",
            this::invite));
  }

  /// Whoever may see a page is asked by the page itself, which knows them by a cookie.
  private static Operation page(Method method, String path, String summary, Handler handler) {
    return new Operation(method, path, new Access.Open(), summary, handler);
  }

  private Reply show(Call call) {
    var browser = Browser.of(call, config.publicUrl());
    var session = sessions.of(browser, call.at());
    var next = Places.next(call.query("next").orElse(HOME));
    if (session.isPresent()) {
      return next.equals(HOME)
          ? SignInPages.signedIn(session.get(), browser.token("sign-out")).reply()
          : SignInPages.seeOther(config.publicUrl() + next);
    }
    return signInPage(browser, next, Optional.empty());
  }

  private Reply signInPage(Browser browser, String next, Optional<String> wrong) {
    var page =
        SignInPages.signIn(
            provider.map(one -> one.issuer().getHost()),
            config.localAccounts(),
            next,
            browser.token("sign-in " + next),
            wrong);
    return browser.remember(page.reply(), config.publicUrl());
  }

  private Reply signIn(Call call) {
    var browser = Browser.of(call, config.publicUrl());
    var form = call.form();
    var next = Places.next(form.getOrDefault("next", HOME));
    if (!browser.sent(form.getOrDefault("token", ""), "sign-in " + next)) {
      return SignInPages.foreignForm().reply();
    }
    var name = name(form.getOrDefault("name", ""));
    if (!config.localAccounts() || name.isEmpty()) {
      return signInPage(browser, next, Optional.of(WRONG));
    }
    return switch (accounts.signIn(name.get(), form.getOrDefault("password", ""), call.at())) {
      case Accounts.Tried.Known(var person) ->
          again.shown(person, "password", next, browser, call.at());
      case Accounts.Tried.Wrong() -> signInPage(browser, next, Optional.of(WRONG));
      case Accounts.Tried.Inactive() ->
          signInPage(
              browser,
              next,
              Optional.of(
                  "You are suspended, or declared as no longer here. Ask security, or an"
                      + " administrator."));
      case Accounts.Tried.TooMany() -> signInPage(browser, next, Optional.of(SignInPages.TOO_MANY));
    };
  }

  private static Optional<PersonName> name(String text) {
    try {
      return Optional.of(new PersonName(text.strip()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Reply toProvider(Call call) {
    if (provider.isEmpty()) {
      return noProvider();
    }
    var browser = Browser.of(call, config.publicUrl());
    var next = Places.next(call.query("next").orElse(HOME));
    var begun = provider.get().begin(browser, next, again.asked(call), call.at());
    var reply = said(begun, browser, call);
    return browser.remember(reply, config.publicUrl());
  }

  private Reply fromProvider(Call call) {
    if (provider.isEmpty()) {
      return noProvider();
    }
    var browser = Browser.of(call, config.publicUrl());
    return said(provider.get().finish(browser, call.query(), call.at()), browser, call);
  }

  private Reply said(IdentityProvider.Step step, Browser browser, Call call) {
    return switch (step) {
      case IdentityProvider.Step.Go(var there) -> SignInPages.seeOther(there.toString());
      case IdentityProvider.Step.SignedIn(var person, var shownAt, var next) ->
          sessions
              .start(
                  person, provider.orElseThrow().issuer().toString(), shownAt, browser, call.at())
              .remember(SignInPages.seeOther(config.publicUrl() + next), config.publicUrl());
      case IdentityProvider.Step.Refused(var detail, var remedy) ->
          Page.refusal(403, "You are not signed in", detail, remedy).reply();
    };
  }

  private static Reply noProvider() {
    return Page.refusal(
            404,
            "There is no identity provider",
            "This server signs people in with passwords of its own.",
            "Go to /sign-in.")
        .reply();
  }

  private Reply link(Call call) {
    var secret = call.query("link").orElse("");
    var browser = Browser.of(call, config.publicUrl());
    return accounts
        .invited(secret, call.at())
        .map(person ->
            browser.remember(
                SignInPages.choosePassword(
                        person, secret, browser.token("choose " + secret), Optional.empty())
                    .reply(),
                config.publicUrl()))
        .orElseGet(() -> SignInPages.deadLink().reply());
  }

  private Reply choose(Call call) {
    var form = call.form();
    var secret = form.getOrDefault("link", "");
    var password = form.getOrDefault("password", "");
    var browser = Browser.of(call, config.publicUrl());
    if (!browser.sent(form.getOrDefault("token", ""), "choose " + secret)) {
      return SignInPages.foreignForm().reply();
    }
    var person = accounts.invited(secret, call.at());
    if (person.isEmpty()) {
      return SignInPages.deadLink().reply();
    }
    var flaw = Passwords.flaw(password, person.get().value());
    if (flaw.isPresent()) {
      return SignInPages.choosePassword(
              person.get(), secret, browser.token("choose " + secret), flaw)
          .reply();
    }
    return accounts
        .choose(secret, password, call.at())
        .map(_ -> SignInPages.passwordSet().reply())
        .orElseGet(() -> SignInPages.deadLink().reply());
  }

  private Reply signOut(Call call) {
    var browser = Browser.of(call, config.publicUrl());
    if (!browser.sent(call.form().getOrDefault("token", ""), "sign-out")) {
      return SignInPages.foreignForm().reply();
    }
    sessions.end(browser, call.at());
    return Browser.forget(SignInPages.seeOther(config.publicUrl() + HOME), config.publicUrl());
  }

  private Reply invite(Call call) {
    var name = call.param("name", PersonName::new);
    if (people.active(name).isEmpty()) {
      return Reply.problem(Problem.notFound("active person `" + name + "`"));
    }
    if (!config.localAccounts()) {
      return Reply.problem(
          new Problem(
              409,
              "no-local-accounts",
              "people have no passwords here (`signIn.passwords` is false)",
              "let them sign in at the identity provider"));
    }
    if (!(call.caller() instanceof Caller.PersonCaller(var by, _))) {
      throw new IllegalStateException("the edge admits only people to invitations");
    }
    var secret = accounts.invite(name, by, call.at());
    var json = JSON.createObjectNode().put("person", name.value());
    json.put("link", config.publicUrl() + "/sign-in/link?link=" + secret);
    json.put("expiresAt", call.at().plus(Accounts.LINK_LIFETIME).toString());
    return Reply.json(201, json);
  }
}
