package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Presented;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Checks task tokens on every call, from memory only.
///
/// A signature is checked once and remembered by the token's SHA-256. Everything that can change is
/// checked each time: expiry, the age of the feed, the task, the epochs, and whether the registry
/// still knows identity and workflow. So a suspension holds from the moment this node hears of it.
public final class Tokens {
  private final TokenConfig config;
  private final TokenReader reader;
  private final Standings standings;
  private final Supplier<Registered> registered;
  private final Checked<TokenReader.Reading.Read> checked;
  private final Holders holders;

  /// Checks against `registered`, asked anew for each token.
  public Tokens(
      TokenConfig config,
      SigningKeys keys,
      Standings standings,
      Supplier<Registered> registered,
      Holders holders) {
    this.config = config;
    this.holders = holders;
    this.reader = new TokenReader(config.issuer(), keys);
    this.standings = standings;
    this.registered = registered;
    this.checked = new Checked<>(config.checkedMax());
  }

  /// Says whether what a request presents is good for `audience` at `now`, and whether its sender
  /// holds the key that it is bound to. This is the check at every door.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when a bound token's proof cannot be looked
  ///   up; never for a token that is bound to no key
  public TokenCheck check(Presented presented, URI audience, Instant now) {
    return held(presented, Optional.of(audience), now);
  }

  /// The same at this server itself, whatever resource the token is for: for a task's own affairs,
  /// such as completing it.
  public TokenCheck checkOwn(Presented presented, Instant now) {
    return held(presented, Optional.empty(), now);
  }

  private TokenCheck held(Presented presented, Optional<URI> audience, Instant now) {
    if (!presented.isOf("Bearer") && !presented.isOf("DPoP")) {
      return new TokenCheck.Missing();
    }
    var found = check(presented.credential(), audience, now);
    return found instanceof TokenCheck.Good(var claims)
        ? holders.wrong(claims, presented, now).<TokenCheck>map(wrong -> wrong).orElse(found)
        : found;
  }

  /// Says whether `bearer` still is good for `audience` at `now`, after its holder has come in.
  ///
  /// @param bearer the token alone, without the word Bearer; blank when the caller sent none
  /// @param audience the resource asked for, `<publicUrl>/mcp/<resource>`
  public TokenCheck check(String bearer, URI audience, Instant now) {
    return check(bearer, Optional.of(audience), now);
  }

  /// Says whether `bearer` is good at this server itself, whoever asks: for introspection and
  /// revocation.
  public TokenCheck checkOwn(String bearer, Instant now) {
    return check(bearer, Optional.empty(), now);
  }

  /// Says whether `bearer`, whose holder has come in, is good for asking for decisions.
  public TokenCheck checkAsking(String bearer, Instant now) {
    return check(bearer, Optional.of(config.decisionAudience()), now);
  }

  /// Why an identity may not act now, whatever token it might show.
  ///
  /// @param reasonCode a stable word, for the record
  public record NoStanding(String reasonCode, String detail) {}

  /// Says why `identity` may not act now; empty if nothing stands against it.
  public Optional<NoStanding> against(Identity identity, Workflow workflow, Instant now) {
    return standings.stale().isPresent()
        ? Optional.of(
            new NoStanding(
                "feed-stale", "this node has not heard of suspensions lately and lets nobody act"))
        : new Standing(standings.losses(), registered.get())
            .refusal(identity, workflow, now)
            .map(no -> new NoStanding(no.reasonCode(), no.detail()));
  }

  /// What checks depend on beside the token and the time; equal while nothing has changed.
  ///
  /// @param heard how often something that takes authority away was heard of
  /// @param version the registry's
  record Moment(long heard, long version) {}

  Moment moment() {
    return new Moment(standings.losses().heard(), registered.get().version());
  }

  /// Whether this single token was withdrawn before its time.
  public boolean isWithdrawn(String jti) {
    return standings.losses().isWithdrawn(jti);
  }

  /// Whether this node has not heard of suspensions for too long to trust any token.
  boolean isStale() {
    return standings.stale().isPresent();
  }

  /// Whether a token of ours holds that has not expired, as each call would find.
  ///
  /// @param links whose standing it rests on
  boolean stands(String jti, List<Delegator> links, Instant now) {
    var standing = new Standing(standings.losses(), registered.get());
    return !standing.losses().isWithdrawn(jti)
        && links.stream().allMatch(link -> delegator(standing, link, now).isEmpty());
  }

  /// Says why nothing is done at `resource` now; empty if nothing stands against it.
  public Optional<NoStanding> against(ResourceName resource) {
    return new Standing(standings.losses(), registered.get())
        .suspended(Party.of(resource))
        .map(no -> new NoStanding(no.reasonCode(), no.detail()));
  }

  private TokenCheck check(String bearer, Optional<URI> audience, Instant now) {
    if (bearer.isBlank()) {
      return new TokenCheck.Missing();
    }
    var key = Checked.key(bearer);
    var remembered = checked.find(key);
    if (remembered.isPresent()) {
      return judge(remembered.get(), audience, now);
    }
    return switch (reader.read(bearer, now)) {
      case TokenReader.Reading.Unreadable(var reasonCode) -> new TokenCheck.Invalid(reasonCode);
      case TokenReader.Reading.Read read -> {
        checked.put(key, read);
        yield judge(read, audience, now);
      }
    };
  }

  private TokenCheck judge(TokenReader.Reading.Read read, Optional<URI> audience, Instant now) {
    var body = read.body();
    if (audience.isPresent() && !audience.get().equals(body.audience())) {
      return new TokenCheck.WrongAudience(audience.get());
    }
    // No skew on expiry: the clock that set it is a node's own.
    if (!now.isBefore(body.expiresAt())) {
      return new TokenCheck.Expired(body.expiresAt());
    }
    if (now.isBefore(body.issuedAt().minus(config.skew()))) {
      return new TokenCheck.Invalid("from-the-future");
    }
    var stale = standings.stale();
    if (stale.isPresent()) {
      return new TokenCheck.FeedStale(stale.get());
    }
    // Each time, and not when it is verified: a roll ends what was remembered as well.
    return standings.losses().isKeyRevoked(read.kid())
        ? new TokenCheck.Invalid("key-revoked")
        : standing(body, audience, now);
  }

  private TokenCheck standing(TokenBody body, Optional<URI> audience, Instant now) {
    var losses = standings.losses();
    if (losses.isEnded(body.task())) {
      return new TokenCheck.TaskEnded(body.task());
    }
    if (losses.isWithdrawn(body.jti())) {
      return new TokenCheck.Invalid("withdrawn");
    }
    var known = registered.get();
    var identity = known.identity(body.subject());
    var workflow = known.workflow(body.workflow());
    if (identity.isEmpty()
        || workflow.isEmpty()
        || !identity.get().workflow().equals(body.workflow())) {
      return new TokenCheck.Invalid("no-longer-registered");
    }
    var standing = new Standing(losses, known);
    return standing
        .refusal(identity.get(), workflow.get(), now)
        .map(Standing.Refusal::check)
        .or(() -> beside(standing, body.epochs(), audience.isPresent()))
        .or(() -> outdated(losses, identity.get().name(), body.workflow(), body.epochs()))
        .or(() -> delegators(standing, body, now))
        .or(() -> person(standing, body))
        .orElseGet(() -> good(body, identity.get()));
  }

  /// What is done for a person is done only while they stand, and may lend the first identity.
  private static Optional<TokenCheck> person(Standing standing, TokenBody body) {
    return body.onBehalf().flatMap(one -> standing.against(one, lent(standing, body)));
  }

  private static Optional<Identity> lent(Standing standing, TokenBody body) {
    return body.delegators().isEmpty()
        ? standing.registered().identity(body.subject())
        : standing.registered().identity(body.delegators().getFirst().identity());
  }

  /// Whoever acts for others stands only while all of them do.
  private static Optional<TokenCheck> delegators(Standing standing, TokenBody body, Instant now) {
    for (var from : body.delegators()) {
      var wrong = delegator(standing, from, now);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<TokenCheck> delegator(Standing standing, Delegator from, Instant now) {
    if (standing.losses().isEnded(from.task())) {
      return Optional.of(new TokenCheck.TaskEnded(from.task()));
    }
    var identity = standing.registered().identity(from.identity());
    var workflow = standing.registered().workflow(from.workflow());
    if (identity.isEmpty()
        || workflow.isEmpty()
        || !identity.get().spiffeId().equals(from.subject())
        || !identity.get().workflow().equals(from.workflow())) {
      return Optional.of(new TokenCheck.Invalid("delegator-no-longer-registered"));
    }
    return standing
        .refusal(identity.get(), workflow.get(), now)
        .map(Standing.Refusal::check)
        .or(() -> beside(standing, from.epochs(), true))
        .or(() -> outdated(standing.losses(), from.identity(), from.workflow(), from.epochs()));
  }

  /// What else the token rests on. Its resource does not matter to the task's own affairs.
  private static Optional<TokenCheck> beside(
      Standing standing, Epochs minted, boolean forResource) {
    for (var one : minted.beside().entrySet()) {
      var party = one.getKey();
      if (party.kind() == Party.Kind.RESOURCE && !forResource) {
        continue;
      }
      var suspended = standing.suspended(party).map(Standing.Refusal::check);
      if (suspended.isPresent()) {
        return suspended;
      }
      if (standing.losses().epoch(party) != one.getValue()) {
        return Optional.of(new TokenCheck.Invalid("from-before-a-suspension"));
      }
    }
    return Optional.empty();
  }

  private static Optional<TokenCheck> outdated(
      Losses losses, IdentityName identity, WorkflowName workflow, Epochs minted) {
    boolean outdated =
        losses.epoch(Party.of(identity)) != minted.identity()
            || losses.epoch(Party.of(workflow)) != minted.workflow()
            || losses.epoch(Party.of(minted.owner())) != minted.person();
    return outdated
        ? Optional.of(new TokenCheck.Invalid("from-before-a-suspension"))
        : Optional.empty();
  }

  private static TokenCheck good(TokenBody body, Identity identity) {
    return new TokenCheck.Good(
        new TaskClaims(
            identity.name(),
            body.subject(),
            body.workflow(),
            body.task(),
            body.intent(),
            body.scope(),
            body.expiresAt(),
            body.jti(),
            body.delegators(),
            body.mayAct(),
            body.epochs(),
            body.binding(),
            body.onBehalf()));
  }
}
