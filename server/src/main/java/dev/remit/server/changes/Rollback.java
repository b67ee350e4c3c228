package dev.remit.server.changes;

import dev.remit.kernel.change.Difference;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Body;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Takes a change back: what was declared when the last good fingerprint was approved is declared
/// again, in one apply and one transaction with the end of the change. Measured from when it was
/// asked for, or from when the criterion was met, until it is durable.
///
/// Nobody has to agree: what is restored was agreed to, and waiting for a second person would be
/// what a criterion of rollback is there to avoid.
public final class Rollback {
  private final Changes changes;
  private final Registry registry;
  private final InstantSource clock;
  private final ChangeStore store = new ChangeStore();
  private final Moves moves = new Moves(store);

  public Rollback(Changes changes, Registry registry, InstantSource clock) {
    this.changes = changes;
    this.registry = registry;
    this.clock = clock;
  }

  /// What becomes of it.
  public sealed interface Done {

    /// What decides the identity is what was approved before.
    ///
    /// @param differences how the fingerprint differs from the change that was taken back
    /// @param whole whether the fingerprint is exactly the one that was approved
    record Restored(
        Change to, List<Difference> differences, boolean whole, Duration took, boolean inTime)
        implements Done {
      public Restored {
        differences = List.copyOf(differences);
      }
    }

    /// Nothing was changed.
    ///
    /// @param next what to do instead, beginning with a command
    record Refused(String reason, String why, String next) implements Done {}
  }

  /// Takes a change back; empty if there is no such change.
  ///
  /// @param since from when the time is counted
  public Optional<Done> of(ChangeId id, PersonName by, String reason, Instant since) {
    return changes.row(id).map(change -> of(change, by, reason, since));
  }

  private Done of(Change change, PersonName by, String reason, Instant since) {
    var registered = registry.current();
    var identity = registered.identity(change.identity());
    if (change.state() == State.RETIRED || identity.isEmpty()) {
      return new Done.Refused(
          "change-over", change.id() + " is over", "`remit changes list` shows what is in use");
    }
    var target = target(change);
    if (target.isEmpty()) {
      return new Done.Refused(
          "nothing-before",
          "nothing that still holds was approved before " + change.id(),
          "`remit changes suspend "
              + change.id()
              + "`, or declare another model and `remit apply`");
    }
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var withdrawn = withdrawn(target.get(), now);
    if (withdrawn.isPresent()) {
      return new Done.Refused(
          "target-withdrawn",
          withdrawn.get(),
          fallback(target.get())
              .map(name ->
                  "declare its fallback `%s` as the model of `%s`, and `remit apply`"
                      .formatted(name, identity.get().name()))
              .orElse(
                  "`remit changes suspend "
                      + change.id()
                      + "`, and declare another model: this one has no fallback"));
    }
    return restore(change, target.get(), identity.get(), registered, by, reason, since, now);
  }

  private Done restore(
      Change change,
      Change target,
      Identity identity,
      Registered registered,
      PersonName by,
      String reason,
      Instant since,
      Instant now) {
    var revisions = new TreeMap<Ref, Long>();
    target
        .revisions()
        .propertyStream()
        .forEach(entry -> revisions.put(ref(entry), entry.getValue().longValue()));
    var newer =
        Fingerprints.refs(identity, registered).stream()
            .filter(ref -> ref.kind() == Kind.GRANT && !revisions.containsKey(ref))
            .toList();
    var took = Duration.between(since, now);
    boolean inTime = took.compareTo(changes.config().rollbackWithin()) <= 0;
    var applied =
        registry.restore(
            revisions,
            newer,
            new Author(by, EnumSet.allOf(Role.class)),
            now,
            recording -> {
              var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
              if (!moves.to(
                  recording,
                  change,
                  change.state(),
                  State.RETIRED,
                  by,
                  "taken back: " + reason,
                  at)) {
                return false;
              }
              recording.append(
                  reversed(change, target, by, Duration.between(since, at), at),
                  Body.of("reason", reason));
              recording.tx().notify(ChangeStore.CHANNEL, "");
              return true;
            });
    changes.reload();
    return switch (applied) {
      case Applied.Done _ -> {
        var after = registry.current();
        boolean whole =
            after
                .identity(change.identity())
                .flatMap(known -> Fingerprints.of(known, after))
                .filter(one -> one.digest().equals(target.declared()))
                .isPresent();
        var differences = target.fingerprint().since(change.fingerprint());
        yield new Done.Restored(target, differences, whole, took, inTime);
      }
      case Applied.Refused(var planned) ->
          new Done.Refused(
              "declaration-refused",
              planned.flaws().isEmpty()
                  ? "what was declared then cannot be declared now"
                  : planned.flaws().getFirst().message(),
              planned.flaws().isEmpty()
                  ? "`remit changes show " + change.id() + "`, and apply what it was by hand"
                  : planned.flaws().getFirst().remedy());
      case Applied.Stale _ ->
          new Done.Refused(
              "plan-stale",
              "somebody else changed the registry or this change meanwhile",
              "`remit changes rollback " + change.id() + "` again");
      case Applied.Unknown(var ref) ->
          new Done.Refused(
              "declaration-gone",
              ref + " is no longer on record as it was",
              "declare it and `remit apply`");
      case Applied.Waiting(_, var request) ->
          throw new IllegalStateException("a rollback asks nobody: " + request);
    };
  }

  private Entry reversed(Change change, Change target, PersonName by, Duration took, Instant at) {
    var within = changes.config().rollbackWithin();
    return Entry.of(EntryType.CHANGE_REVERSED, at)
        .with("of", change.id().value())
        .with("identity", change.identity().value())
        .with("workflow", change.workflow().value())
        .with("to", target.id().value())
        .with("fingerprint", target.fingerprint().digest())
        .with("millis", took.toMillis())
        .with("target", within.toSeconds())
        .with("outcome", took.compareTo(within) <= 0 ? "met" : "missed")
        .with("by", by.value());
  }

  /// The last that was approved before, is declared otherwise, and still holds.
  private Optional<Change> target(Change change) {
    var next = change.before();
    while (next.isPresent()) {
      var before = changes.row(next.get());
      if (before
          .filter(one -> one.state().isGood() && !one.declared().equals(change.declared()))
          .isPresent()) {
        return before;
      }
      next = before.flatMap(Change::before);
    }
    return Optional.empty();
  }

  private Optional<String> withdrawn(Change target, Instant now) {
    if (target.expiresAt().filter(now::isBefore).isEmpty()) {
      return Optional.of("the approval of " + target.id() + " has expired");
    }
    var model = registry.current().model(target.model());
    if (model.isEmpty()) {
      return Optional.of("the model `" + target.model() + "` is no longer declared");
    }
    boolean gone =
        model.get().lifecycle() == Lifecycle.WITHDRAWN
            || model.get().terms().withdrawsAt().filter(at -> !now.isBefore(at)).isPresent();
    return gone
        ? Optional.of("the model `" + target.model() + "` is itself withdrawn by its provider")
        : Optional.empty();
  }

  private Optional<String> fallback(Change target) {
    return registry
        .current()
        .model(target.model())
        .map(Model::terms)
        .flatMap(terms -> terms.fallback())
        .map(name -> name.value());
  }

  private static Ref ref(Map.Entry<String, ?> entry) {
    int at = entry.getKey().indexOf('/');
    var noun = entry.getKey().substring(0, at);
    for (var kind : Kind.values()) {
      if (kind.noun().equals(noun)) {
        return new Ref(kind, entry.getKey().substring(at + 1));
      }
    }
    throw new IllegalArgumentException("`" + entry.getKey() + "` names nothing");
  }
}
