package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.task.TaskScope;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.proof.ProofCheck;
import dev.remit.server.tokens.proof.Proofs;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Exchanges a workload's proof for a token of one task. This file is the whole path: read it from
/// top to bottom to know what is checked, and in which order.
///
/// Read the form, prove who it is, ask whether it may act now and for whom, agree on the task,
/// record, sign. Nothing is signed before it is durable; every refusal is recorded too.
final class TokenExchange implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TokenConfig config;
  private final Supplier<Registered> registered;
  private final Proofs proofs;
  private final Standings standings;
  private final Delegation delegation;
  private final Issuance issuance;
  private final TokenMint mint;
  private final Ledger ledger;

  TokenExchange(
      TokenConfig config,
      Supplier<Registered> registered,
      Proofs proofs,
      Standings standings,
      Delegation delegation,
      SigningKeys keys,
      Ledger ledger) {
    this.config = config;
    this.registered = registered;
    this.proofs = proofs;
    this.standings = standings;
    this.delegation = delegation;
    this.issuance = new Issuance(ledger);
    this.mint = new TokenMint(config.issuer(), keys);
    this.ledger = ledger;
  }

  /// What the token endpoint answers.
  sealed interface Answer {

    /// A token, recorded and signed.
    ///
    /// @param token in compact form
    /// @param body what it says
    record Issued(ExchangeRequest.Grant grant, String token, TokenBody body) implements Answer {}

    record Refused(OAuthError error) implements Answer {}
  }

  Answer exchange(Map<String, String> form, Instant at) {
    return switch (ExchangeForm.parse(form)) {
      case ExchangeForm.Parsed.Wrong(var error) -> refuse(error, Optional.empty(), "", at);
      case ExchangeForm.Parsed.Request(var request) -> prove(request, at);
    };
  }

  private Answer prove(ExchangeRequest request, Instant now) {
    var known = registered.get();
    return switch (proofs.check(request.proof(), known, now)) {
      case ProofCheck.Refused(var reasonCode, var detail) ->
          refuse(
              OAuthError.badProof(request.grant(), reasonCode, detail),
              Optional.empty(),
              request.proof(),
              now);
      case ProofCheck.Proven(var identity, var once, var key) ->
          mayAct(
              new Asking(
                  request, identity, once, key.map(Party::key), known, now, Optional.empty()));
    };
  }

  /// A request whose sender is known.
  ///
  /// @param key by which they have proved who they are, if it is one of their own
  /// @param from whoever delegates the work, by what their token says
  private record Asking(
      ExchangeRequest request,
      Identity identity,
      Optional<ProofCheck.Once> once,
      Optional<Party> key,
      Registered known,
      Instant now,
      Optional<TaskClaims> from) {

    Asking actingFor(TaskClaims claims) {
      return new Asking(request, identity, once, key, known, now, Optional.of(claims));
    }

    /// What is asked for, less what whoever delegates does not have.
    TaskScope narrowed(Instant end) {
      var asked = new TaskScope(request.details().tools(), end, request.details().callsMax());
      return from.map(claims -> asked.narrowedBy(claims.scope())).orElse(asked);
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
      return refuse(
          asking,
          new OAuthError(
              503,
              "temporarily_unavailable",
              "feed-stale",
              "this node has not heard of suspensions lately and issues nothing; try again"));
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
    var asked = asking.request().resource().toString();
    var delegateTo = asking.request().details().delegateTo();
    if (delegateTo.isPresent() || asked.equals(config.delegationAudience().toString())) {
      return mayDelegate(asking, delegateTo)
          .map(error -> refuse(asking, error))
          .orElseGet(() -> task(asking, workflow));
    }
    if (asked.equals(config.decisionAudience().toString())) {
      return task(asking, workflow);
    }
    var name = config.resource(asking.request().resource());
    if (name.flatMap(asking.known()::resource).isEmpty()) {
      return refuse(
          asking,
          OAuthError.invalidTarget(
              "resource-unknown",
              "resource must be "
                  + config.audience("NAME")
                  + ", where NAME is a registered resource, or "
                  + config.decisionAudience()));
    }
    return new Standing(standings.losses(), asking.known())
        .suspended(Party.of(name.get()))
        .map(no -> refuse(asking, OAuthError.invalidTarget(no.reasonCode(), no.detail())))
        .orElseGet(() -> task(asking, workflow));
  }

  /// A token that delegates is good for nothing else, and names to whom.
  private Optional<OAuthError> mayDelegate(Asking asking, Optional<SpiffeId> to) {
    if (!asking.request().resource().equals(config.delegationAudience()) || to.isEmpty()) {
      return Optional.of(
          OAuthError.invalidTarget(
              "delegation-target",
              "to delegate, ask for resource "
                  + config.delegationAudience()
                  + " with delegateTo in authorization_details; for anything else leave it out"));
    }
    var actor = asking.known().identity(to.get());
    if (actor.isEmpty()) {
      return Optional.of(
          OAuthError.invalidDetails(
              "delegate-unknown", "no identity " + to.get() + " is registered"));
    }
    return Delegation.mayDelegate(asking.identity(), actor.get())
        ? Optional.empty()
        : Optional.of(Delegation.notDeclared(asking.identity().spiffeId().value(), actor.get()));
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
    var life =
        config.lifetimes().of(asking.identity().identityKind(), asking.identity().autonomy());
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
        asking.from().map(TaskClaims::task));
  }

  private Answer record(Asking asking, Workflow workflow, Issuance.Work work) {
    var identity = asking.identity();
    var life = config.lifetimes().of(identity.identityKind(), identity.autonomy());
    var end = end(asking.now().plus(life.token()), workflow);
    // Read before anything is recorded: a suspension from here on outdates what is minted.
    var epochs = epochs(asking, workflow);
    var order =
        new Issuance.Order(
            identity,
            asking.once(),
            work,
            asking.narrowed(end),
            asking.request().resource(),
            freshJti(),
            asking.delegators(),
            asking.now());
    return switch (issuance.issue(order)) {
      case Issuance.Outcome.Recorded(var task, var scope) ->
          sign(asking.request(), order, task, scope, epochs);
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
      ExchangeRequest request, Issuance.Order order, Task task, TaskScope scope, Epochs epochs) {
    var body =
        new TokenBody(
            order.identity().spiffeId(),
            order.audience(),
            task.workflow(),
            task.id(),
            task.intent(),
            scope,
            epochs,
            order.at().truncatedTo(ChronoUnit.SECONDS),
            order.jti(),
            order.delegators(),
            request.details().delegateTo());
    return new Answer.Issued(request.grant(), mint.sign(body), body);
  }

  private Epochs epochs(Asking asking, Workflow workflow) {
    var losses = standings.losses();
    return new Epochs(
        workflow.owner(),
        losses.epoch(Party.of(asking.identity().name())),
        losses.epoch(Party.of(workflow.name())),
        losses.epoch(Party.of(workflow.owner())),
        beside(asking).collect(Collectors.toUnmodifiableMap(Function.identity(), losses::epoch)));
  }

  private Stream<Party> beside(Asking asking) {
    return Stream.of(
            config.resource(asking.request().resource()).map(Party::of),
            asking.identity().model().map(Party::of),
            asking.key())
        .flatMap(Optional::stream);
  }

  /// Nothing outlives the pilot it belongs to. Whole seconds, as a token says it.
  private static Instant end(Instant wanted, Workflow workflow) {
    var last = workflow.pilotExpires().filter(wanted::isAfter).orElse(wanted);
    return last.truncatedTo(ChronoUnit.SECONDS);
  }

  private Answer refuse(Asking asking, OAuthError error) {
    return refuse(error, Optional.of(asking.identity()), asking.request().proof(), asking.now());
  }

  private Answer refuse(OAuthError error, Optional<Identity> identity, String proof, Instant now) {
    var entry =
        Entry.of(EntryType.EXCHANGE_REFUSED, now)
            .with("reason", error.reasonCode())
            .withMaybe("identity", identity.map(known -> known.spiffeId().value()))
            .withMaybe("workflow", identity.map(known -> known.workflow().value()));
    // The digest lets somebody who holds the proof find this entry; it tells others nothing.
    ledger.append(proof.isEmpty() ? entry : entry.with("proof", Digest.of(proof)));
    return new Answer.Refused(error);
  }

  private static String freshJti() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    issuance.close();
  }
}
