package dev.remit.server.approvals;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// Who has which part in something that is to be approved. Immutable.
public final class Concerned {
  public static final Concerned NOBODY = new Concerned(Map.of());
  private final Map<Duty, Set<PersonName>> people;

  private Concerned(Map<Duty, Set<PersonName>> people) {
    this.people = people;
  }

  /// The same, with `others` in this part as well.
  public Concerned and(Duty duty, Collection<PersonName> others) {
    var all = new EnumMap<Duty, Set<PersonName>>(Duty.class);
    all.putAll(people);
    all.merge(duty, Set.copyOf(others), Concerned::both);
    return new Concerned(Map.copyOf(all));
  }

  public Concerned and(Duty duty, PersonName other) {
    return and(duty, Set.of(other));
  }

  /// Who has this part; empty if nobody is known to.
  public Set<PersonName> with(Duty duty) {
    return people.getOrDefault(duty, Set.of());
  }

  private static Set<PersonName> both(Set<PersonName> some, Set<PersonName> others) {
    var all = new java.util.HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }
}
