package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.gateway.TokenUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// One token that is used from two addresses within a short time.
///
/// On the path of calls it is one look into a map; what is found waits in a bounded queue until
/// [Detection] takes it. Of one node: who spreads a stolen token over nodes is not found here.
/// Behind a proxy every agent has the proxy's address, and nothing is ever found. An agent whose
/// address changes once, as on a laptop that moves, is found only if it uses both within the time.
final class Places implements Consumer<TokenUse> {
  private static final int TOKENS_MAX = 100_000;
  private static final int WAITING_MAX = 1_000;

  private final Duration within;
  private final Map<String, TokenUse> last = new ConcurrentHashMap<>();
  private final BlockingQueue<Finding.Sighting> found = new ArrayBlockingQueue<>(WAITING_MAX);

  Places(Duration within) {
    this.within = within;
  }

  @Override
  public void accept(TokenUse use) {
    var before = last.put(use.jti(), use);
    if (before == null) {
      if (last.size() > TOKENS_MAX) {
        last.clear();
      }
    } else if (!before.from().equals(use.from()) && isSoon(before.at(), use.at())) {
      // When nobody takes what waits, the alarm was raised a thousand times already.
      boolean _ = found.offer(sighting(before, use));
    }
  }

  /// Takes what was found since.
  List<Finding.Sighting> drain() {
    var drained = new ArrayList<Finding.Sighting>();
    found.drainTo(drained);
    return drained;
  }

  private boolean isSoon(Instant before, Instant now) {
    return now.isBefore(before.plus(within));
  }

  private static Finding.Sighting sighting(TokenUse before, TokenUse use) {
    return new Finding.Sighting(
        "token-in-two-places",
        use.identity().value(),
        Finding.Severity.HIGH,
        "one token of %s is used from %s and from %s"
            .formatted(use.identity(), before.from(), use.from()),
        "remit suspend identity %s --reason \"its token is in two places\"; bind its tokens to a key"
            .formatted(use.identity()),
        Role.SECURITY);
  }
}
