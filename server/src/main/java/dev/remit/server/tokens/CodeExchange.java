package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.task.TaskScope;
import dev.remit.server.http.Presented;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import dev.remit.server.risk.CurrentRisks;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.proof.ProofCheck;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Turns what a person agreed to into a token of one task, and later into the next one. This file
/// is the whole path: read it from top to bottom to know what is checked, and in which order.
///
/// A code and each refresh token are good once, in the transaction that records the token. Whatever
/// comes a second time was copied: the task ends, and everything issued for it (RFC 9700, section
/// 4.14).
final class CodeExchange {
  private final TokenConfig config;
  private final Database database;
  private final Supplier<Registered> registered;
  private final CurrentRisks risks;
  private final Standings standings;
  private final Tasks tasks;
  private final Holders holders;
  private final Target target;
  private final Issuance issuance;
  private final TokenMint mint;
  private final Ledger ledger;
  private final CodeStore codes = new CodeStore();
  private final RefreshStore refreshes = new RefreshStore();

  CodeExchange(
      TokenConfig config,
      Database database,
      Supplier<Registered> registered,
      CurrentRisks risks,
      Standings standings,
      Tasks tasks,
      Holders holders,
      Issuance issuance,
      SigningKeys keys,
      Ledger ledger) {
    this.config = config;
    this.database = database;
    this.registered = registered;
    this.risks = risks;
    this.standings = standings;
    this.tasks = tasks;
    this.holders = holders;
    this.target = new Target(config);
    this.issuance = issuance;
    this.mint = new TokenMint(config.issuer(), keys);
    this.ledger = ledger;
  }

  /// What the token endpoint answers.
  sealed interface Answer {

    /// A token, recorded and signed.
    ///
    /// A token, recorded and signed.
    ///
    /// @param refresh with what the next token is asked for
    /// @param nonce what the next proof of the token's key is to repeat
    record Issued(String token, TokenBody body, String refresh, Optional<String> nonce)
        implements Answer {}

    /// None, and why.
    ///
    /// @param nonce what the proof is to repeat when it is made again
    record Refused(OAuthError error, Optional<String> nonce) implements Answer {}
  }

  /// Exchanges a code or a refresh token.
  ///
  /// @param presented what came with the form
  Answer exchange(Map<String, String> form, Presented presented, Instant now) {
    return switch (holders.bind(presented, now)) {
      case Holders.Bound.FirstStep(var error, var nonce) ->
          new Answer.Refused(error, Optional.of(nonce));
      case Holders.Bound.Wrong(var error) -> refuse(error, Optional.empty(), now);
      case Holders.Bound.To holder ->
          switch (CodeForm.parse(form)) {
            case CodeForm.Asked.Wrong(var error) -> refuse(error, Optional.empty(), now);
            case CodeForm.Asked.ByCode asked -> byCode(asked, holder, now);
            case CodeForm.Asked.ByRefresh asked -> byRefresh(asked, holder, now);
          };
    };
  }

  private Answer byCode(CodeForm.Asked.ByCode asked, Holders.Bound.To holder, Instant now) {
    var spent = Digest.of(asked.code());
    var found = database.transact(tx -> codes.find(tx, spent));
    if (found.isEmpty()) {
      return refuse(
          invalidGrant("code-unknown", "no such code; let the person sign in again"),
          Optional.empty(),
          now);
    }
    var held = found.get();
    var consent = held.consent();
    var wrong = wrong(asked, consent);
    if (wrong.isPresent()) {
      return refuse(wrong.get(), Optional.of(held.onBehalf()), now);
    }
    if (!now.isBefore(held.expiresAt())) {
      return tasks.find(held.task()).isPresent()
          ? copied(held.task(), held.onBehalf(), now)
          : refuse(
              invalidGrant("code-expired", "the code has expired; let the person sign in again"),
              Optional.of(held.onBehalf()),
              now);
    }
    var known = registered.get();
    var identity = known.identity(consent.identity());
    var workflow = identity.flatMap(one -> known.workflow(one.workflow()));
    if (workflow.filter(one -> one.intents().contains(consent.intent())).isEmpty()) {
      return refuse(gone(), Optional.of(held.onBehalf()), now);
    }
    var work =
        new Issuance.Work.Start(started(held.task(), identity.get(), workflow.get(), consent, now));
    return mayAct(
        new Asking(
            identity.get(),
            workflow.get(),
            held.task(),
            work,
            consent.resource(),
            held.onBehalf(),
            new ProofCheck.Once(spent, held.expiresAt().plus(config.skew())),
            holder,
            known,
            now));
  }

  private static Optional<OAuthError> wrong(CodeForm.Asked.ByCode asked, Consent consent) {
    if (!asked.client().equals(consent.client().toString())) {
      return Optional.of(invalidGrant("client-mismatch", "the code was given to another client"));
    }
    if (asked.redirect().filter(one -> !one.equals(consent.redirect())).isPresent()) {
      return Optional.of(
          invalidGrant(
              "redirect-mismatch", "redirect_uri is not that of the authorization request"));
    }
    if (!asked.answers(consent.challenge())) {
      return Optional.of(invalidGrant("pkce", "code_verifier does not answer the code_challenge"));
    }
    return otherResource(asked.resource(), consent.resource());
  }

  private static Optional<OAuthError> otherResource(Optional<String> asked, URI agreed) {
    return asked
        .filter(one -> !one.equals(agreed.toString()))
        .map(_ -> OAuthError.invalidTarget("resource", "the person agreed to " + agreed));
  }

  private static Task started(
      TaskId id, Identity identity, Workflow workflow, Consent consent, Instant now) {
    return new Task(
        id,
        identity.name(),
        identity.spiffeId(),
        workflow.name(),
        consent.intent(),
        new TaskScope(new TaskScope.Tools.AllGranted(), now, TokenBody.UNLIMITED),
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.of(consent.person()));
  }

  private Answer byRefresh(CodeForm.Asked.ByRefresh asked, Holders.Bound.To holder, Instant now) {
    var spent = Digest.of(asked.token());
    var found = database.transact(tx -> refreshes.find(tx, spent));
    if (found.isEmpty() || !now.isBefore(found.get().expiresAt())) {
      return refuse(
          invalidGrant("refresh-unknown", "the refresh token is unknown or its task is over"),
          found.map(RefreshStore.Held::onBehalf),
          now);
    }
    var held = found.get();
    if (!asked.client().equals(held.onBehalf().client())) {
      return refuse(
          invalidGrant("client-mismatch", "the refresh token was given to another client"),
          Optional.of(held.onBehalf()),
          now);
    }
    if (held.holder().isPresent() && !held.holder().equals(holder.binding().confirmation())) {
      return refuse(
          invalidGrant(
              "refresh-bound",
              "the refresh token is bound to a key: send a DPoP proof of it, or connect with the"
                  + " certificate"),
          Optional.of(held.onBehalf()),
          now);
    }
    var other = otherResource(asked.resource(), held.resource());
    if (other.isPresent()) {
      return refuse(other.get(), Optional.of(held.onBehalf()), now);
    }
    var known = registered.get();
    var identity = known.identity(held.identity());
    var workflow = identity.flatMap(one -> known.workflow(one.workflow()));
    if (workflow.isEmpty()) {
      return refuse(gone(), Optional.of(held.onBehalf()), now);
    }
    return mayAct(
        new Asking(
            identity.get(),
            workflow.get(),
            held.task(),
            new Issuance.Work.Continue(held.task(), Optional.empty()),
            held.resource(),
            held.onBehalf(),
            new ProofCheck.Once(spent, held.expiresAt()),
            holder,
            known,
            now));
  }

  /// A request whose code or refresh token fits; it is not spent yet.
  private record Asking(
      Identity identity,
      Workflow workflow,
      TaskId task,
      Issuance.Work work,
      URI resource,
      OnBehalf onBehalf,
      ProofCheck.Once once,
      Holders.Bound.To holder,
      Registered known,
      Instant now) {}

  private Answer mayAct(Asking asking) {
    if (standings.stale().isPresent()) {
      return refuse(asking, OAuthError.feedStale());
    }
    var standing = new Standing(standings.losses(), asking.known());
    var refusal = standing.refusal(asking.identity(), asking.workflow(), asking.now());
    if (refusal.isPresent()) {
      return refuse(asking, invalidGrant(refusal.get().reasonCode(), refusal.get().detail()));
    }
    if (standing.against(asking.onBehalf(), Optional.of(asking.identity())).isPresent()) {
      return refuse(
          asking,
          invalidGrant(
              "person-may-not",
              "the person may not let this identity act for them (any more); its owner declares"
                  + " who may under authenticatesBy.signIn"));
    }
    var suspended =
        config
            .resource(asking.resource())
            .flatMap(one -> standing.suspended(Party.of(one)))
            .map(no -> invalidGrant(no.reasonCode(), no.detail()));
    return suspended
        .or(() -> unbound(asking))
        .map(error -> refuse(asking, error))
        .orElseGet(() -> record(asking));
  }

  private Optional<OAuthError> unbound(Asking asking) {
    return target.unbound(
        asking.resource(), asking.identity(), asking.holder().binding(), asking.known());
  }

  private Answer record(Asking asking) {
    var identity = asking.identity();
    var risk = risks.now().of(asking.workflow().name()).riskClass();
    var life = config.lifetimes().of(identity.identityKind(), identity.autonomy(), risk);
    // Read before anything is recorded: a suspension from here on outdates what is minted.
    var epochs =
        Epochs.now(
            standings.losses(),
            identity,
            asking.workflow(),
            config.resource(asking.resource()),
            Optional.empty());
    var refresh = Consents.fresh();
    var order =
        new Issuance.Order(
            identity,
            Stream.concat(Stream.of(asking.once()), asking.holder().once().stream()).toList(),
            asking.once().proof(),
            lasting(asking, life),
            scope(TokenExchange.end(asking.now().plus(life.token()), asking.workflow())),
            asking.resource(),
            TokenExchange.freshJti(),
            asking.holder().binding(),
            List.of(),
            epochs,
            Optional.of(asking.onBehalf()),
            Optional.of(
                new RefreshStore.Next(
                    Digest.of(refresh),
                    asking.resource(),
                    asking.onBehalf(),
                    asking.holder().binding().confirmation())),
            asking.now());
    return switch (issuance.issue(order)) {
      case Issuance.Outcome.Recorded recorded -> sign(order, recorded, asking.onBehalf(), refresh);
      case Issuance.Outcome.Replayed() -> copied(asking.task(), asking.onBehalf(), asking.now());
      case Issuance.Outcome.NoSuchTask _,
          Issuance.Outcome.Ended _,
          Issuance.Outcome.OtherIntent _ ->
          refuse(
              asking,
              invalidGrant("task-ended", "the task has ended; let the person sign in again"));
    };
  }

  private static Issuance.Work lasting(Asking asking, Lifetimes.Row life) {
    return switch (asking.work()) {
      case Issuance.Work.Start(var task) ->
          new Issuance.Work.Start(
              task.within(
                  scope(TokenExchange.end(asking.now().plus(life.task()), asking.workflow()))));
      case Issuance.Work.Continue work -> work;
    };
  }

  private static TaskScope scope(Instant end) {
    return new TaskScope(new TaskScope.Tools.AllGranted(), end, TokenBody.UNLIMITED);
  }

  private Answer sign(
      Issuance.Order order, Issuance.Outcome.Recorded recorded, OnBehalf onBehalf, String refresh) {
    var task = recorded.task();
    var body =
        new TokenBody(
            order.identity().spiffeId(),
            order.audience(),
            task.workflow(),
            task.id(),
            task.intent(),
            recorded.scope(),
            order.epochs(),
            order.at().truncatedTo(ChronoUnit.SECONDS),
            order.jti(),
            List.of(),
            Optional.empty(),
            order.binding(),
            Optional.of(recorded.status()),
            Optional.of(onBehalf));
    return new Answer.Issued(
        mint.sign(body), body, refresh, holders.next(order.binding(), order.at()));
  }

  /// Somebody has a copy. Who of the two is the thief cannot be told, so neither goes on.
  private Answer copied(TaskId task, OnBehalf onBehalf, Instant now) {
    tasks.complete(task, "used-twice", now);
    return refuse(
        invalidGrant(
            "used-twice",
            "this was used before, so somebody has a copy: the task was ended; let the person sign"
                + " in again"),
        Optional.of(onBehalf),
        now);
  }

  private static OAuthError gone() {
    return invalidGrant(
        "no-longer-registered", "what the person agreed to is not declared any more");
  }

  private static OAuthError invalidGrant(String reasonCode, String description) {
    return new OAuthError(400, "invalid_grant", reasonCode, description);
  }

  private Answer refuse(Asking asking, OAuthError error) {
    return refuse(error, Optional.of(asking.onBehalf()), asking.now());
  }

  private Answer refuse(OAuthError error, Optional<OnBehalf> onBehalf, Instant now) {
    ledger.append(
        Entry.of(EntryType.EXCHANGE_REFUSED, now)
            .with("reason", error.reasonCode())
            .withMaybe("person", onBehalf.map(one -> one.person().value()))
            .withMaybe("client", onBehalf.map(OnBehalf::client)));
    return new Answer.Refused(error, Optional.empty());
  }
}
