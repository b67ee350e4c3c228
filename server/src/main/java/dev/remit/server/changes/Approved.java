package dev.remit.server.changes;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is approved now, for calls to be held against: one look at an immutable map.
///
/// The fingerprint is computed from the snapshot that the call is judged by, never from what
/// somebody says of it; so from the moment on which something else is declared, calls are refused,
/// whether or not a change was opened yet.
final class Approved implements Bindings {
  private final Fingerprints fingerprints;
  private volatile Map<Key, List<Change>> changes = Map.of();

  Approved(Fingerprints fingerprints) {
    this.fingerprints = fingerprints;
  }

  private record Key(SpiffeId identity, Digest declared) {}

  /// Makes `alive`, in the order in which they were opened, what counts from now on.
  void replace(List<Change> alive) {
    var next = new HashMap<Key, List<Change>>();
    for (var change : alive) {
      next.computeIfAbsent(new Key(change.identity(), change.declared()), _ -> new ArrayList<>())
          .add(change);
    }
    next.replaceAll((_, list) -> List.copyOf(list));
    changes = Map.copyOf(next);
  }

  @Override
  public Bound of(Identity identity, Registered registered, Instant now) {
    if (identity.model().flatMap(registered::model).isEmpty()) {
      return new Bound.Approved();
    }
    var digest = fingerprints.digest(identity, registered);
    var known = changes.getOrDefault(new Key(identity.spiffeId(), digest), List.of());
    var governing = governing(known);
    if (governing.isEmpty()) {
      return new Bound.Refused(
          "",
          "model-not-approved",
          "what decides it is declared otherwise than what was approved",
          "`remit changes list` shows the change as soon as it is opened; try again then");
    }
    return governing.get().state() == State.SUSPECT
        ? new Bound.Suspect(openOf(known, governing.get()).id().value(), governing.get().why())
        : bound(governing.get(), now);
  }

  /// The change that somebody has to answer so that what is suspect may act again.
  private static Change openOf(List<Change> known, Change suspect) {
    return known.reversed().stream()
        .filter(change -> !change.state().isInForce())
        .findFirst()
        .orElse(suspect);
  }

  /// The change that says what may be done: the newest that is in force, else the newest.
  static Optional<Change> governing(List<Change> known) {
    return known.reversed().stream()
        .filter(change -> change.state().isInForce())
        .findFirst()
        .or(() -> known.isEmpty() ? Optional.empty() : Optional.of(known.getLast()));
  }

  private static Bound bound(Change change, Instant now) {
    var id = change.id().value();
    return switch (change.state()) {
      case CANARY, ACTIVE ->
          change.holds(now)
              ? new Bound.Approved()
              : new Bound.Refused(
                  id,
                  "approval-expired",
                  "what decides it was approved until "
                      + change.expiresAt().map(Instant::toString).orElse("nobody knows when"),
                  "`remit changes open --identity %s --reason TEXT` has it looked at again"
                      .formatted(change.identity().value()));
      case SUSPECT -> new Bound.Suspect(id, change.why());
      case SUSPENDED ->
          new Bound.Refused(
              id,
              "model-suspended",
              "what decides it is suspended: " + change.why(),
              "`remit changes rollback " + id + "` goes back to what was approved before");
      case PROPOSED, APPROVED ->
          new Bound.Refused(
              id,
              "model-not-approved",
              "what decides it is about to be looked at",
              "`remit changes show " + id + "` says how far it is; try again then");
      case CLASSIFIED, EVALUATED ->
          change.suspends().isEmpty()
              ? new Bound.Approved()
              : new Bound.Limited(id, change.suspends(), change.why());
      case RETIRED -> throw new IllegalStateException(id + " is over and was kept");
    };
  }

  /// Returns what is alive of an identity as it is declared in `registered`.
  List<Change> of(Identity identity, Registered registered) {
    return identity.model().flatMap(registered::model).isEmpty()
        ? List.of()
        : of(identity.spiffeId(), fingerprints.digest(identity, registered));
  }

  /// Returns everything that is alive.
  List<Change> all() {
    return changes.values().stream().flatMap(List::stream).toList();
  }

  /// Returns the newest that holds of an identity, whatever it is declared as.
  Optional<Change> lastGood(Identity identity) {
    return of(identity.spiffeId()).reversed().stream()
        .filter(change -> change.state().isInForce() && change.state() != State.SUSPENDED)
        .findFirst();
  }

  /// Returns what is alive of an identity, as it is declared under `digest`.
  List<Change> of(SpiffeId identity, Digest digest) {
    return changes.getOrDefault(new Key(identity, digest), List.of());
  }

  /// Returns everything that is alive of an identity, whatever it is declared as now.
  List<Change> of(SpiffeId identity) {
    return changes.entrySet().stream()
        .filter(entry -> entry.getKey().identity().equals(identity))
        .flatMap(entry -> entry.getValue().stream())
        .sorted(
            java.util.Comparator.comparing(Change::openedAt).thenComparing(one -> one.id().value()))
        .toList();
  }
}
