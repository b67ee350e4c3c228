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
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The pages of passkeys. What the script hands to the browser stands in `data-options` of a form;
/// what the browser answers goes into its field `answer`.
final class PasskeyPages {
  private static final JsonMapper JSON = JsonMapper.shared();

  private PasskeyPages() {}

  static Page ask(String next, String challenge, String host, Optional<String> wrong) {
    var options = JSON.createObjectNode();
    options
        .put("challenge", Passkeys.encoded(challenge))
        .put("rpId", host)
        .put("userVerification", "required");
    var body = new ArrayList<Html>();
    wrong.ifPresent(
        what -> body.add(element("p").with("class", "wrong").with("role", "alert").saying(what)));
    body.add(
        form(PasskeyRoutes.SHOW_PATH, "get", options)
            .holding(hidden("next", next), SignInPages.submit("Use a passkey")));
    body.add(needsScript());
    return new Page(wrong.isPresent() ? 401 : 200, "Sign in with a passkey", body, List.of());
  }

  static Page own(
      PersonName person,
      List<PasskeyStore.Kept> kept,
      Browser browser,
      String challenge,
      String host) {
    var body = new ArrayList<Html>();
    body.add(p("You are " + person + ". A passkey signs you in without your password."));
    kept.forEach(one -> body.add(card(one, browser)));
    body.add(
        form(PasskeyRoutes.OWN_PATH, "create", creating(person, kept, challenge, host))
            .holding(
                hidden("token", browser.token(PasskeyRoutes.OWN_PATH)),
                SignInPages.field("What you call it", "label", "text", "off"),
                SignInPages.submit("Add a passkey")));
    body.add(needsScript());
    return new Page("Your passkeys", body.toArray(new Html[0]));
  }

  private static ObjectNode creating(
      PersonName person, List<PasskeyStore.Kept> kept, String challenge, String host) {
    var options = JSON.createObjectNode();
    options.put("challenge", Passkeys.encoded(challenge)).put("attestation", "none");
    options.putObject("rp").put("id", host).put("name", "Remit");
    options
        .putObject("user")
        .put("id", Authenticators.base64(Passkeys.handle(person)))
        .put("name", person.value())
        .put("displayName", person.value());
    var algorithms = options.putArray("pubKeyCredParams");
    Authenticators.ALGORITHMS.forEach(
        one -> algorithms.addObject().put("type", "public-key").put("alg", one.getValue()));
    options
        .putObject("authenticatorSelection")
        .put("residentKey", "required")
        .put("requireResidentKey", true)
        .put("userVerification", "required");
    var known = options.putArray("excludeCredentials");
    kept.forEach(one -> known.addObject().put("type", "public-key").put("id", one.id()));
    return options;
  }

  private static Html card(PasskeyStore.Kept one, Browser browser) {
    var path = PasskeyRoutes.OWN_PATH + "/remove";
    return element("form")
        .with("method", "post")
        .with("action", path)
        .with("class", "passkey")
        .holding(
            p(
                one.label()
                    + ", added "
                    + one.addedAt()
                    + one.usedAt().map(at -> ", last used " + at).orElse(", not used yet")),
            hidden("token", browser.token(path)),
            hidden("id", one.id()),
            element("p")
                .with("class", "actions")
                .holding(
                    element("button")
                        .with("type", "submit")
                        .with("class", "btn danger")
                        .saying("Remove " + one.label())));
  }

  private static Html.Element form(String path, String does, ObjectNode options) {
    return element("form")
        .with("method", "post")
        .with("action", path)
        .with("data-passkey", does)
        .with("data-options", options.toString())
        .holding(hidden("answer", ""));
  }

  private static Html needsScript() {
    return element("p")
        .with("class", "next")
        .with("data-passkey-says", "")
        .with("role", "status")
        .saying("Only a script of this page can ask your browser for a passkey.");
  }

  static Reply refused(String why) {
    return Page.refusal(400, "No passkey was changed", why, "Go back to /sign-in/passkeys.")
        .reply();
  }
}
