package dev.remit.server.signin;

import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Handler;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Passkeys at a browser: the only pages of signing in that run a script, which is ours.
final class PasskeyRoutes {
  static final String SHOW_PATH = "/sign-in/passkey";
  static final String OWN_PATH = "/sign-in/passkeys";
  static final String SCRIPT = "/assets/passkey.js";
  private static final int LABEL_CHARS_MAX = 100;

  private final SignInConfig config;
  private final Freshness freshness;
  private final Sessions sessions;
  private final Passkeys passkeys;
  private final ShowingAgain again;
  private final String script = read();

  PasskeyRoutes(
      SignInConfig config,
      Freshness freshness,
      Sessions sessions,
      Passkeys passkeys,
      ShowingAgain again) {
    this.config = config;
    this.freshness = freshness;
    this.sessions = sessions;
    this.passkeys = passkeys;
    this.again = again;
  }

  List<Operation> operations() {
    return List.of(
        page(Method.GET, SHOW_PATH, "Ask for a passkey", this::ask),
        page(Method.POST, SHOW_PATH, "Sign in with a passkey, or show it again", this::show),
        page(Method.GET, OWN_PATH, "List the passkeys of whoever is signed in", this::own),
        page(Method.POST, OWN_PATH, "Add a passkey", this::add),
        page(Method.POST, OWN_PATH + "/remove", "Remove a passkey", this::remove),
        page(
            Method.GET,
            SCRIPT,
            "Return the script that asks the browser for a passkey",
            _ -> js()));
  }

  private static Operation page(Method method, String path, String summary, Handler handler) {
    return new Operation(method, path, new Access.Open(), summary, handler);
  }

  private Reply js() {
    return Reply.text(200, "text/javascript; charset=utf-8", script)
        .with("Cache-Control", "public, max-age=3600")
        .with("X-Content-Type-Options", "nosniff");
  }

  private Reply ask(Call call) {
    var next = Places.next(call.query("next").orElse(Places.HOME));
    return asking(browser(call), next, call, Optional.empty());
  }

  private Reply asking(Browser browser, String next, Call call, Optional<String> wrong) {
    if (!config.localAccounts()) {
      return SignInPages.seeOther(Addresses.with(Places.HOME, Map.of("next", next)));
    }
    var page =
        PasskeyPages.ask(
            next,
            Challenges.fresh(browser, Passkeys.SHOW, call.at()),
            config.publicUrl().getHost(),
            wrong);
    return browser.remember(page.replyRunning(SCRIPT), config.publicUrl());
  }

  private Reply show(Call call) {
    var form = call.form();
    var next = Places.next(form.getOrDefault("next", Places.HOME));
    var browser = browser(call);
    var before = sessions.of(browser, call.at());
    if (!config.localAccounts()) {
      return asking(browser, next, call, Optional.empty());
    }
    return switch (passkeys.show(form.getOrDefault("answer", ""), browser, call.at())) {
      case Passkeys.Shown.Known(var person)
          when before.filter(one -> !one.person().equals(person.name())).isPresent() ->
          asking(
              browser,
              next,
              call,
              Optional.of(
                  "This is a passkey of "
                      + person.name()
                      + ", and somebody else is signed in here. Sign out first."));
      case Passkeys.Shown.Known(var person) ->
          again.shown(person, "passkey", next, browser, call.at());
      case Passkeys.Shown.Inactive() ->
          asking(browser, next, call, Optional.of("You are suspended, or no longer here."));
      case Passkeys.Shown.Wrong() ->
          asking(
              browser,
              next,
              call,
              Optional.of(
                  "This passkey opens nothing here. Try again, or sign in with your password."));
    };
  }

  private Reply own(Call call) {
    var browser = browser(call);
    var session = sessions.of(browser, call.at());
    if (session.isEmpty()) {
      return SignInPages.seeOther(Addresses.with(Places.HOME, Map.of("next", OWN_PATH)));
    }
    if (!freshness.holds(session.get().shownAt(), call.at())) {
      return SignInPages.seeOther(ShowingAgain.again(OWN_PATH));
    }
    return PasskeyPages.own(
            session.get().person(),
            passkeys.of(session.get().person()),
            browser,
            Challenges.fresh(browser, Passkeys.ADD, call.at()),
            config.publicUrl().getHost())
        .replyRunning(SCRIPT);
  }

  private Reply add(Call call) {
    return changing(
        call,
        OWN_PATH,
        session -> {
          var form = call.form();
          var label = form.getOrDefault("label", "").strip();
          if (label.isEmpty() || label.length() > LABEL_CHARS_MAX) {
            return PasskeyPages.refused(
                "A passkey has a name of 1 to " + LABEL_CHARS_MAX + " characters.");
          }
          var answer = form.getOrDefault("answer", "");
          return switch (passkeys.add(session.person(), label, answer, browser(call), call.at())) {
            case Passkeys.Added.Done() -> SignInPages.seeOther(config.publicUrl() + OWN_PATH);
            case Passkeys.Added.TooMany(var most) ->
                PasskeyPages.refused("You have " + most + " passkeys. Remove one first.");
            case Passkeys.Added.Refused(var why) ->
                PasskeyPages.refused("It was not taken: " + why + ".");
          };
        });
  }

  private Reply remove(Call call) {
    return changing(
        call,
        OWN_PATH + "/remove",
        session ->
            passkeys.remove(session.person(), call.form().getOrDefault("id", ""), call.at())
                ? SignInPages.seeOther(config.publicUrl() + OWN_PATH)
                : PasskeyPages.refused("You have no such passkey."));
  }

  /// What is changed of a person's passkeys, they change themselves, and have just shown that.
  private Reply changing(Call call, String path, Function<Session, Reply> change) {
    var browser = browser(call);
    var session = sessions.of(browser, call.at());
    if (session.isEmpty()) {
      return SignInPages.seeOther(Addresses.with(Places.HOME, Map.of("next", OWN_PATH)));
    }
    if (!browser.sent(call.form().getOrDefault("token", ""), path)) {
      return SignInPages.foreignForm().reply();
    }
    return config.localAccounts() && freshness.holds(session.get().shownAt(), call.at())
        ? change.apply(session.get())
        : SignInPages.seeOther(ShowingAgain.again(OWN_PATH));
  }

  private Browser browser(Call call) {
    return Browser.of(call, config.publicUrl());
  }

  private static String read() {
    try (var in = PasskeyRoutes.class.getResourceAsStream("passkey.js")) {
      if (in == null) {
        throw new IllegalStateException("the server was built without passkey.js");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("read passkey.js", e);
    }
  }
}
