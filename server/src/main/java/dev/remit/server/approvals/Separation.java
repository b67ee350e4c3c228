package dev.remit.server.approvals;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Who may not approve, because they have another part in the matter.
///
/// Three rules hold whatever is configured: nobody approves what they asked for, nobody approves
/// twice, and an owner does not approve what an agent asks for in their workflow. Every further one
/// is local policy: for held calls `@apart("deployer")` beside `@hold`, for everything else the
/// setting `approvals.apart`. Two names of one human count as one person.
public final class Separation {
  private final Map<Matter, Set<Duty>> apart;
  private final Supplier<Registered> registered;

  /// What is approved.
  public enum Matter implements Word {
    CALL,
    PROMOTION,
    EXCEPTION,

    /// A change of what is declared.
    CHANGE
  }

  /// @param apart by matter, which duties are apart from approving beside those that always are
  public Separation(Map<Matter, Set<Duty>> apart, Supplier<Registered> registered) {
    this.apart = Map.copyOf(apart);
    this.registered = registered;
  }

  /// Returns the duty because of which `person` may not approve; empty if they may.
  ///
  /// @param concerned who has which part in it
  public Optional<Duty> conflict(Matter matter, Concerned concerned, PersonName person) {
    return conflict(matter, Set.of(), concerned, person);
  }

  /// The same where a policy names more duties.
  public Optional<Duty> conflict(
      Matter matter, Set<Duty> also, Concerned concerned, PersonName person) {
    var duties = EnumSet.of(Duty.REQUESTER, Duty.APPROVER);
    if (matter == Matter.CALL) {
      duties.add(Duty.OWNER);
    }
    duties.addAll(apart.getOrDefault(matter, Set.of()));
    duties.addAll(also);
    var now = registered.get();
    return duties.stream()
        .sorted(Comparator.naturalOrder())
        .filter(duty ->
            concerned.with(duty).stream().anyMatch(other -> !TwoPeople.are(other, person, now)))
        .findFirst();
  }
}
