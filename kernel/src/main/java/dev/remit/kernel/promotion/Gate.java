package dev.remit.kernel.promotion;

import dev.remit.kernel.evidence.Completeness;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.evidence.Snapshot;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.promotion.DeclaredWorld.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What must be shown of a workflow before it is trusted with production, as far as its evidence
/// shows it. This file is the whole list, in the order in which people are told; ADR 0111 says why
/// each.
///
/// Give it what was declared ([#declare]), then every entry of the workflow's evidence in order
/// ([#add]), then ask ([#items]). What cannot be told is not met.
public final class Gate {
  private static final int NAMED_MAX = 3;

  private final String workflow;
  private final GateRules rules;
  private final Instant until;
  private final DeclaredWorld world = new DeclaredWorld();
  private final Deeds deeds = new Deeds();
  private final Completeness completeness;
  private long calls;

  /// @param scope of the evidence: the workflow, and from when to when
  public Gate(Scope scope, GateRules rules) {
    this.workflow = scope.subject();
    this.rules = rules;
    this.until = scope.to();
    this.completeness = new Completeness(scope, true);
  }

  public void declare(Snapshot snapshot) {
    world.declare(snapshot);
  }

  public void add(RecordedEntry entry) {
    world.add(entry);
    deeds.add(entry, world, workflow);
    completeness.add(entry);
    calls++;
  }

  /// Returns how many entries it has seen.
  public long entries() {
    return calls;
  }

  public List<GateItem> items() {
    var all = new ArrayList<>(first());
    if (rules.telemetryMin() >= 0 && all.size() > 1) {
      all.add(new ModelItems(workflow, world, deeds, rules).telemetry());
      all.add(new ModelItems(workflow, world, deeds, rules).changeControl());
    }
    return List.copyOf(all);
  }

  private List<GateItem> first() {
    var declared = world.find("workflow", workflow);
    return declared.isEmpty()
        ? List.of(
            GateItem.unknown(
                "ownership",
                "workflow `" + workflow + "` is not declared",
                "`remit get workflows` lists those that are"))
        : List.of(
            ownership(declared.get()),
            permissionsApproved(declared.get()),
            accessRecorded(),
            revocationProven(),
            taskScoped(),
            leastPrivilege(),
            dutiesSeparated(declared.get()),
            evidenceComplete(),
            retentionAndContacts(declared.get()),
            escalationAlert(),
            accountability(),
            modelConditions());
  }

  private GateItem ownership(Row declared) {
    var missing = new ArrayList<String>();
    var owner = world.find("person", declared.text("owner"));
    if (owner.filter(Gate::isHere).isEmpty()) {
      missing.add("an owner who is here");
    }
    var sponsor = world.find("person", declared.text("sponsor"));
    if (sponsor.filter(Gate::isHere).isEmpty()) {
      missing.add("a sponsor who is here");
    }
    if (declared.text("purpose").isBlank()) {
      missing.add("a purpose");
    }
    if (world.identities(workflow).isEmpty()) {
      missing.add("an identity of its own");
    }
    return missing.isEmpty()
        ? GateItem.met(
            "ownership",
            "`%s` owns it, `%s` sponsors it, and %d of its own identities serve it"
                .formatted(
                    declared.text("owner"),
                    declared.text("sponsor"),
                    world.identities(workflow).size()),
            List.of(declared.place()))
        : GateItem.unmet(
            "ownership",
            "it has not " + listed(missing),
            List.of(declared.place()),
            "`remit describe workflow %s`, add what is missing to its manifest, and `remit apply` it"
                .formatted(workflow));
  }

  private GateItem permissionsApproved(Row declared) {
    var grants = world.grants(workflow);
    if (grants.isEmpty()) {
      return GateItem.unmet(
          "permissions-approved",
          "nothing is granted to it, so nobody has approved anything",
          List.of(),
          "`remit explain` what it needs, and `remit apply` a grant that somebody else approves");
    }
    var own =
        grants.stream()
            .filter(grant ->
                List.of(grant.by(), declared.text("owner")).contains(grant.text("approvedBy"))
                    || grant.text("approvedBy").isEmpty())
            .toList();
    return own.isEmpty()
        ? GateItem.met(
            "permissions-approved",
            "each of its %d grants was approved by somebody who neither wrote nor asked for it"
                .formatted(grants.size()),
            places(grants))
        : GateItem.unmet(
            "permissions-approved",
            "nobody else has approved " + names(own),
            places(own),
            "let another person with the role approver agree, name them under `approvedBy` of grant"
                + " `%s`, and `remit apply` it".formatted(own.getFirst().name()));
  }

  private GateItem accessRecorded() {
    var idle =
        world.identities(workflow).stream()
            .filter(identity -> world.grants(workflow).stream().anyMatch(isOf(identity)))
            .filter(identity -> deeds.used(identity.text("spiffeId")).isEmpty())
            .toList();
    if (deeds.decisions().isEmpty() || !idle.isEmpty()) {
      return GateItem.unmet(
          "access-recorded",
          deeds.decisions().isEmpty()
              ? "nothing that it accessed is on record"
              : "nothing is on record of " + names(idle),
          List.of(),
          "`remit connect` an agent and let it do its work as a pilot; what needs no access needs no"
              + " grant");
    }
    return GateItem.met(
        "access-recorded",
        "what it accessed is on record: %d decisions".formatted(deeds.decisions().size()),
        newest(deeds.decisions()));
  }

  private GateItem revocationProven() {
    var next = "`remit drill run --workflow " + workflow + "`";
    return proven(
        "revocation-proven", deeds.drill().or(deeds::taskEnd), "how its access is revoked", next);
  }

  private GateItem escalationAlert() {
    return proven(
        "escalation-alert",
        deeds.exercise(),
        "that somebody is told when its authority grows",
        "`remit promote exercise " + workflow + "`");
  }

  private GateItem proven(String item, Optional<Deeds.Proof> found, String what, String next) {
    if (found.isEmpty()) {
      return GateItem.unmet(item, "nothing has shown " + what, List.of(), next);
    }
    var proof = found.get();
    var evidence = List.of(proof.place());
    if (!proof.met()) {
      return GateItem.unmet(
          item, "the last " + proof.says() + " missed its target", evidence, next);
    }
    boolean fresh = !proof.at().plus(rules.provenWithin()).isBefore(until);
    return fresh
        ? GateItem.met(item, proof.says() + " met its target at " + proof.at(), evidence)
        : GateItem.unmet(
            item,
            "the last %s was at %s, more than %s ago"
                .formatted(proof.says(), proof.at(), said(rules.provenWithin())),
            evidence,
            next);
  }

  private GateItem taskScoped() {
    var revealing = world.grants(workflow).stream().filter(this::reveals).toList();
    if (!deeds.standing().isEmpty()) {
      return GateItem.unmet(
          "task-scoped",
          "something was used that no task bounds",
          newest(deeds.standing()),
          "`remit trace` the entry, and let the agent ask for a token for its task");
    }
    return revealing.isEmpty()
        ? GateItem.met(
            "task-scoped", "all that it is given belongs to a task and ends with it", List.of())
        : GateItem.unmet(
            "task-scoped",
            "a secret that is shown outlives the task: " + names(revealing),
            places(revealing),
            "let Remit present the secret instead (`auth` or `headers` of the resource), leave"
                + " `profiles` out of grant `%s`, and `remit apply` both"
                    .formatted(revealing.getFirst().name()));
  }

  private boolean reveals(Row grant) {
    return !grant.texts("profiles").isEmpty()
        && world
            .find("resource", grant.text("resource"))
            .filter(resource -> resource.spec().at("/upstream/http").isObject())
            .isPresent();
  }

  private GateItem leastPrivilege() {
    var wide = new ArrayList<Row>();
    var places = new ArrayList<String>();
    for (var grant : world.grants(workflow)) {
      if (isWide(grant)) {
        wide.add(grant);
        places.add(grant.place());
      }
    }
    return wide.isEmpty()
        ? GateItem.met("least-privilege", "its grants name little that it does not use", List.of())
        : GateItem.unmet(
            "least-privilege",
            "more is granted than used, by " + names(wide),
            places,
            "`remit findings unused` names the tools; take them out of grant `%s` and `remit apply`"
                .formatted(wide.getFirst().name()));
  }

  private boolean isWide(Row grant) {
    var tools = grant.texts("tools");
    if (tools.contains("*")) {
      return true;
    }
    if (tools.isEmpty()) {
      return false;
    }
    var spiffeId =
        world.find("identity", grant.text("identity")).map(one -> one.text("spiffeId")).orElse("");
    var used = deeds.used(spiffeId);
    long unused =
        tools.stream().filter(tool -> !used.contains(grant.text("resource") + "/" + tool)).count();
    return unused * 100 > (long) tools.size() * rules.unusedPercentMax();
  }

  private GateItem dutiesSeparated(Row declared) {
    if (declared.text("owner").equals(declared.text("sponsor"))) {
      return GateItem.unmet(
          "duties-separated",
          "owner and sponsor are one person",
          List.of(declared.place()),
          "name another `sponsor` in the manifest of workflow `%s`, and `remit apply` it"
              .formatted(workflow));
    }
    return deeds.ownAnswers().isEmpty()
        ? GateItem.met(
            "duties-separated", "whoever asks, approves and owns are different people", List.of())
        : GateItem.unmet(
            "duties-separated",
            "its owner has agreed to its own held calls",
            newest(deeds.ownAnswers()),
            "`remit trace` the approvals, and let somebody else answer from now on");
  }

  private GateItem evidenceComplete() {
    long figure = completeness.figure();
    var says =
        "its evidence is %s %% complete, with %d gaps"
            .formatted(percent(figure), completeness.gaps().size());
    return figure >= rules.completenessMin()
        ? GateItem.met("evidence-complete", says, List.of())
        : GateItem.unmet(
            "evidence-complete",
            says + "; %s %% are needed".formatted(percent(rules.completenessMin())),
            completeness.gaps().stream().map(gap -> gap.node() + ":" + gap.index()).toList(),
            "`remit evidence export --workflow %s`: its answer.md names each gap and its cause"
                .formatted(workflow));
  }

  private GateItem retentionAndContacts(Row declared) {
    var retention = days(declared.text("retention"));
    if (retention.isEmpty() || retention.get().compareTo(rules.retentionMin()) < 0) {
      return GateItem.unmet(
          "retention-and-contacts",
          "its evidence is not kept for at least " + said(rules.retentionMin()),
          List.of(declared.place()),
          "write `retention: %dd` into the manifest of workflow `%s`, and `remit apply` it"
              .formatted(rules.retentionMin().toDays(), workflow));
    }
    return declared.text("escalation").isBlank()
        ? GateItem.unmet(
            "retention-and-contacts",
            "nobody is named whom to reach when something goes wrong",
            List.of(declared.place()),
            "write `escalation` into the manifest of workflow `%s`, and `remit apply` it"
                .formatted(workflow))
        : GateItem.met(
            "retention-and-contacts",
            "its evidence is kept for %s, and `%s` is told of incidents"
                .formatted(said(retention.get()), declared.text("escalation")),
            List.of(declared.place()));
  }

  private GateItem accountability() {
    if (deeds.decisions().isEmpty()) {
      return GateItem.unknown(
          "accountability",
          "there is no past action for which somebody could answer",
          "`remit connect` an agent and let it do its work as a pilot");
    }
    return deeds.nobody().isEmpty()
        ? GateItem.met(
            "accountability",
            "for each of its %d decisions there is a person who answered for it then"
                .formatted(deeds.decisions().size()),
            newest(deeds.decisions()))
        : GateItem.unmet(
            "accountability",
            "nobody answered for %d of its decisions".formatted(deeds.nobody().size()),
            newest(deeds.nobody()),
            "`remit describe workflow %s`, and name an owner who is here".formatted(workflow));
  }

  private GateItem modelConditions() {
    var wrong = new TreeSet<String>();
    var places = new ArrayList<String>();
    for (var identity : world.identities(workflow)) {
      why(identity)
          .ifPresent(why -> {
            wrong.add(why);
            places.add(identity.place());
          });
    }
    return wrong.isEmpty()
        ? GateItem.met("model-conditions", "no model behind it stands in the way", List.of())
        : GateItem.unmet(
            "model-conditions",
            String.join("; ", wrong),
            places,
            "declare the model with its lifecycle, and for a beta `rollbackWhen` and"
                + " `reapproveWhen`; then `remit apply`");
  }

  private Optional<String> why(Row identity) {
    boolean thinks = Set.of("agent", "chatbot").contains(identity.text("kind"));
    var name = identity.text("model");
    if (name.isEmpty()) {
      return thinks
          ? Optional.of("nobody has declared the model of `" + identity.name() + "`")
          : Optional.empty();
    }
    var model = world.find("model", name);
    if (model.isEmpty()) {
      return Optional.of("the model `" + name + "` is not declared");
    }
    return switch (model.get().text("lifecycle")) {
      case "ga", "deprecated" -> Optional.empty();
      case "beta" ->
          (model.get().texts("rollbackWhen").isEmpty()
                      && model.get().spec().path("rollback").isEmpty())
                  || model.get().texts("reapproveWhen").isEmpty()
              ? Optional.of(
                  "the beta model `" + name + "` has no criteria of rollback and re-approval")
              : Optional.empty();
      case String lifecycle -> Optional.of("the model `" + name + "` is " + lifecycle);
    };
  }

  private static boolean isHere(Row person) {
    return person.text("standing").equals("active");
  }

  private static java.util.function.Predicate<Row> isOf(Row identity) {
    return grant -> grant.text("identity").equals(identity.name());
  }

  private static Optional<Duration> days(String text) {
    var number = text.endsWith("d") ? text.substring(0, text.length() - 1) : "";
    return number.matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofDays(Long.parseLong(number)))
        : Optional.empty();
  }

  private static String said(Duration duration) {
    return duration.toDays() > 0 ? duration.toDays() + " days" : duration.toSeconds() + " s";
  }

  private static String percent(long tenThousandths) {
    return tenThousandths / 100 + "." + "%02d".formatted(tenThousandths % 100);
  }

  private static List<String> newest(List<String> places) {
    return places.reversed();
  }

  private static List<String> places(List<Row> rows) {
    return rows.stream().map(Row::place).toList();
  }

  private static String names(List<Row> rows) {
    var first =
        rows.stream().limit(NAMED_MAX).map(row -> row.kind() + " `" + row.name() + "`").toList();
    return listed(first)
        + (rows.size() > NAMED_MAX ? " and " + (rows.size() - NAMED_MAX) + " more" : "");
  }

  private static String listed(List<String> words) {
    return String.join(", ", words);
  }
}
