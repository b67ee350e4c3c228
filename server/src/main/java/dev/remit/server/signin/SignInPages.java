package dev.remit.server.signin;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;
import static dev.remit.server.page.Html.p;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Html;
import dev.remit.server.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pages at which people sign in.
final class SignInPages {
  static final String TOO_MANY =
      "Too many wrong passwords for this name. Wait a little, up to 15 minutes, and try again.";

  private SignInPages() {}

  static Reply seeOther(String there) {
    return Reply.empty(303).with("Location", there).with("Referrer-Policy", "no-referrer");
  }

  /// @param provider host of the organisation's identity provider
  /// @param local whether there are passwords
  /// @param wrong what was wrong with the last try
  static Page signIn(
      Optional<String> provider, boolean local, String next, String token, Optional<String> wrong) {
    var body = new ArrayList<Html>();
    wrong.ifPresent(
        what -> body.add(element("p").with("class", "wrong").with("role", "alert").saying(what)));
    provider.ifPresent(host -> body.add(atProvider(host, next)));
    if (local) {
      body.add(passwordForm(next, token));
    }
    if (provider.isEmpty() && !local) {
      body.add(p("Nobody can sign in here."));
      body.add(
          element("p")
              .with("class", "next")
              .saying(
                  "An administrator sets `signIn.issuer` and `signIn.client`, or `signIn.passwords`,"
                      + " in the server's configuration."));
    }
    return new Page(wrong.isPresent() ? 401 : 200, "Sign in", body, List.of());
  }

  private static Html atProvider(String host, String next) {
    return link(Addresses.with("/sign-in/provider", Map.of("next", next)), "Continue at " + host);
  }

  private static Html passwordForm(String next, String token) {
    return element("form")
        .with("method", "post")
        .with("action", "/sign-in")
        .holding(
            hidden("next", next),
            hidden("token", token),
            field("Name", "name", "text", "username"),
            field("Password", "password", "password", "current-password"),
            submit("Sign in"));
  }

  static Page signedIn(Session session, String token) {
    return new Page(
        "You are signed in",
        p("You are " + session.person() + "."),
        element("p")
            .with("class", "actions")
            .holding(
                element("a")
                    .with("class", "btn primary")
                    .with("href", "/console")
                    .saying("Open the console"),
                element("a")
                    .with("class", "btn")
                    .with("href", ShowingAgain.TOKEN_PATH)
                    .saying("Token for the command line")),
        element("form")
            .with("method", "post")
            .with("action", "/sign-out")
            .holding(
                hidden("token", token),
                element("p")
                    .with("class", "actions")
                    .holding(
                        element("button")
                            .with("type", "submit")
                            .with("class", "btn")
                            .saying("Sign out"))));
  }

  static Page choosePassword(
      PersonName person, String secret, String token, Optional<String> wrong) {
    var body = new ArrayList<Html>();
    wrong.ifPresent(
        what -> body.add(element("p").with("class", "wrong").with("role", "alert").saying(what)));
    body.add(
        p(
            "This is for "
                + person
                + " alone. The link is good once; if it was meant for somebody else, close this"
                + " window."));
    body.add(
        element("form")
            .with("method", "post")
            .with("action", "/sign-in/link")
            .holding(
                hidden("link", secret),
                hidden("token", token),
                // Lets the browser's own store of passwords know whose it is.
                element("input")
                    .with("type", "hidden")
                    .with("autocomplete", "username")
                    .with("name", "name")
                    .with("value", person.value()),
                field(
                    "New password, at least " + Passwords.CHARS_MIN + " characters",
                    "password",
                    "password",
                    "new-password"),
                submit("Set password")));
    return new Page(wrong.isPresent() ? 400 : 200, "Choose a password", body, List.of());
  }

  static Page passwordSet() {
    return new Page(
        "The password is set",
        p("Every older session of yours has ended."),
        element("p")
            .with("class", "actions")
            .holding(
                element("a")
                    .with("class", "btn primary")
                    .with("href", "/sign-in")
                    .saying("Sign in")));
  }

  static Page deadLink() {
    return Page.refusal(
        404,
        "This link is not good (any more)",
        "It was used, is older than 24 hours, or was replaced by a newer one.",
        "Ask an administrator for a new one: remit invite NAME.");
  }

  static Page foreignForm() {
    return Page.refusal(
        400,
        "This form is not from here",
        "What was sent does not come from a page that this browser was shown, or you have signed"
            + " in or out since.",
        "Nothing was done. Go back, reload the page and try again; allow cookies for this site.");
  }

  static Html field(String label, String name, String type, String autocomplete) {
    return element("label")
        .with("class", "field")
        .holding(
            element("span").saying(label),
            element("input")
                .with("name", name)
                .with("type", type)
                .with("autocomplete", autocomplete)
                .with("required", "required"));
  }

  /// A link that looks like what to do next.
  static Html link(String there, String label) {
    return element("p")
        .with("class", "actions")
        .holding(element("a").with("class", "btn primary").with("href", there).saying(label));
  }

  static Html submit(String label) {
    return element("p")
        .with("class", "actions")
        .holding(
            element("button").with("type", "submit").with("class", "btn primary").saying(label));
  }
}
