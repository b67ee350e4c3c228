package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/// What people agreed to, each turned into a code that its client exchanges once, within a minute.
public final class Consents {
  /// How long a code is good for.
  static final Duration CODE_LIFETIME = Duration.ofSeconds(60);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Ledger ledger;
  private final Supplier<Registered> registered;
  private final Losses losses;
  private final CodeStore store = new CodeStore();

  Consents(Ledger ledger, Supplier<Registered> registered, Standings standings) {
    this.ledger = ledger;
    this.registered = registered;
    this.losses = standings.losses();
  }

  /// Records that a person agreed, and returns the code.
  ///
  /// @return empty if the person, the identity or its workflow may not (any more), or the intent is
  ///   none of the workflow's: nothing is recorded then
  public Optional<String> give(Consent consent, Instant now) {
    var known = registered.get();
    var identity = known.identity(consent.identity());
    var workflow = identity.flatMap(one -> known.workflow(one.workflow()));
    var standing = new Standing(losses, known);
    var onBehalf =
        new OnBehalf(
            consent.person(),
            losses.epoch(Party.of(consent.person())),
            consent.client().toString());
    if (workflow.isEmpty()
        || !workflow.get().intents().contains(consent.intent())
        || standing.refusal(identity.get(), workflow.get(), now).isPresent()
        || standing.against(onBehalf, identity).isPresent()) {
      return Optional.empty();
    }
    var code = fresh();
    var held = new CodeStore.Held(consent, TaskId.fresh(now), onBehalf, now.plus(CODE_LIFETIME));
    ledger.transact(recording -> {
      store.add(recording.tx(), Digest.of(code), held);
      recording.append(
          Entry.of(EntryType.CONSENT_GIVEN, now)
              .with("person", consent.person().value())
              .with("client", consent.client().toString())
              .with("identity", identity.get().spiffeId().value())
              .with("workflow", workflow.get().name().value())
              .with("task", held.task().value())
              .with("intent", consent.intent())
              .with("resource", consent.resource().toString()));
      return held;
    });
    return Optional.of(code);
  }

  /// Returns 256 random bits in base64url.
  static String fresh() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
