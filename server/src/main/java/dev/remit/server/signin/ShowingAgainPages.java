package dev.remit.server.signin;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;
import static dev.remit.server.page.Html.p;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.page.Html;
import dev.remit.server.page.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The pages at which people show once more who they are.
final class ShowingAgainPages {
  private ShowingAgainPages() {}

  /// @param provider host of the organisation's identity provider
  /// @param token what the form with the password carries; empty without one
  static Page ask(
      PersonName person,
      Optional<String> provider,
      Optional<String> token,
      String next,
      Optional<String> wrong) {
    var body = new ArrayList<Html>();
    wrong.ifPresent(
        what -> body.add(element("p").with("class", "wrong").with("role", "alert").saying(what)));
    body.add(
        p("You are signed in as " + person + ". Before a step of high risk you show it again."));
    provider.ifPresent(host -> body.add(SignInPages.link(atProvider(next), "Show it at " + host)));
    token.ifPresent(carried -> body.add(password(person, carried, next)));
    if (provider.isEmpty() && token.isEmpty()) {
      body.add(p("You have no password here, and there is no identity provider."));
      body.add(
          element("p")
              .with("class", "next")
              .saying(
                  "Ask an administrator for a link to choose one: remit invite " + person + "."));
    }
    return new Page(wrong.isPresent() ? 401 : 200, "Show that it is you", body, List.of());
  }

  private static String atProvider(String next) {
    var query = new LinkedHashMap<String, String>();
    query.put("again", "yes");
    query.put("next", next);
    return Addresses.with("/sign-in/provider", query);
  }

  private static Html password(PersonName person, String token, String next) {
    return element("form")
        .with("method", "post")
        .with("action", ShowingAgain.PATH)
        .holding(
            hidden("next", next),
            hidden("token", token),
            // Lets the browser's own store of passwords know whose it is.
            hidden("name", person.value()).with("autocomplete", "username"),
            SignInPages.field("Password", "password", "password", "current-password"),
            SignInPages.submit("Go on"));
  }

  static Page refusal(Duration lasts, String again) {
    return new Page(
        403,
        "Show that it is you",
        List.of(
            p(
                "This is of high risk and needs a sign-in within the last "
                    + minutes(lasts)
                    + ". Nothing was done."),
            element("p")
                .with("class", "next")
                .saying("Show it, and you come back; then do it again."),
            SignInPages.link(again, "Show that it is you")),
        List.of());
  }

  static Page offer(PersonName person, Duration lifetime, String token) {
    return new Page(
        "A token for the command line",
        p(
            "It speaks for "
                + person
                + " for "
                + lifetime.toHours()
                + " hours, with the roles that you hold, and is shown once."),
        element("form")
            .with("method", "post")
            .with("action", ShowingAgain.TOKEN_PATH)
            .holding(hidden("token", token), SignInPages.submit("Show a token")));
  }

  static Page token(String token, Instant until, Duration lasts) {
    return new Page(
        "Your token",
        p("Keep it in a terminal and nowhere else:"),
        element("pre").holding(element("code").saying("export REMIT_TOKEN=" + token)),
        p(
            "It is good until "
                + until
                + "; for steps of high risk only for "
                + minutes(lasts)
                + " after you have shown who you are."));
  }

  private static String minutes(Duration lasts) {
    return lasts.toMinutes() == 1 ? "minute" : lasts.toMinutes() + " minutes";
  }
}
