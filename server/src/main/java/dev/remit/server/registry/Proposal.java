package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.server.registry.shape.Place;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wants the registry to become, against what it is.
///
/// @param current what it is
/// @param next what it would be
/// @param changes one for each declared thing that is written or would be retired, in the order of
///   kinds and names
/// @param written the manifests, by what they declare
/// @param isRestaging whether a workflow moves to another stage by its promotion or demotion
record Proposal(
    State current,
    State next,
    List<Change> changes,
    Map<Ref, Manifest> written,
    Author author,
    Instant now,
    boolean isRestaging) {

  /// Works out what `manifests` would change.
  ///
  /// @param set whose files they are; what it declares no longer is retired if `prune`
  static Proposal of(
      State current,
      List<Manifest> manifests,
      String set,
      boolean prune,
      Author author,
      Instant now) {
    var building = new Building(current, set, author, now);
    manifests.forEach(building::write);
    if (prune) {
      building.prune();
    }
    return building.built();
  }

  /// Works out what retiring `ref`, which is declared, would change.
  static Proposal retiring(State current, Ref ref, Author author, Instant now) {
    var building = new Building(current, "", author, now);
    building.retire(ref, new Place(ref.toString(), 0, 0));
    return building.built();
  }

  /// Works out what moving a declared workflow to another stage would change.
  ///
  /// @param spec what it is declared as, with the new stage
  static Proposal restaging(State current, Ref ref, ObjectNode spec, Author author, Instant now) {
    var building = new Building(current, "", author, now);
    building.restage(ref, spec);
    return building.built();
  }

  /// Works out what declaring things as they once were would change.
  ///
  /// @param specs what each was declared as
  /// @param without what was not declared then, and is retired
  static Proposal restoring(
      State current, Map<Ref, ObjectNode> specs, List<Ref> without, Author author, Instant now) {
    var building = new Building(current, "", author, now);
    specs.forEach(building::restore);
    without.forEach(ref -> building.retire(ref, new Place(ref.toString(), 0, 0)));
    return building.built();
  }

  boolean changesSomething() {
    return changes.stream().anyMatch(change -> !change.isNone());
  }

  /// Whether `ref` would be new or different.
  boolean touches(Ref ref) {
    return !Optional.ofNullable(next.active().get(ref))
        .equals(Optional.ofNullable(current.active().get(ref)));
  }

  /// Returns where `path` of the specification of `ref` is written, or else what is registered.
  Place place(Ref ref, String path) {
    var manifest = written.get(ref);
    return manifest == null
        ? new Place("registered " + ref, 0, 0)
        : manifest.places().at(path.isEmpty() ? "spec" : "spec." + path);
  }

  private static final class Building {
    private final State current;
    private final String set;
    private final Author author;
    private final Instant now;
    private final SortedMap<Ref, Stored> active;
    private final SortedMap<Ref, Stored> retired;
    private final List<Change> changes = new ArrayList<>();
    private final Map<Ref, Manifest> written = new TreeMap<>();
    private boolean restaging;

    Building(State current, String set, Author author, Instant now) {
      this.current = current;
      this.set = set;
      this.author = author;
      // What the database keeps, so that every node says the same time.
      this.now = now.truncatedTo(ChronoUnit.MICROS);
      this.active = new TreeMap<>(current.active());
      this.retired = new TreeMap<>(current.retired());
    }

    void write(Manifest manifest) {
      var ref = manifest.ref();
      var digest = CanonicalJson.digest(manifest.spec());
      var before = current.active().get(ref);
      written.put(ref, manifest);
      if (before != null && before.digest().equals(digest) && before.set().equals(set)) {
        changes.add(change(before, Optional.of(before), Change.Action.NONE, manifest));
        return;
      }
      var declared = DeclaredReader.declared(ref, manifest.spec());
      var after =
          new Stored(
              ref,
              current.revisionAfter(ref),
              manifest.spec(),
              digest,
              declared,
              set,
              author.name(),
              now);
      active.put(ref, after);
      retired.remove(ref);
      var action = before == null ? Change.Action.CREATE : Change.Action.UPDATE;
      changes.add(change(after, Optional.ofNullable(before), action, manifest));
    }

    private static Change change(
        Stored after, Optional<Stored> before, Change.Action action, Manifest manifest) {
      var fields =
          before
              .map(was -> FieldChanges.between(was.spec(), after.spec()))
              .orElseGet(() -> FieldChanges.added(after.spec()));
      return new Change(
          after.ref(),
          action,
          before.map(Stored::digest),
          Optional.of(after.digest()),
          fields,
          manifest.places().start());
    }

    void restage(Ref ref, ObjectNode spec) {
      var before = Optional.ofNullable(current.active().get(ref)).orElseThrow();
      var after =
          new Stored(
              ref,
              current.revisionAfter(ref),
              spec,
              CanonicalJson.digest(spec),
              DeclaredReader.declared(ref, spec),
              before.set(),
              author.name(),
              now);
      active.put(ref, after);
      restaging = true;
      changes.add(
          new Change(
              ref,
              Change.Action.UPDATE,
              Optional.of(before.digest()),
              Optional.of(after.digest()),
              FieldChanges.between(before.spec(), after.spec()),
              new Place(ref.toString(), 0, 0)));
    }

    void restore(Ref ref, ObjectNode spec) {
      var before = Optional.ofNullable(current.active().get(ref));
      var digest = CanonicalJson.digest(spec);
      if (before.filter(was -> was.digest().equals(digest)).isPresent()) {
        return;
      }
      var known = before.or(() -> Optional.ofNullable(current.retired().get(ref))).orElseThrow();
      active.put(
          ref,
          new Stored(
              ref,
              current.revisionAfter(ref),
              spec,
              digest,
              DeclaredReader.declared(ref, spec),
              known.set(),
              author.name(),
              now));
      retired.remove(ref);
      changes.add(
          new Change(
              ref,
              before.isPresent() ? Change.Action.UPDATE : Change.Action.CREATE,
              before.map(Stored::digest),
              Optional.of(digest),
              before
                  .map(was -> FieldChanges.between(was.spec(), spec))
                  .orElseGet(() -> FieldChanges.added(spec)),
              new Place(ref.toString(), 0, 0)));
    }

    void prune() {
      current.active().values().stream()
          .filter(stored -> stored.set().equals(set) && !written.containsKey(stored.ref()))
          .forEach(stored -> retire(stored.ref(), new Place("set " + set, 0, 0)));
    }

    void retire(Ref ref, Place place) {
      var before = active.remove(ref);
      if (before == null) {
        throw new IllegalArgumentException(ref + " is not declared");
      }
      var after =
          new Stored(
              ref,
              before.revision() + 1,
              before.spec(),
              before.digest(),
              before.declared(),
              before.set(),
              author.name(),
              now);
      retired.put(ref, after);
      changes.add(
          new Change(
              ref,
              Change.Action.RETIRE,
              Optional.of(before.digest()),
              Optional.empty(),
              FieldChanges.removed(before.spec()),
              place));
    }

    Proposal built() {
      var sorted =
          changes.stream()
              .sorted(java.util.Comparator.comparing(Change::ref))
              .collect(Collectors.toUnmodifiableList());
      boolean any = sorted.stream().anyMatch(change -> !change.isNone());
      var next = State.of(current.version() + (any ? 1 : 0), active, retired);
      return new Proposal(current, next, sorted, written, author, now, restaging);
    }
  }
}
