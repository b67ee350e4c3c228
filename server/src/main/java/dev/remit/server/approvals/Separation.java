package dev.remit.server.approvals;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Who may not approve a held call, because they have another part in it.
///
/// Three rules hold whatever is configured: nobody approves what they asked for, nobody approves
/// twice, and an owner does not approve what an agent asks for in their workflow. Every further one
/// is local policy: `@apart("deployer")` beside `@hold`, and the setting `approvals.apart`. Two
/// names of one human count as one person.
public final class Separation {
  private final Set<Duty> apart;
  private final Supplier<Registered> registered;

  /// @param apart which duties are apart from approving beside those that always are
  public Separation(Set<Duty> apart, Supplier<Registered> registered) {
    this.apart = Set.copyOf(apart);
    this.registered = registered;
  }

  /// Returns the duty because of which `person` may not approve; empty if they may.
  ///
  /// @param also which duties the policies in question keep apart
  /// @param concerned who has which part in it
  public Optional<Duty> conflict(Set<Duty> also, Concerned concerned, PersonName person) {
    var duties = EnumSet.of(Duty.REQUESTER, Duty.APPROVER, Duty.OWNER);
    duties.addAll(apart);
    duties.addAll(also);
    var now = registered.get();
    return duties.stream()
        .sorted(Comparator.naturalOrder())
        .filter(duty ->
            concerned.with(duty).stream().anyMatch(other -> !TwoPeople.are(other, person, now)))
        .findFirst();
  }
}
