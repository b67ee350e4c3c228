package dev.remit.server.changes;

import dev.remit.kernel.change.Difference;
import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.change.Part;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.risk.AccessPath;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a change is opened and classified: because something else is declared, or because somebody
/// has told or an answer has shown what nobody declared. What nobody is needed for is carried on in
/// the same transaction.
final class Opening {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int AT_ONCE = 100;
  private static final int SAID_MAX = 500;
  private static final int DIFFERENCES_SAID = 3;

  private final Ledger ledger;
  private final Registry registry;
  private final ChangesConfig config;
  private final Approved approved;
  private final Approving approving;
  private final Moves moves;

  Opening(
      Ledger ledger,
      Registry registry,
      ChangesConfig config,
      Approved approved,
      Approving approving,
      Moves moves) {
    this.ledger = ledger;
    this.registry = registry;
    this.config = config;
    this.approved = approved;
    this.approving = approving;
    this.moves = moves;
  }

  /// Opens a change for each identity whose declared fingerprint nobody has looked at.
  ///
  /// @param adopting whether what runs now is adopted as it is
  /// @return whether there was any
  boolean declared(Registered registered, boolean adopting, Instant now) {
    var unknown =
        registered.identities().stream()
            .filter(identity -> identity.model().flatMap(registered::model).isPresent())
            .filter(identity -> approved.of(identity, registered).isEmpty())
            .sorted(Comparator.comparing(Identity::name))
            .toList();
    for (int from = 0; from < unknown.size(); from += AT_ONCE) {
      var some = unknown.subList(from, Math.min(unknown.size(), from + AT_ONCE));
      ledger.transact(recording -> {
        some.forEach(identity -> declared(recording, identity, registered, adopting, now));
        recording.tx().notify(ChangeStore.CHANNEL, "");
        return some.size();
      });
    }
    return !unknown.isEmpty();
  }

  private void declared(
      Recording recording,
      Identity identity,
      Registered registered,
      boolean adopting,
      Instant now) {
    var fingerprint = Fingerprints.of(identity, registered).orElseThrow();
    var before = approved.lastGood(identity);
    var why =
        before
            .map(was -> said(fingerprint.since(was.fingerprint())))
            .orElse("it is the first that decides `" + identity.name() + "`");
    var draft = new Draft(identity, registered, fingerprint, before, Origin.APPLY);
    opened(recording, draft, draft.author(registry), why, adopting, now);
  }

  private static String said(List<Difference> differences) {
    return differences.stream()
            .limit(DIFFERENCES_SAID)
            .map(Difference::said)
            .collect(Collectors.joining("; "))
        + (differences.size() > DIFFERENCES_SAID
            ? "; and " + (differences.size() - DIFFERENCES_SAID) + " more"
            : "");
  }

  /// Opens a change because of something that is not declared: a notice, or what was seen. What is
  /// in use becomes suspect in the same transaction.
  ///
  /// @param kind what differs, a word such as `notice` or `model`
  /// @param value what it is now, in the other's own words; at most 500 characters count
  /// @return the change, or the one that says so already; empty where no model decides `identity`
  Optional<ChangeId> seen(
      Identity identity, Origin origin, String kind, String value, PersonName by, Instant now) {
    var registered = registry.current();
    var declared = Fingerprints.of(identity, registered);
    if (declared.isEmpty()) {
      return Optional.empty();
    }
    var shown = value.length() <= SAID_MAX ? value : value.substring(0, SAID_MAX);
    var known = approved.of(identity, registered);
    var governing = Approved.governing(known);
    var fingerprint = declared.get().with(Part.OBSERVED, JSON.objectNode().put(kind, shown));
    var same = known.stream().filter(one -> one.fingerprint().equals(fingerprint)).findFirst();
    if (same.isPresent()) {
      return same.map(Change::id);
    }
    var why = kind + " is now `" + shown + "`";
    var draft = new Draft(identity, registered, fingerprint, governing, origin);
    return Optional.of(
        ledger.transact(recording -> {
          var id = opened(recording, draft, by, why, false, now);
          governing
              .filter(change -> change.state().isGood())
              .ifPresent(change ->
                  moves.to(
                      recording, change, change.state(), State.SUSPECT, Moves.REMIT, why, now));
          recording.tx().notify(ChangeStore.CHANNEL, "");
          return id;
        }));
  }

  /// Opens, classifies and carries on as far as nobody is needed; nothing if one of the same
  /// fingerprint is alive.
  private ChangeId opened(
      Recording recording, Draft draft, PersonName by, String why, boolean adopting, Instant now) {
    var fresh = draft.opened(registry, by, why, now);
    if (!moves.open(recording, fresh)) {
      return fresh.id();
    }
    var found =
        assess(draft.identity(), draft.registered(), fresh.fingerprint(), draft.before(), now);
    moves.classified(recording, fresh, found, config.triggers());
    boolean alone = adopting || !takesAPerson(fresh, found, draft.registered());
    if (alone || found.suites().isEmpty()) {
      var reason = alone ? "nothing is demanded of it" : "its axes demand no evaluation";
      moves.to(recording, fresh, State.CLASSIFIED, State.EVALUATED, Moves.REMIT, reason, now);
    }
    if (alone) {
      var reason =
          adopting
              ? "it ran before changes were controlled"
              : found.verdict() == Verdict.ROUTINE
                  ? "no axis is touched by what is within reach"
                  : "a pilot's changes are recorded, and approved with its promotion";
      approving.agreed(recording, fresh, Moves.REMIT, reason, draft.registered(), now);
    }
    return fresh.id();
  }

  private Assessment assess(
      Identity identity,
      Registered registered,
      Fingerprint fingerprint,
      Optional<Change> before,
      Instant now) {
    // What was within reach then is not declared any more; what was assessed then still says it.
    var reached = before.map(was -> Paths.after(was.assessment())).orElse(List.<AccessPath>of());
    return Classifying.of(
        identity,
        registered,
        fingerprint,
        before.map(Change::fingerprint),
        reached,
        config.triggers(),
        now);
  }

  private boolean takesAPerson(Change change, Assessment found, Registered registered) {
    return found.verdict() != Verdict.ROUTINE
        && (change.origin() != Origin.APPLY
            || config.approval() == ChangesConfig.Approval.ALWAYS
            || Containment.isLeft(change, found, registered)
            || isProduction(change.workflow(), registered));
  }

  private static boolean isProduction(WorkflowName workflow, Registered registered) {
    return registered.workflow(workflow).filter(one -> one.stage() == Stage.PRODUCTION).isPresent();
  }

  /// What of a proposal is a change of what decides an identity.
  ///
  /// @return an array of what each would be classified as
  ArrayNode foresee(Registered next, Instant now) {
    var json = JSON.arrayNode();
    next.identities().stream()
        .sorted(Comparator.comparing(Identity::name))
        .forEach(identity ->
            Fingerprints.of(identity, next)
                .filter(one -> approved.of(identity.spiffeId(), one.digest()).isEmpty())
                .ifPresent(one -> json.add(foreseen(identity, next, one, now))));
    return json;
  }

  private ObjectNode foreseen(Identity identity, Registered next, Fingerprint one, Instant now) {
    var before = approved.lastGood(identity);
    var found = assess(identity, next, one, before, now);
    var json =
        JSON.objectNode()
            .put("identity", identity.name().value())
            .put("model", identity.model().map(ModelName::value).orElse(""))
            .put("fingerprint", one.digest().value());
    before.ifPresent(was -> json.put("before", was.id().value()));
    json.setAll(found.json());
    return json.put(
        "approval",
        found.verdict() != Verdict.ROUTINE
            && (isProduction(identity.workflow(), next)
                || config.approval() == ChangesConfig.Approval.ALWAYS
                || Containment.isLeft(identity, found, next)));
  }
}
