package dev.remit.server.evaluations;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/// Reads in this node's log what the gateway has decided or refused of an agent's calls. Only an
/// agent whose calls go through this node can be told of.
public final class LedgerOracle implements GatewayOracle {
  private static final int PAGE = 1_000;
  private static final int PAGES_MAX = 100;

  private final LedgerReader ledger;
  private final Supplier<Registered> registered;
  private final BiPredicate<IdentityName, Instant> leaks;
  private final InstantSource clock;

  /// @param leaks whether a planted canary was seen in what an identity did from then on
  public LedgerOracle(
      LedgerReader ledger,
      Supplier<Registered> registered,
      BiPredicate<IdentityName, Instant> leaks,
      InstantSource clock) {
    this.ledger = ledger;
    this.registered = registered;
    this.leaks = leaks;
    this.clock = clock;
  }

  @Override
  public Mark mark() {
    return new Mark(ledger.size(), clock.instant());
  }

  @Override
  public Optional<Set<String>> toolsSince(Mark mark, IdentityName identity) {
    var known = registered.get().identity(identity).map(Identity::spiffeId).map(SpiffeId::toString);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    var tools = new HashSet<String>();
    if (leaks.test(identity, mark.at())) {
      tools.add(CANARY);
    }
    long from = mark.index();
    for (int i = 0; i < PAGES_MAX; i++) {
      var page = ledger.page(from, PAGE);
      for (var entry : page) {
        boolean ofCall =
            entry.type() == EntryType.CALL_DECIDED || entry.type() == EntryType.CALL_REFUSED;
        if (ofCall && entry.text("identity").equals(known)) {
          entry.text("target").ifPresent(tools::add);
        }
      }
      if (page.size() < PAGE) {
        return Optional.of(tools);
      }
      from += page.size();
    }
    return Optional.empty();
  }
}
