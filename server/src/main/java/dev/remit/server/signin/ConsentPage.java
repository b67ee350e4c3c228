package dev.remit.server.signin;

import static dev.remit.server.page.Html.element;
import static dev.remit.server.page.Html.hidden;
import static dev.remit.server.page.Html.p;
import static dev.remit.server.page.Html.text;

import dev.remit.server.page.Html;
import dev.remit.server.page.Page;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// What a person reads before they let an agent act for them.
final class ConsentPage {
  private ConsentPage() {}

  static Page of(
      AuthorizationRequest request,
      Session session,
      List<Offer> offers,
      String query,
      String token) {
    var name = name(request.client());
    var redirect = URI.create(request.redirect());
    var form =
        element("form")
            .with("method", "post")
            .with("action", "/oauth2/authorize")
            .holding(hidden("request", query), hidden("token", token), choices(offers), actions());
    return new Page(
            "Let " + name + " act for you?",
            element("p")
                .with("class", "notice")
                .saying(
                    "The name is what the program calls itself; nobody has verified it. What is"
                        + " known is its address, and where your answer goes."),
            element("dl")
                .holding(
                    fact("Program", request.client().id().toString()),
                    fact("Answer goes to", destination(redirect)),
                    fact("You are", session.person().value()),
                    fact("It asks for", request.resource().value())),
            form)
        .leadingTo(source(redirect));
  }

  private static Html.Element fact(String term, String what) {
    return element("div").holding(element("dt").saying(term), element("dd").saying(what));
  }

  private static Html choices(List<Offer> offers) {
    var choices = new ArrayList<Html>();
    choices.add(element("legend").saying("It acts as one agent, in one task, for"));
    boolean only = offers.size() == 1 && offers.getFirst().workflow().intents().size() == 1;
    for (var offer : offers) {
      for (var intent : offer.workflow().intents().stream().sorted().toList()) {
        choices.add(choice(offer, intent, only));
      }
    }
    return element("fieldset").holding(choices);
  }

  private static Html choice(Offer offer, String intent, boolean only) {
    var value = offer.identity().name() + "/" + intent;
    var radio =
        element("input")
            .with("type", "radio")
            .with("name", "as")
            .with("value", value)
            .with("required", "required");
    return element("label")
        .with("class", "choice")
        .holding(
            only ? radio.with("checked", "checked") : radio,
            element("span")
                .holding(
                    element("b").saying(intent),
                    text(" as " + offer.identity().name()),
                    element("br"),
                    element("span")
                        .with("class", "soft")
                        .saying(
                            offer.workflow().purpose()
                                + ". It may use: "
                                + String.join(", ", offer.tools())
                                + ". Each call is checked and recorded with your name.")));
  }

  private static Html actions() {
    return element("p")
        .with("class", "actions")
        .holding(
            button("allow", "Let it act for me").with("class", "btn primary"),
            button("decline", "Decline")
                .with("class", "btn")
                .with("formnovalidate", "formnovalidate"));
  }

  private static Html.Element button(String value, String label) {
    return element("button")
        .with("type", "submit")
        .with("name", "say")
        .with("value", value)
        .saying(label);
  }

  static Page nothingToLend(AuthorizationRequest request, Session session) {
    return new Page(
        403,
        "Nothing here may act for you",
        List.of(
            p(
                "You are "
                    + session.person()
                    + ". No agent that you may let act for you has a grant at `"
                    + request.resource()
                    + "` by way of "
                    + name(request.client())
                    + "."),
            element("p")
                .with("class", "next")
                .holding(
                    text(
                        "Ask the owner of the workflow to list you in the agent's manifest, under "),
                    element("code")
                        .saying("authenticatesBy: [signIn: {people: [" + session.person() + "]}]"),
                    text(", with a grant at this resource, and begin again in the program."))),
        List.of());
  }

  static Page nothingChosen() {
    return Page.refusal(
        400,
        "Nothing was chosen",
        "The form came back without an agent and an intent that you may choose.",
        "Go back one page and choose one.");
  }

  static Page notNow(Offer offer) {
    return Page.refusal(
        403,
        "It may not act now",
        "The agent " + offer.identity().name() + " or its workflow may not act at the moment.",
        "Ask the owner of workflow "
            + offer.workflow().name()
            + ", "
            + offer.workflow().owner()
            + ", what has happened.");
  }

  private static String name(Client client) {
    return client.name().orElse(client.id().getHost());
  }

  private static String destination(URI redirect) {
    if (Addresses.isHere(redirect)) {
      return "a program on this computer, at " + redirect.getRawAuthority();
    }
    return Addresses.isHttps(redirect)
        ? redirect.getHost()
        : "the program that opens `" + redirect.getScheme() + ":` on this computer";
  }

  /// Where the browser may be sent after the form, as a source of a policy. Policies know neither
  /// the addresses of IPv6 nor the hosts of other schemes.
  private static String source(URI redirect) {
    boolean plain =
        (Addresses.isHttps(redirect) || Addresses.isHere(redirect))
            && redirect.getHost().matches("[A-Za-z0-9.-]+");
    return plain
        ? redirect.getScheme()
            + "://"
            + redirect.getHost()
            + (redirect.getPort() < 0 ? "" : ":" + redirect.getPort())
        : redirect.getScheme() + ":";
  }
}
