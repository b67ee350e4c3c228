package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Where an agent asks for a credential of its own: judged as a call is, by the same rules in the
/// same order, and recorded as one. Token and standing, the task's scope, a grant, then policy
/// (action `issue`) by what the task has done so far. What becomes of a yes is not the gateway's.
///
/// Throws when the decision cannot be recorded: nobody may act on it then.
public final class CredentialDoor {
  private final InstantSource clock;
  private final Audience audience;
  private final Tokens tokens;
  private final Registry registry;
  private final Judging judging;
  private final CallRecords records;

  CredentialDoor(
      InstantSource clock,
      GatewayConfig config,
      Tokens tokens,
      Registry registry,
      Judging judging,
      CallRecords records) {
    this.clock = clock;
    this.audience = new Audience(config.publicUrl());
    this.tokens = tokens;
    this.registry = registry;
    this.judging = judging;
    this.records = records;
  }

  /// What was asked.
  ///
  /// @param bearer the task token alone
  public record Asking(String bearer, ResourceName resource, String profile) {

    /// Without the token.
    @Override
    public String toString() {
      return "a credential of " + resource + "/" + profile;
    }
  }

  /// What was decided, durably.
  public sealed interface Verdict {

    /// It may be issued.
    ///
    /// @param workflow by which the task's owner is known
    record Yes(
        DecisionId decision, Receipt receipt, TaskClaims claims, Workflow workflow, Wanted wanted)
        implements Verdict {}

    /// It is not issued, and why.
    ///
    /// @param status of HTTP
    /// @param reason a stable word
    /// @param decision under which it was recorded; what no token of ours asks for is not
    record No(int status, String reason, String text, String next, Optional<DecisionId> decision)
        implements Verdict {}
  }

  /// What a profile of a resource is good for.
  public sealed interface Wanted {

    /// A role at a database.
    record Access(Upstream.Database database, Upstream.Profile profile) implements Wanted {}

    /// To see a secret as a value.
    ///
    /// @param secret its name
    record Reveal(String secret) implements Wanted {}
  }

  public Verdict judge(Asking asking) {
    var now = clock.instant();
    return switch (tokens.check(asking.bearer(), audience.of(asking.resource()), now)) {
      case TokenCheck.Good(var claims) -> known(asking, claims, now);
      case TokenCheck bad -> {
        var id = DecisionId.fresh(now);
        var receipt = records.turnedAway(id, asking.resource().value(), bad, asking.bearer(), now);
        yield no(401, new Refusal.BadToken(bad), receipt.map(_ -> id));
      }
    };
  }

  private Verdict known(Asking asking, TaskClaims claims, Instant now) {
    var registered = registry.current();
    var workflow = registered.workflow(claims.workflow());
    var wanted =
        registered
            .resource(asking.resource())
            .flatMap(resource -> wanted(resource, asking.profile()));
    if (workflow.isEmpty() || wanted.isEmpty()) {
      return refuse(
          404, asking, claims, new Refusal.NoProfile(asking.resource(), asking.profile()), now);
    }
    if (!claims.delegators().isEmpty()) {
      return refuse(403, asking, claims, new Refusal.NotDelegated(), now);
    }
    var agent = new Agent(asking.bearer(), claims, workflow.get(), registered);
    var outOfReach = Admission.reach(agent, asking.resource(), now);
    if (outOfReach.isPresent()) {
      return refuse(403, asking, claims, outOfReach.get(), now);
    }
    return switch (Admission.profile(agent, asking.resource(), asking.profile(), now)) {
      case Admission.Found.Refused(var why) -> refuse(403, asking, claims, why, now);
      case Admission.Found.Covered(Asked.OfItem asked) -> decide(asked, agent, wanted.get());
      case Admission.Found.Covered(Asked.OfTool _) ->
          throw new IllegalStateException("a profile was found to be a tool");
    };
  }

  private static Optional<Wanted> wanted(Resource resource, String profile) {
    return switch (resource.upstream()) {
      case Upstream.Database database ->
          Optional.ofNullable(database.profiles().get(profile))
              .map(found -> new Wanted.Access(database, found));
      case Upstream.Http http ->
          Optional.ofNullable(http.reveals().get(profile)).map(Wanted.Reveal::new);
      case Upstream.Stdio _, Upstream.Models _ -> Optional.empty();
    };
  }

  private Verdict decide(Asked.OfItem asked, Agent agent, Wanted wanted) {
    var weighed = judging.of(agent.claims(), asked);
    var decided = weighed.decided();
    var id = DecisionId.fresh(weighed.question().now());
    var receipt = records.issuing(id, agent.claims(), asked, weighed.question(), decided);
    if (weighed.goesOn()) {
      return new Verdict.Yes(id, receipt, agent.claims(), agent.workflow(), wanted);
    }
    return switch (decided.decision()) {
      case Decision.Deny deny -> no(403, new Refusal.DeniedByPolicy(deny), Optional.of(id));
      case Decision.Defer defer ->
          no(503, Refusal.deferred(defer, clock.instant()), Optional.of(id));
      case Decision.Allow _, Decision.Hold _, Decision.Modify _ ->
          no(403, new Refusal.NotJustSo(decided.decision().word()), Optional.of(id));
    };
  }

  private Verdict refuse(int status, Asking asking, TaskClaims claims, Refusal why, Instant now) {
    var id = DecisionId.fresh(now);
    records.notIssuing(id, claims, asking.resource().value(), asking.profile(), why, now);
    return no(status, why, Optional.of(id));
  }

  private static Verdict no(int status, Refusal why, Optional<DecisionId> decision) {
    var said = Wording.of(why);
    return new Verdict.No(status, said.reason(), said.text(), said.next(), decision);
  }

  /// The last look before a credential is made, and again before it is handed over: why not after
  /// all.
  public Optional<String> stopped(Asking asking) {
    var found = tokens.check(asking.bearer(), audience.of(asking.resource()), clock.instant());
    return found instanceof TokenCheck.Good
        ? Optional.empty()
        : Optional.of(Wording.of(new Refusal.BadToken(found)).text());
  }

  /// Records what became of a yes.
  ///
  /// @param issued whether the agent has the credential
  public void ended(Verdict.Yes yes, boolean issued, Duration took) {
    var how = issued ? Outcome.How.ANSWERED : Outcome.How.FAILED;
    records.ended(yes.decision(), yes.claims(), Outcome.without(how), took, clock.instant());
  }
}
