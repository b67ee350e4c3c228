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
import dev.remit.server.tokens.proof.ProofCheck;
import dev.remit.server.tokens.proof.Proofs;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Exchanges a workload's proof for a token of one task. This file is the whole path: read it from
/// top to bottom to know what is checked, and in which order.
///
/// Read the form, prove who it is, ask whether it may act now and for whom, agree on the task,
/// record, sign. Nothing is signed before it is durable; every refusal is recorded too.
final class TokenExchange {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TokenConfig config;
  private final Supplier<Registered> registered;
  private final CurrentRisks risks;
  private final Proofs proofs;
  private final Holders holders;
  private final Standings standings;
  private final Delegation delegation;
  private final Target target;
  private final Issuance issuance;
  private final TokenMint mint;
  private final Ledger ledger;

  TokenExchange(
      TokenConfig config,
      Supplier<Registered> registered,
      CurrentRisks risks,
      Proofs proofs,
      Holders holders,
      Standings standings,
      Delegation delegation,
      Issuance issuance,
      SigningKeys keys,
      Ledger ledger) {
    this.config = config;
    this.registered = registered;
    this.risks = risks;
    this.proofs = proofs;
    this.holders = holders;
    this.standings = standings;
    this.delegation = delegation;
    this.target = new Target(config);
    this.issuance = issuance;
    this.mint = new TokenMint(config.issuer(), keys);
    this.ledger = ledger;
  }

  /// What the token endpoint answers.
  sealed interface Answer {

    /// A token, recorded and signed.
    ///
    /// @param token in compact form
    /// @param body what it says
    /// @param nonce what the next DPoP proof is to repeat; empty for a client that makes none
    record Issued(ExchangeRequest.Grant grant, String token, TokenBody body, Optional<String> nonce)
        implements Answer {}

    /// No token, and why.
    ///
    /// @param nonce what the proof is to repeat when it is made again
    record Refused(OAuthError error, Optional<String> nonce) implements Answer {}
  }

  /// Answers a form that was posted.
  ///
  /// @param presented what came with it
  Answer exchange(Map<String, String> form, Presented presented, Instant at) {
    return switch (ExchangeForm.parse(form)) {
      case ExchangeForm.Parsed.Wrong(var error) ->
          refuse(error, Optional.empty(), Optional.empty(), at);
      case ExchangeForm.Parsed.Request(var request) -> bind(request, presented, at);
    };
  }

  private Answer bind(ExchangeRequest request, Presented presented, Instant now) {
    return switch (holders.bind(presented, now)) {
      case Holders.Bound.FirstStep(var error, var nonce) ->
          new Answer.Refused(error, Optional.of(nonce));
      case Holders.Bound.Wrong(var error) ->
          refuse(error, Optional.empty(), request.proof().digest(), now);
      case Holders.Bound.To holder -> prove(request, presented, holder, now);
    };
  }

  private Answer prove(
      ExchangeRequest request, Presented presented, Holders.Bound.To holder, Instant now) {
    var known = registered.get();
    var found =
        switch (request.proof()) {
          case ExchangeRequest.Shown.Jwt(var text) -> proofs.check(text, known, now);
          case ExchangeRequest.Shown.Certificate(var clientId) ->
              proofs.check(clientId, presented.certificates(), known, now);
        };
    return switch (found) {
      case ProofCheck.Refused(var reasonCode, var detail) ->
          refuse(
              OAuthError.badProof(request.grant(), reasonCode, detail),
              Optional.empty(),
              request.proof().digest(),
              now);
      case ProofCheck.Proven(var identity, var once, var credential, var key) ->
          mayAct(
              new Asking(
                  request,
                  identity,
                  Stream.concat(once.stream(), holder.once().stream()).toList(),
                  credential,
                  key.map(Party::key),
                  holder.binding(),
                  known,
                  now,
                  Optional.empty()));
    };
  }

  /// A request whose sender is known.
  ///
  /// @param once what must not have been seen before: the proof of who asks, and that of the key
  /// @param credential what names the proof in entries
  /// @param key by which they have proved who they are, if it is one of their own
  /// @param binding what the token is to be bound to
  /// @param from whoever delegates the work, by what their token says
  private record Asking(
      ExchangeRequest request,
      Identity identity,
      List<ProofCheck.Once> once,
      Digest credential,
      Optional<Party> key,
      Binding binding,
      Registered known,
      Instant now,
      Optional<TaskClaims> from) {

    Asking actingFor(TaskClaims claims) {
      return new Asking(
          request, identity, once, credential, key, binding, known, now, Optional.of(claims));
    }

    /// What is asked for, less what whoever delegates does not have.
    TaskScope narrowed(Instant end) {
      var asked = new TaskScope(request.details().tools(), end, request.details().callsMax());
      return from.map(claims -> asked.narrowedBy(claims.scope())).orElse(asked);
    }

    /// For whom whoever delegates works, and so does whoever they delegate to.
    Optional<OnBehalf> onBehalf() {
      return from.flatMap(TaskClaims::onBehalf);
    }

    List<Delegator> delegators() {
      return from.map(claims -> Delegator.of(claims, claims.epochs())).orElseGet(List::of);
    }
  }

  private Answer mayAct(Asking asking) {
    var workflow = asking.known().workflow(asking.identity().workflow());
    if (workflow.isEmpty()) {
      return refuse(
          asking,
          OAuthError.unauthorizedClient(
              "workflow-missing", "the identity's workflow is not registered any more"));
    }
    if (standings.stale().isPresent()) {
      return refuse(asking, OAuthError.feedStale());
    }
    var standing = new Standing(standings.losses(), asking.known());
    return standing
        .refusal(asking.identity(), workflow.get(), asking.now())
        .or(() -> asking.key().flatMap(standing::suspended))
        .map(no -> refuse(asking, OAuthError.unauthorizedClient(no.reasonCode(), no.detail())))
        .orElseGet(() -> forWhom(asking, workflow.get()));
  }

  private Answer forWhom(Asking asking, Workflow workflow) {
    var token = asking.request().delegation();
    if (token.isEmpty()) {
      return target(asking, workflow);
    }
    return switch (delegation.to(asking.identity(), token.get(), asking.known(), asking.now())) {
      case Delegation.Found.Refused(var error) -> refuse(asking, error);
      case Delegation.Found.Delegated(var from) -> target(asking.actingFor(from), workflow);
    };
  }

  private Answer target(Asking asking, Workflow workflow) {
    var name = config.resource(asking.request().resource());
    var suspended =
        name.flatMap(
            one -> new Standing(standings.losses(), asking.known()).suspended(Party.of(one)));
    return target
        .wrong(asking.request(), asking.identity(), asking.binding(), asking.known())
        .or(() -> suspended.map(no -> OAuthError.invalidTarget(no.reasonCode(), no.detail())))
        .map(error -> refuse(asking, error))
        .orElseGet(() -> task(asking, workflow));
  }

  private Answer task(Asking asking, Workflow workflow) {
    var details = asking.request().details();
    if (details.task().isPresent()) {
      var work = new Issuance.Work.Continue(details.task().get(), details.intent());
      return record(asking, workflow, work);
    }
    var intent = details.intent().orElse("");
    if (!workflow.intents().contains(intent)) {
      return refuse(
          asking,
          OAuthError.invalidDetails(
              "intent-unknown",
              "the intent must be one that workflow "
                  + workflow.name()
                  + " declares: "
                  + String.join(", ", workflow.intents().stream().sorted().toList())));
    }
    return record(asking, workflow, new Issuance.Work.Start(fresh(asking, workflow, intent)));
  }

  private Task fresh(Asking asking, Workflow workflow, String intent) {
    var life = life(asking.identity(), workflow);
    var end = end(asking.now().plus(life.task()), workflow);
    return new Task(
        TaskId.fresh(asking.now()),
        asking.identity().name(),
        asking.identity().spiffeId(),
        workflow.name(),
        intent,
        asking.narrowed(end),
        asking.now(),
        Optional.empty(),
        asking.from().map(TaskClaims::task),
        asking.onBehalf().map(OnBehalf::person));
  }

  private Lifetimes.Row life(Identity identity, Workflow workflow) {
    var risk = risks.now().of(workflow.name()).riskClass();
    return config.lifetimes().of(identity.identityKind(), identity.autonomy(), risk);
  }

  private Answer record(Asking asking, Workflow workflow, Issuance.Work work) {
    var identity = asking.identity();
    var life = life(identity, workflow);
    var end = end(asking.now().plus(life.token()), workflow);
    // Read before anything is recorded: a suspension from here on outdates what is minted.
    var epochs =
        Epochs.now(
            standings.losses(),
            identity,
            workflow,
            config.resource(asking.request().resource()),
            asking.key());
    var order =
        new Issuance.Order(
            identity,
            asking.once(),
            asking.credential(),
            work,
            asking.narrowed(end),
            asking.request().resource(),
            freshJti(),
            asking.binding(),
            asking.delegators(),
            epochs,
            asking.onBehalf(),
            Optional.empty(),
            asking.now());
    return switch (issuance.issue(order)) {
      case Issuance.Outcome.Recorded(var task, var scope, var status) ->
          sign(asking.request(), order, task, scope, status);
      case Issuance.Outcome.Replayed() ->
          refuse(
              asking,
              OAuthError.badProof(
                  asking.request().grant(),
                  "proof-replayed",
                  "this proof was used before; sign a new one with a fresh jti"));
      case Issuance.Outcome.NoSuchTask(var task) ->
          refuse(
              asking,
              OAuthError.invalidDetails("task-unknown", "this identity has no task " + task));
      case Issuance.Outcome.Ended(var task) ->
          refuse(
              asking,
              OAuthError.invalidDetails("task-ended", task + " has ended; start a new task"));
      case Issuance.Outcome.OtherIntent(var declared) ->
          refuse(
              asking,
              OAuthError.invalidDetails(
                  "intent-changed",
                  "the task was started for " + declared + "; another intent is another task"));
    };
  }

  private Answer sign(
      ExchangeRequest request,
      Issuance.Order order,
      Task task,
      TaskScope scope,
      StatusPlace status) {
    var body =
        new TokenBody(
            order.identity().spiffeId(),
            order.audience(),
            task.workflow(),
            task.id(),
            task.intent(),
            scope,
            order.epochs(),
            order.at().truncatedTo(ChronoUnit.SECONDS),
            order.jti(),
            order.delegators(),
            request.details().delegateTo(),
            order.binding(),
            Optional.of(status),
            order.onBehalf());
    return new Answer.Issued(
        request.grant(), mint.sign(body), body, holders.next(order.binding(), order.at()));
  }

  /// Nothing outlives the pilot it belongs to. Whole seconds, as a token says it.
  static Instant end(Instant wanted, Workflow workflow) {
    var last = workflow.pilotExpires().filter(wanted::isAfter).orElse(wanted);
    return last.truncatedTo(ChronoUnit.SECONDS);
  }

  private Answer refuse(Asking asking, OAuthError error) {
    return refuse(
        error, Optional.of(asking.identity()), asking.request().proof().digest(), asking.now());
  }

  private Answer refuse(
      OAuthError error, Optional<Identity> identity, Optional<Digest> proof, Instant now) {
    var entry =
        Entry.of(EntryType.EXCHANGE_REFUSED, now)
            .with("reason", error.reasonCode())
            .withMaybe("identity", identity.map(known -> known.spiffeId().value()))
            .withMaybe("workflow", identity.map(known -> known.workflow().value()));
    // The digest lets somebody who holds the proof find this entry; it tells others nothing.
    ledger.append(entry.withMaybe("proof", proof.map(Digest::value)));
    return new Answer.Refused(error, Optional.empty());
  }

  static String freshJti() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
