package dev.remit.kernel.promotion;

import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What was done within the period of a gate, as far as the gate asks.
final class Deeds {
  /// How long the last that was proven has stood.
  record Proof(Instant at, boolean met, String place, String says) {}

  /// How far one change has come.
  record Stand(String state, String place) {}

  private final Map<String, Set<String>> used = new TreeMap<>();
  private final List<String> decisions = new ArrayList<>();
  private final List<String> nobody = new ArrayList<>();
  private final List<String> ownAnswers = new ArrayList<>();
  private final List<String> standing = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Stand> changes = new TreeMap<>();
  private Optional<Proof> approval = Optional.empty();
  private Optional<Proof> reversal = Optional.empty();
  private boolean asks;
  private Optional<Proof> drill = Optional.empty();
  private Optional<Proof> taskEnd = Optional.empty();
  private Optional<Proof> exercise = Optional.empty();

  void add(RecordedEntry entry, DeclaredWorld world, String workflow) {
    switch (entry.type()) {
      case CALL_DECIDED -> decided(entry, world, workflow);
      case APPROVAL_SETTLED -> settled(entry, world, workflow);
      case TOKEN_ISSUED -> issued(entry);
      case DRILL_FINISHED -> {
        if (isOf(entry, workflow)) {
          drill = Optional.of(proof(entry, "met".equals(said(entry, "outcome")), "drill"));
        }
      }
      case CONTROL_MEASURED -> {
        if (taken.contains(said(entry, "task"))) {
          boolean complete = entry.content().path("complete").asBoolean(false);
          taskEnd = Optional.of(proof(entry, complete, "end of task " + said(entry, "task")));
        }
      }
      case CHANGE_MOVED -> changed(entry, workflow);
      case CHANGE_REVERSED -> {
        if (isOf(entry, workflow)) {
          reversal = Optional.of(proof(entry, "met".equals(said(entry, "outcome")), "rollback"));
        }
      }
      case EXERCISE_FINISHED ->
          exercise = Optional.of(proof(entry, "met".equals(said(entry, "outcome")), "exercise"));
      // Everything else proves nothing that the gate asks.
      default -> {}
    }
  }

  private void decided(RecordedEntry entry, DeclaredWorld world, String workflow) {
    if (!isOf(entry, workflow)) {
      return;
    }
    var place = DeclaredWorld.place(entry);
    decisions.add(place);
    asks |= said(entry, "action").equals("ask");
    used.computeIfAbsent(said(entry, "identity"), _ -> new HashSet<>()).add(said(entry, "target"));
    if (said(entry, "task").isEmpty()) {
      standing.add(place);
    }
    // Who answers for it is who owned the workflow then, and was there.
    var owner = world.find("workflow", workflow).map(row -> row.text("owner"));
    boolean someone =
        owner
            .flatMap(name -> world.find("person", name))
            .filter(person -> person.text("standing").equals("active"))
            .isPresent();
    if (!someone) {
      nobody.add(place);
    }
  }

  private void changed(RecordedEntry entry, String workflow) {
    if (!isOf(entry, workflow)) {
      return;
    }
    var to = said(entry, "to");
    changes.put(said(entry, "of"), new Stand(to, DeclaredWorld.place(entry)));
    // What nobody had to agree to took no time of anybody.
    if (to.equals("approved") && !said(entry, "by").equals("remit")) {
      approval = Optional.of(proof(entry, "met".equals(said(entry, "outcome")), "approval"));
    }
  }

  private void settled(RecordedEntry entry, DeclaredWorld world, String workflow) {
    boolean granted = "granted".equals(said(entry, "outcome")) && isOf(entry, workflow);
    var owner = world.find("workflow", workflow).map(row -> row.text("owner")).orElse("");
    if (granted && said(entry, "by").equals(owner)) {
      ownAnswers.add(DeclaredWorld.place(entry));
    }
  }

  private void issued(RecordedEntry entry) {
    taken.add(said(entry, "task"));
    if (said(entry, "task").isEmpty() || said(entry, "expiresAt").isEmpty()) {
      standing.add(DeclaredWorld.place(entry));
    }
  }

  private static Proof proof(RecordedEntry entry, boolean met, String says) {
    return new Proof(entry.at(), met, DeclaredWorld.place(entry), says);
  }

  private static boolean isOf(RecordedEntry entry, String workflow) {
    return said(entry, "workflow").equals(workflow);
  }

  private static String said(RecordedEntry entry, String member) {
    return entry.text(member).orElse("");
  }

  /// What each identity, by its SPIFFE ID, has called or tried to call.
  Set<String> used(String spiffeId) {
    return used.getOrDefault(spiffeId, Set.of());
  }

  List<String> decisions() {
    return decisions;
  }

  /// Decisions for which nobody answered.
  List<String> nobody() {
    return nobody;
  }

  /// Held calls that the owner, who asks for them, has agreed to.
  List<String> ownAnswers() {
    return ownAnswers;
  }

  /// Use of anything that no task bounds.
  List<String> standing() {
    return standing;
  }

  /// Changes of what decides its identities, by id.
  Map<String, Stand> changes() {
    return changes;
  }

  /// The last approval of a change that took a person.
  Optional<Proof> approval() {
    return approval;
  }

  /// The last change that was taken back.
  Optional<Proof> reversal() {
    return reversal;
  }

  /// Whether a model was asked through Remit, so that its answers are on record.
  boolean asks() {
    return asks;
  }

  Optional<Proof> drill() {
    return drill;
  }

  Optional<Proof> taskEnd() {
    return taskEnd;
  }

  Optional<Proof> exercise() {
    return exercise;
  }
}
