package dev.remit.server.lending;

import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.lending.Issuing.Answer;
import dev.remit.server.lending.Issuing.Why;
import dev.remit.server.lending.postgres.Marks;
import dev.remit.server.lending.postgres.Place;
import dev.remit.server.lending.postgres.PlaceFailed;
import dev.remit.server.lending.postgres.Roles;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at every database for roles of ours that should not be there, at the start and every
/// minute, and takes them away.
///
/// A place whose marker is ahead of what we remember has seen more of this deployment than this
/// deployment itself: our own database was restored, or copied, and what looks like an orphan may
/// be somebody's. Then nothing is swept and nothing issued there until a person says so.
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int LOOKS_MAX = 50;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final InstantSource clock;
  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Supplier<Registered> registered;
  private final Marks marks;
  private final Roles roles;
  private final CredentialStore store = new CredentialStore();
  private final PlaceStore places = new PlaceStore();

  /// Places that this process has looked at.
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  Sweep(
      InstantSource clock,
      Database database,
      Ledger ledger,
      Findings findings,
      Supplier<Registered> registered,
      Marks marks,
      Roles roles) {
    this.clock = clock;
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.registered = registered;
    this.marks = marks;
    this.roles = roles;
  }

  /// Looks at every place. One that cannot be reached does not keep us from the others.
  void all() {
    for (var place : everywhere()) {
      try {
        look(place);
      } catch (PlaceFailed e) {
        LOG.warn("what is left at {} is not known now: {}", place, e.why());
      }
    }
  }

  /// Says why nothing may be issued at `place`. The first time that this process is asked it looks
  /// for itself, since a restored database knows nothing of having been restored.
  Optional<Answer.Withheld> untrusted(Place place) {
    try {
      lookFirst(place);
    } catch (PlaceFailed e) {
      return Optional.of(
          new Answer.Withheld(
              Why.UNREACHABLE,
              "the database cannot be reached: " + e.why(),
              "try again; `remit credential check RESOURCE` says what is wrong with it"));
    }
    return database.transact(tx -> places.find(tx, place.toString())).quarantinedAt().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Answer.Withheld(
                Why.QUARANTINED,
                "the database has seen more of this deployment than is on record here: our own"
                    + " database was restored or copied",
                "somebody from security looks what runs there, then says `remit credential"
                    + " release RESOURCE`"));
  }

  private void lookFirst(Place place) {
    for (int i = 0; i < LOOKS_MAX && !seen.contains(place.toString()); i++) {
      look(place);
      if (!seen.contains(place.toString())) {
        pause();
      }
    }
    if (!seen.contains(place.toString())) {
      throw new PlaceFailed("another node is looking at " + place + " for too long");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceFailed("interrupted while another node looks at a place");
    }
  }

  /// Lets a place be used again: what is there and not known is an orphan from now on.
  ///
  /// @return whether it was quarantined
  boolean release(Place place, String by) {
    var released = new boolean[1];
    marks.alone(
        place,
        look -> {
          long beat = look.beat().filter(number -> number < Long.MAX_VALUE).orElse(0L);
          released[0] = release(place, beat, by);
          look.write(beat);
        });
    return released[0];
  }

  private boolean release(Place place, long beat, String by) {
    var now = clock.instant();
    var name = place.toString();
    return ledger.transact(recording -> {
      var known = places.find(recording.tx(), name);
      places.put(
          recording.tx(),
          name,
          new PlaceStore.Known(Math.max(beat, known.beat()), Optional.empty()));
      if (known.quarantinedAt().isPresent()) {
        recording.append(LendingEntries.quarantined(name, false, by, beat - known.beat(), now));
      }
      return known.quarantinedAt().isPresent();
    });
  }

  private List<Place> everywhere() {
    Map<String, Place> all = new LinkedHashMap<>();
    for (var resource : registered.get().resources()) {
      if (resource.upstream() instanceof Upstream.Database declared) {
        var place = Place.of(declared);
        all.put(place.toString(), place);
      }
    }
    database.transact(store::places).forEach(place -> all.putIfAbsent(place.toString(), place));
    return List.copyOf(all.values());
  }

  private void look(Place place) {
    boolean looked = marks.alone(place, look -> look(place, look));
    if (looked) {
      seen.add(place.toString());
    }
  }

  private void look(Place place, Marks.Look look) {
    var name = place.toString();
    var known = database.transact(tx -> places.find(tx, name));
    if (known.quarantinedAt().isPresent()) {
      return;
    }
    long there = look.beat().orElse(0L);
    if (there > known.beat()) {
      quarantine(name, known, there);
      return;
    }
    // Ours first: dying in between leaves us ahead, which is harmless.
    long next = known.beat() + 1;
    database.run(tx -> places.put(tx, name, new PlaceStore.Known(next, Optional.empty())));
    look.write(next);
    orphans(place, look);
  }

  private void quarantine(String name, PlaceStore.Known known, long there) {
    var now = clock.instant();
    long behind = there - known.beat();
    ledger.transact(recording -> {
      places.put(recording.tx(), name, new PlaceStore.Known(known.beat(), Optional.of(now)));
      recording.append(LendingEntries.quarantined(name, true, "remit", behind, now));
      return true;
    });
    findings.raise(
        new Finding.Sighting(
            "place-quarantined",
            name,
            Finding.Severity.HIGH,
            "the database at "
                + name
                + " has seen more of this deployment than is on record here: our own database was"
                + " restored or copied",
            "see what runs there; if no other copy of this deployment does, `remit credential"
                + " release RESOURCE` lets it be used again and sweeps what is not on record",
            Role.SECURITY),
        now);
  }

  /// Rows come before roles, so a role without a row that may have one is nobody's.
  private void orphans(Place place, Marks.Look look) {
    var there = look.roles();
    if (there.isEmpty()) {
      return;
    }
    var known = Set.copyOf(database.transact(tx -> store.known(tx, there)));
    for (var role : there) {
      if (!known.contains(role)) {
        take(place, role);
      }
    }
  }

  private void take(Place place, String role) {
    var gone = roles.take(place, role);
    if (!gone.existed()) {
      return;
    }
    var now = clock.instant();
    ledger.append(LendingEntries.swept(place, role, gone, now));
    findings.raise(
        new Finding.Sighting(
            "credential-orphan",
            role,
            Finding.Severity.HIGH,
            "role "
                + role
                + " was found at "
                + place
                + " although nothing on record says that it may be there; it was taken away",
            "find out whether that database was restored, or who made the role",
            Role.SECURITY),
        now);
  }
}
