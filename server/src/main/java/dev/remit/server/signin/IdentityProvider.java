package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Operators;
import dev.remit.server.tokens.SigningKeys;
import dev.remit.server.tokens.proof.DocumentFetch;
import dev.remit.server.tokens.proof.IdTokens;
import dev.remit.server.tokens.proof.UnusableDocument;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Signs people in at the organisation's OpenID Connect provider. This file is the whole path:
/// where the browser is sent, and what must hold of what it brings back.
///
/// Source: OpenID Connect Core 1.0, section 3.1; PKCE (RFC 7636); issuer in the answer (RFC 9207),
/// required where the provider says that it sends it.
final class IdentityProvider {
  private static final Duration ATTEMPT_LIFETIME = Duration.ofMinutes(10);
  static final String CALLBACK = "/sign-in/callback";
  private static final String UNKNOWN_REMEDY =
      "Ask an administrator to declare you: a Person manifest with this value, then remit apply.";

  private final SignInConfig config;
  private final SignInConfig.Provider provider;
  private final Database database;
  private final Ledger ledger;
  private final Operators people;
  private final Supplier<Registered> registered;
  private final DocumentFetch documents;
  private final TokenRequest tokens;
  private final IdTokens idTokens;
  private final AttemptStore attempts = new AttemptStore();

  IdentityProvider(
      SignInConfig config,
      SignInConfig.Provider provider,
      Database database,
      Ledger ledger,
      Operators people,
      Supplier<Registered> registered,
      SigningKeys keys) {
    this.config = config;
    this.provider = provider;
    this.database = database;
    this.ledger = ledger;
    this.people = people;
    this.registered = registered;
    this.documents = new DocumentFetch(config.proofs().fetch());
    this.tokens = new TokenRequest(config, provider, keys);
    this.idTokens = new IdTokens(config.proofs());
  }

  URI issuer() {
    return provider.issuer();
  }

  /// Where a sign-in has come to.
  sealed interface Step {
    record Go(URI there) implements Step {}

    /// They are who they say.
    ///
    /// @param shownAt when they showed the provider who they are, if it says so
    record SignedIn(Operators.Active person, Optional<Instant> shownAt, String next)
        implements Step {}

    /// Nobody is signed in.
    ///
    /// @param remedy what to do next, in a sentence
    record Refused(String detail, String remedy) implements Step {}
  }

  /// Begins a sign-in of this browser that leads to `next`.
  ///
  /// @param again who has to show once more, and now, who they are; empty for anybody, who may have
  ///   signed in there hours ago
  Step begin(Browser browser, String next, Optional<PersonName> again, Instant now) {
    try {
      var metadata = metadata();
      var state = Browser.random();
      var attempt =
          new AttemptStore.Attempt(browser.hash(), Browser.random(), Browser.random(), next, again);
      database.run(
          tx -> attempts.add(tx, Digest.of(state), attempt, now.plus(ATTEMPT_LIFETIME), now));
      var query = new LinkedHashMap<String, String>();
      query.put("response_type", "code");
      query.put("client_id", provider.client());
      query.put("redirect_uri", config.publicUrl() + CALLBACK);
      query.put("scope", "openid email");
      query.put("state", state);
      query.put("nonce", attempt.nonce());
      query.put("code_challenge", challenge(attempt.verifier()));
      query.put("code_challenge_method", "S256");
      if (again.isPresent()) {
        // `max_age` obliges the provider to say `auth_time` (OpenID Connect Core, 3.1.2.1).
        query.put("prompt", "login");
        query.put("max_age", Long.toString(config.freshFor().toSeconds()));
      }
      return new Step.Go(Addresses.with(endpoint(metadata, "authorization_endpoint"), query));
    } catch (UnusableDocument e) {
      return away(e.reason(), now);
    }
  }

  /// Ends a sign-in with what the provider has sent the browser back with.
  Step finish(Browser browser, Map<String, String> answer, Instant now) {
    var state = answer.getOrDefault("state", "");
    var attempt = database.transact(tx -> attempts.take(tx, Digest.of(state), browser.hash(), now));
    if (attempt.isEmpty()) {
      return refused(
          "state",
          "This answer belongs to no sign-in that was begun in this browser within ten minutes.",
          "Begin again, in this window.",
          now);
    }
    try {
      var metadata = metadata();
      var mixedUp = mixedUp(metadata, answer);
      if (mixedUp || answer.containsKey("error")) {
        return refused(
            mixedUp ? "issuer" : "provider-refused",
            mixedUp
                ? "The answer came from another identity provider than was asked."
                : "The identity provider did not sign you in.",
            mixedUp
                ? "Begin again; if it happens again, tell security."
                : "Begin again, or ask whoever runs " + issuer().getHost() + ".",
            now);
      }
      var idToken =
          tokens.idToken(
              endpoint(metadata, "token_endpoint"),
              answer.getOrDefault("code", ""),
              attempt.get().verifier(),
              now);
      return switch (idTokens.check(
          idToken, issuer(), provider.client(), attempt.get().nonce(), now)) {
        case IdTokens.Verdict.Bad(var why) ->
            refused(
                "id-token",
                "What the identity provider said does not hold: " + why + ".",
                "Tell an administrator; nothing you do here mends it.",
                now);
        case IdTokens.Verdict.Good(var claims) -> person(claims, attempt.get(), now);
      };
    } catch (UnusableDocument e) {
      return away(e.reason(), now);
    }
  }

  /// An answer that another provider made would be exchanged at this one (RFC 9207, section 2.4).
  private boolean mixedUp(JsonNode metadata, Map<String, String> answer) {
    boolean promised =
        metadata.path("authorization_response_iss_parameter_supported").asBoolean(false);
    var said = answer.get("iss");
    return said == null ? promised : !said.equals(issuer().toString());
  }

  private Step person(JsonNode claims, AttemptStore.Attempt attempt, Instant now) {
    var declared =
        registered.get().people().stream().filter(person -> isMeant(person, claims)).toList();
    if (declared.size() != 1) {
      return refused("person-unknown", unknown(claims), UNKNOWN_REMEDY, now);
    }
    var person = people.active(declared.getFirst().name());
    if (person.isEmpty()) {
      return refused(
          "person-inactive",
          "You are suspended, or declared as no longer here.",
          "Ask security to resume you, or an administrator to declare you active.",
          now);
    }
    var shownAt = shownAt(claims, now);
    return attempt
        .again()
        .flatMap(asked -> notAgain(asked, person.get(), shownAt, now))
        .orElseGet(() -> new Step.SignedIn(person.get(), shownAt, attempt.next()));
  }

  /// When the person showed the provider who they are; what is said to be later than now is no time
  /// that anybody could know.
  private Optional<Instant> shownAt(JsonNode claims, Instant now) {
    var said = claims.path("auth_time");
    return Optional.of(said)
        .filter(JsonNode::canConvertToLong)
        .map(time -> Instant.ofEpochSecond(time.longValue()))
        .filter(at -> !at.isAfter(now.plus(config.proofs().skew())))
        .map(at -> at.isAfter(now) ? now : at);
  }

  /// Why a sign-in is not the one that was asked for again.
  private Optional<Step> notAgain(
      PersonName asked, Operators.Active person, Optional<Instant> shownAt, Instant now) {
    if (!person.name().equals(asked)) {
      return Optional.of(
          refused(
              "another-person",
              "You were asked to show that you are still "
                  + asked
                  + ", and "
                  + person.name()
                  + " signed in.",
              "Sign out here first, if it is " + person.name() + " who wants to go on.",
              now));
    }
    var fresh = shownAt.filter(at -> !at.plus(config.freshFor()).isBefore(now));
    return fresh.isPresent()
        ? Optional.empty()
        : Optional.of(
            refused(
                "not-shown-again",
                shownAt.isPresent()
                    ? "The identity provider let you through by an older sign-in, and did not ask"
                        + " you again."
                    : "The identity provider does not say when you signed in (`auth_time`).",
                "Tell an administrator: the provider has to heed `prompt=login` and `max_age`.",
                now));
  }

  private boolean isMeant(Person person, JsonNode claims) {
    return switch (provider.by()) {
      case SUBJECT -> person.subject().equals(Optional.of(claims.path("sub").asString("")));
      case EMAIL ->
          claims.path("email_verified").asBoolean(false)
              && person
                  .email()
                  .filter(email -> email.equalsIgnoreCase(claims.path("email").asString("")))
                  .isPresent();
    };
  }

  private String unknown(JsonNode claims) {
    return switch (provider.by()) {
      case SUBJECT ->
          "Nobody is declared here with the subject `" + claims.path("sub").asString("") + "`.";
      case EMAIL ->
          claims.path("email_verified").asBoolean(false)
              ? "Nobody is declared here with the address `"
                  + claims.path("email").asString("")
                  + "`."
              : "The identity provider has not verified your e-mail address.";
    };
  }

  private Step away(String why, Instant now) {
    return refused(
        "provider-away",
        "The identity provider at " + issuer().getHost() + " cannot be used now: " + why + ".",
        "Try again in a minute; if it stays so, tell an administrator.",
        now);
  }

  private Step refused(String reason, String detail, String remedy, Instant now) {
    ledger.append(
        Entry.of(EntryType.SIGNIN_REFUSED, now)
            .with("how", issuer().toString())
            .with("reason", reason));
    return new Step.Refused(detail, remedy);
  }

  private JsonNode metadata() {
    var base = issuer().toString();
    var address = (base.endsWith("/") ? base : base + "/") + ".well-known/openid-configuration";
    var metadata = documents.json(URI.create(address));
    if (!base.equals(metadata.path("issuer").asString(""))) {
      throw new UnusableDocument("its discovery document names another issuer");
    }
    return metadata;
  }

  private static URI endpoint(JsonNode metadata, String name) {
    try {
      var uri = URI.create(metadata.path(name).asString(""));
      if (Addresses.isHttps(uri) || Addresses.isHere(uri)) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new UnusableDocument("its discovery document has no usable `" + name + "`");
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
