package dev.remit.server.promotion;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.promotion.Gate;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.changes.Changes;
import dev.remit.server.evidence.LiveEvidence;
import dev.remit.server.exceptions.Acceptance;
import dev.remit.server.exceptions.Exceptions;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Asks the gate of the live logs, and of what is open in the findings. Nothing that anybody
/// uploads or ticks is looked at.
public final class LiveGate {
  /// Raised about the gate itself, so it must not hold the gate shut.
  static final String DECAYED = "proof-decayed";

  private final LiveEvidence evidence;
  private final Registry registry;
  private final Findings findings;
  private final Exceptions exceptions;
  private final PromotionConfig config;
  private final ModelSafety safety;

  public LiveGate(
      LiveEvidence evidence,
      Registry registry,
      Findings findings,
      Exceptions exceptions,
      PromotionConfig config,
      Changes changes) {
    this.evidence = evidence;
    this.registry = registry;
    this.findings = findings;
    this.exceptions = exceptions;
    this.config = config;
    this.safety = new ModelSafety(changes);
  }

  /// Computes it anew; takes as long as reading what the workflow has done.
  ///
  /// @return empty if no such workflow is declared
  public Optional<GateResult> of(WorkflowName workflow, Instant now) {
    if (registry.current().workflow(workflow).isEmpty()) {
      return Optional.empty();
    }
    var read = evidence.of(workflow, config.lookBack(), now);
    var gate = new Gate(read.scope(), config.rules());
    read.declared().forEach(gate::declare);
    read.entries().forEach(gate::add);
    var items = new ArrayList<>(gate.items());
    items.add(findings(workflow, now));
    if (config.rules().modelSafety()) {
      items.add(safety.of(workflow));
    }
    return Optional.of(
        new GateResult(
            workflow, read.scope(), read.sizes(), config.rules(), world(workflow), items));
  }

  /// Returns the digest of everything that is declared around `workflow`: what a promotion rests
  /// on, beside what was done.
  Digest world(WorkflowName workflow) {
    var json = JsonMapper.shared().createObjectNode();
    for (var ref : registry.around(workflow, Optional.empty())) {
      registry.find(ref).ifPresent(stored -> json.put(ref.toString(), stored.digest().value()));
    }
    return CanonicalJson.digest(json);
  }

  private GateItem findings(WorkflowName workflow, Instant now) {
    var names = names(workflow);
    var accepted = exceptions.accepted(now);
    var open =
        findings.open(Finding.Severity.HIGH).stream()
            .filter(finding -> !finding.kind().equals(DECAYED) && isAbout(finding, names))
            .toList();
    var bare = open.stream().filter(finding -> !accepted.containsKey(finding.id())).toList();
    return bare.isEmpty()
        ? GateItem.met("findings-accepted", said(open, accepted), List.of())
        : GateItem.unmet(
            "findings-accepted",
            "%d serious findings about it are open: %s"
                .formatted(bare.size(), bare.getFirst().summary()),
            List.of(),
            "deal with it and `remit findings close %1$s`, or let two people accept it for a while:"
                + " `remit exception request %1$s`".formatted(bare.getFirst().id()));
  }

  private static String said(List<Finding> open, Map<FindingId, Acceptance> accepted) {
    return open.isEmpty()
        ? "no serious finding about it is open"
        : "%d serious findings are accepted, the first until %s"
            .formatted(
                open.size(),
                open.stream()
                    .flatMap(one -> Optional.ofNullable(accepted.get(one.id())).stream())
                    .flatMap(one -> one.expiresAt().stream())
                    .sorted()
                    .findFirst()
                    .map(Instant::toString)
                    .orElse("now"));
  }

  /// By which words a finding may speak of the workflow or of what belongs to it alone.
  private Set<String> names(WorkflowName workflow) {
    var names = new HashSet<String>();
    names.add(workflow.value());
    for (var identity : registry.current().identities()) {
      if (identity.workflow().equals(workflow)) {
        names.add(identity.key());
        names.add(identity.spiffeId().value());
        registry
            .current()
            .grants(identity.name())
            .forEach(grant -> names.add(new Ref(Kind.GRANT, grant.key()).name()));
      }
    }
    return names;
  }

  private static boolean isAbout(Finding finding, Set<String> names) {
    return List.of(finding.subject().split("[\\s,/]+")).stream().anyMatch(names::contains)
        || names.contains(finding.subject());
  }
}
