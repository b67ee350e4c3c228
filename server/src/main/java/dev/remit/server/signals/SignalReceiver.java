package dev.remit.server.signals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.proof.ForeignJwt;
import dev.remit.server.tokens.proof.ForeignKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Takes one security event token. This file is the whole path: read it from top to bottom to know
/// what is checked, and in which order.
///
/// Know the sender, read, verify, look whether it was taken before, find whom it means, take away,
/// record. First it is acted on and then recorded as taken: what breaks in between is pushed again
/// by the transmitter, and taking away twice is taking away once. Every refusal is recorded.
final class SignalReceiver {
  static final int CHARS_MAX = 16 * 1024;

  private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  private static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
  private static final String CHANGE = CAEP + "credential-change";

  /// Events after which whoever they are about does not act.
  private static final Set<String> ENDING =
      Set.of(
          CAEP + "session-revoked",
          RISC + "account-disabled",
          RISC + "account-purged",
          RISC + "credential-compromise");

  /// Changes of a credential after which the old one is in doubt. One more takes nothing away.
  private static final Set<String> DOUBTFUL = Set.of("revoke", "update", "delete");

  private final SignalConfig config;
  private final Database database;
  private final Ledger ledger;
  private final Standings standings;
  private final Tasks tasks;
  private final Supplier<Registered> registered;
  private final ForeignKeys keys;
  private final SignalStore store = new SignalStore();

  SignalReceiver(
      SignalConfig config,
      Database database,
      Ledger ledger,
      Standings standings,
      Tasks tasks,
      Supplier<Registered> registered) {
    this.config = config;
    this.database = database;
    this.ledger = ledger;
    this.standings = standings;
    this.tasks = tasks;
    this.registered = registered;
    this.keys = new ForeignKeys(config.fetch());
  }

  /// What the transmitter is answered.
  sealed interface Answer {

    /// Acted on, or nothing to be acted on; need not be sent again.
    record Taken() implements Answer {}

    record Refused(SignalError error, String detail) implements Answer {}

    /// It may be right, and cannot be checked now.
    record Later(String why) implements Answer {}
  }

  Answer receive(SignalConfig.Source source, String authorization, String body, Instant now) {
    var sent = new Sent(source, body, now);
    if (!isSender(source, authorization)) {
      return refuse(
          sent,
          SignalError.AUTHENTICATION_FAILED,
          "no-bearer",
          "the bearer token is not the agreed");
    }
    if (body.length() > CHARS_MAX) {
      return refuse(
          sent,
          SignalError.INVALID_REQUEST,
          "too-long",
          "a token has at most " + CHARS_MAX + " characters");
    }
    return ForeignJwt.parse(body.strip())
        .map(jwt -> verify(sent, jwt))
        .orElseGet(() ->
            refuse(
                sent,
                SignalError.INVALID_REQUEST,
                "malformed",
                "the body is not one signed JWT with an asymmetric algorithm"));
  }

  /// What was pushed, and by whom.
  private record Sent(SignalConfig.Source source, String body, Instant at) {
    String digest() {
      return Digest.of(body).value();
    }
  }

  private static boolean isSender(SignalConfig.Source source, String authorization) {
    return source
        .token()
        .map(token ->
            MessageDigest.isEqual(
                ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
                authorization.getBytes(StandardCharsets.UTF_8)))
        .orElse(true);
  }

  private Answer verify(Sent sent, ForeignJwt jwt) {
    var source = sent.source();
    if (!jwt.claims().path("iss").asString("").equals(source.issuer().toString())) {
      return refuse(
          sent, SignalError.INVALID_ISSUER, "wrong-issuer", "`iss` must be " + source.issuer());
    }
    if (!jwt.isFor(source.audience())) {
      return refuse(
          sent,
          SignalError.INVALID_AUDIENCE,
          "wrong-audience",
          "`aud` must contain " + source.audience());
    }
    return switch (keys.check(jwt, source.keys(), sent.at())) {
      case ForeignKeys.Check.Unavailable(var why) ->
          new Answer.Later("the keys of " + source.issuer() + " cannot be had now: " + why);
      case ForeignKeys.Check.NotSigned() ->
          refuse(
              sent,
              SignalError.INVALID_KEY,
              "bad-signature",
              "the token is not signed by a key at " + source.keys());
      case ForeignKeys.Check.Signed() -> read(sent, jwt);
    };
  }

  private Answer read(Sent sent, ForeignJwt jwt) {
    return switch (Signal.read(jwt, config.skew(), config.ageMax(), sent.at())) {
      case Signal.Reading.Wrong(var reasonCode, var detail) ->
          refuse(sent, SignalError.INVALID_REQUEST, reasonCode, detail);
      case Signal.Reading.Read(var signal) -> once(sent, signal);
    };
  }

  /// A copy of what was taken does nothing and is taken: transmitters send again what they did not
  /// hear of.
  private Answer once(Sent sent, Signal signal) {
    var before = database.transact(tx -> store.seen(tx, sent.source().name(), signal.jti()));
    if (before.isPresent()) {
      return before.get().equals(sent.digest())
          ? new Answer.Taken()
          : refuse(
              sent,
              SignalError.INVALID_REQUEST,
              "jti-reused",
              "another token had this `jti`; a token has its own");
    }
    return isActedOn(signal) ? act(sent, signal) : taken(sent, signal, "none", Optional.empty());
  }

  private static boolean isActedOn(Signal signal) {
    return ENDING.contains(signal.type())
        || (signal.type().equals(CHANGE)
            && DOUBTFUL.contains(signal.event().path("change_type").asString("")));
  }

  private Answer act(Sent sent, Signal signal) {
    var source = sent.source();
    var subjects = new Subjects(config.issuer(), registered.get());
    var found = subjects.of(signal.subject(), source.issuer());
    if (found.isEmpty()) {
      return refuse(
          sent,
          SignalError.INVALID_REQUEST,
          "unknown-subject",
          "`sub_id` names nobody here: an identity, a person or a task is needed");
    }
    return switch (found.get()) {
      case Subjects.Found.OneIdentity(var name) -> suspend(sent, signal, Party.of(name));
      case Subjects.Found.OnePerson(var name) -> suspend(sent, signal, Party.of(name));
      case Subjects.Found.OneTask(var id) ->
          tasks
              .complete(id, by(source), sent.at())
              .map(_ -> taken(sent, signal, "ended", Optional.of(id.value())))
              .orElseGet(() ->
                  refuse(
                      sent,
                      SignalError.INVALID_REQUEST,
                      "unknown-subject",
                      "`sub_id` names no task of ours"));
    };
  }

  private Answer suspend(Sent sent, Signal signal, Party party) {
    var event = signal.type().substring(signal.type().lastIndexOf('/') + 1);
    standings.suspend(party, by(sent.source()), event + ", jti " + signal.jti(), sent.at());
    return taken(sent, signal, "suspended", Optional.of(party.toString()));
  }

  private static String by(SignalConfig.Source source) {
    return "transmitter " + source.name();
  }

  private Answer taken(Sent sent, Signal signal, String outcome, Optional<String> about) {
    var forgetAt = signal.issuedAt().plus(config.ageMax()).plus(config.skew());
    ledger.transact(recording -> {
      boolean first =
          store.keep(recording.tx(), sent.source().name(), signal.jti(), sent.digest(), forgetAt);
      if (first) {
        recording.append(
            Entry.of(EntryType.SIGNAL_RECEIVED, sent.at())
                .with("transmitter", sent.source().name())
                .with("issuer", sent.source().issuer().toString())
                .with("jti", signal.jti())
                .with("event", signal.type())
                .with("set", sent.digest())
                .with("outcome", outcome)
                .withMaybe("about", about));
      }
      return first;
    });
    return new Answer.Taken();
  }

  private Answer refuse(Sent sent, SignalError error, String reasonCode, String detail) {
    ledger.append(
        Entry.of(EntryType.SIGNAL_REFUSED, sent.at())
            .with("transmitter", sent.source().name())
            .with("reason", reasonCode)
            .with("set", sent.digest()));
    return new Answer.Refused(error, detail);
  }
}
