package dev.remit.server.signin;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.http.Call;
import dev.remit.server.http.Reply;
import dev.remit.server.page.Page;
import dev.remit.server.registry.Registered;
import dev.remit.server.tokens.Consent;
import dev.remit.server.tokens.Consents;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A client asks a person to let an agent act for them. This file is the whole path: read it from
/// top to bottom to know what is checked, and in which order.
///
/// Who is the person, who is the client and may it be answered there (until that is known, nobody
/// is sent anywhere: a page says what is wrong), what does it ask, what may this person lend, and
/// what do they say. What the form brings back is checked again as if it were the first time.
final class Authorizing {
  private final SignInConfig config;
  private final Sessions sessions;
  private final Clients clients;
  private final Consents consents;
  private final Supplier<Registered> registered;

  Authorizing(
      SignInConfig config,
      Sessions sessions,
      Clients clients,
      Consents consents,
      Supplier<Registered> registered) {
    this.config = config;
    this.sessions = sessions;
    this.clients = clients;
    this.consents = consents;
    this.registered = registered;
  }

  /// A request that has come to its end, or to the person.
  private sealed interface Come {

    /// It ends here, with a page.
    record Here(Page page) implements Come {}

    /// It ends at the client.
    record Back(String redirect, Map<String, String> answer) implements Come {}

    /// It is the person's turn.
    record Asked(AuthorizationRequest request, List<Offer> offers) implements Come {}
  }

  /// Shows what is asked.
  Reply ask(Call call) {
    var browser = Browser.of(call, config.publicUrl());
    var session = sessions.of(browser, call.at());
    var query = AuthorizationRequest.canonical(call.query());
    if (session.isEmpty()) {
      return toSignIn(query);
    }
    return switch (asked(call.query(), session.get(), call.at())) {
      case Come.Here(var page) -> page.reply();
      case Come.Back back -> answered(back, call.query());
      case Come.Asked(var request, var offers) ->
          ConsentPage.of(request, session.get(), offers, query, browser.token(purpose(query)))
              .reply();
    };
  }

  /// Takes what the person says.
  Reply answer(Call call) {
    var browser = Browser.of(call, config.publicUrl());
    var session = sessions.of(browser, call.at());
    var form = call.form();
    var carried = form.getOrDefault("request", "");
    if (session.isEmpty()) {
      return toSignIn(carried);
    }
    if (!browser.sent(form.getOrDefault("token", ""), purpose(carried))) {
      return SignInPages.foreignForm().reply();
    }
    var query = Addresses.parsed(carried);
    return switch (asked(query, session.get(), call.at())) {
      case Come.Here(var page) -> page.reply();
      case Come.Back back -> answered(back, query);
      case Come.Asked asked -> decided(asked, form, session.get(), query, call.at());
    };
  }

  private Come asked(Map<String, String> query, Session session, Instant now) {
    return switch (clients.of(query.getOrDefault("client_id", ""), now)) {
      case Clients.Found.Refused(var why) ->
          new Come.Here(
              Page.refusal(
                  400,
                  "This program cannot be told apart",
                  "It sent you here, but " + why + ".",
                  "Nothing was allowed. Whoever makes the program must mend this; close this"
                      + " window."));
      case Clients.Found.Known(var client) -> asked(query, client, session, now);
    };
  }

  private Come asked(Map<String, String> query, Client client, Session session, Instant now) {
    var redirect = query.getOrDefault("redirect_uri", "");
    if (!client.mayBeAnsweredAt(redirect)) {
      return new Come.Here(
          Page.refusal(
              400,
              "The answer would go elsewhere",
              "The program asks to be answered at `"
                  + redirect
                  + "`, which is none of the addresses that its metadata at `"
                  + client.id()
                  + "` lists.",
              "Nothing was allowed. If you did not begin this yourself a moment ago, somebody may"
                  + " be trying to get at your access: tell security."));
    }
    return switch (AuthorizationRequest.parse(query, client, config.publicUrl() + "/mcp/")) {
      case AuthorizationRequest.Parsed.Wrong(var error, var description) ->
          new Come.Back(redirect, Map.of("error", error, "error_description", description));
      case AuthorizationRequest.Parsed.Request(var request) -> offered(request, session, now);
    };
  }

  private Come offered(AuthorizationRequest request, Session session, Instant now) {
    var known = registered.get();
    if (known.resource(request.resource()).isEmpty()) {
      return new Come.Back(
          request.redirect(),
          Map.of(
              "error", "invalid_target", "error_description", "no resource of this name is here"));
    }
    var offers = Offer.of(session.person(), request.client().id(), request.resource(), known, now);
    return offers.isEmpty()
        ? new Come.Here(ConsentPage.nothingToLend(request, session))
        : new Come.Asked(request, offers);
  }

  private Reply decided(
      Come.Asked asked,
      Map<String, String> form,
      Session session,
      Map<String, String> query,
      Instant now) {
    var redirect = asked.request().redirect();
    if (!form.getOrDefault("say", "").equals("allow")) {
      return answered(
          new Come.Back(
              redirect,
              Map.of("error", "access_denied", "error_description", "the person declined")),
          query);
    }
    var chosen = form.getOrDefault("as", "").split("/", 2);
    var offer =
        asked.offers().stream()
            .filter(one -> one.identity().name().value().equals(chosen[0]))
            .findFirst();
    if (chosen.length != 2 || offer.isEmpty()) {
      return ConsentPage.nothingChosen().reply();
    }
    return consents
        .give(consent(asked.request(), session, offer.get().identity().name(), chosen[1]), now)
        .map(code -> answered(new Come.Back(redirect, Map.of("code", code)), query))
        .orElseGet(() -> ConsentPage.notNow(offer.get()).reply());
  }

  private Consent consent(
      AuthorizationRequest request, Session session, IdentityName identity, String intent) {
    return new Consent(
        request.client().id(),
        request.redirect(),
        request.challenge(),
        URI.create(config.publicUrl() + "/mcp/" + request.resource()),
        session.person(),
        identity,
        intent);
  }

  private Reply toSignIn(String query) {
    var next = Map.of("next", "/oauth2/authorize?" + query);
    return SignInPages.seeOther(Addresses.with(config.publicUrl() + "/sign-in", next));
  }

  /// Says who answers, so that a client that asked several can tell them apart (RFC 9207).
  private Reply answered(Come.Back back, Map<String, String> query) {
    var answer = new LinkedHashMap<>(back.answer());
    if (query.containsKey("state")) {
      answer.put("state", query.getOrDefault("state", ""));
    }
    answer.put("iss", config.publicUrl().toString());
    return SignInPages.seeOther(Addresses.with(back.redirect(), answer));
  }

  private static String purpose(String query) {
    return "consent " + query;
  }
}
