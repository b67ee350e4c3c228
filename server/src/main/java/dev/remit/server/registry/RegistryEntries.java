package dev.remit.server.registry;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says a change of the registry to the ledger: what, from which digest to which, and by whom;
/// never the specification itself.
final class RegistryEntries {
  private RegistryEntries() {}

  /// Returns one `registry.changed` for each change, one `definition.pinned` for each tool whose
  /// reviewed definition is new or another, and one `risk.changed` for each of `risks`.
  static List<Entry> of(Proposal proposal, List<RiskChange> risks) {
    var entries = new ArrayList<Entry>();
    for (var change : proposal.changes()) {
      if (!change.isNone()) {
        entries.add(changed(proposal, change));
        pinned(proposal, change).ifPresent(entries::add);
      }
    }
    risks.forEach(change -> entries.add(risk(proposal, change)));
    return entries;
  }

  private static Entry risk(Proposal proposal, RiskChange change) {
    var entry =
        Entry.of(EntryType.RISK_CHANGED, proposal.now())
            .with("registry", proposal.next().version())
            .with("workflow", change.workflow().value());
    var told =
        change
            .before()
            .map(was ->
                entry.with("before", was.riskClass().word()).with("scoreBefore", was.score()))
            .orElse(entry);
    return told.with("after", change.after().riskClass().word())
        .with("score", change.after().score())
        .with("because", change.after().because())
        .with("rises", change.isRise())
        .with("by", proposal.author().name().value());
  }

  static Entry activated(Proposal proposal, String before, String after) {
    return Entry.of(EntryType.POLICY_ACTIVATED, proposal.now())
        .with("registry", proposal.next().version())
        .withMaybe("before", Optional.of(before).filter(digest -> !digest.isEmpty()))
        .with("policies", after)
        .with("by", proposal.author().name().value());
  }

  private static Entry changed(Proposal proposal, Change change) {
    var stored = stored(proposal, change);
    return Entry.of(EntryType.REGISTRY_CHANGED, proposal.now())
        .with("registry", proposal.next().version())
        .with("action", change.action().word())
        .with("kind", change.ref().kind().noun())
        .with("name", change.ref().name())
        .with("revision", stored.revision())
        .with("set", stored.set())
        .withMaybe("before", change.before().map(digest -> digest.value()))
        .withMaybe("after", change.after().map(digest -> digest.value()))
        .with("by", proposal.author().name().value());
  }

  private static Optional<Entry> pinned(Proposal proposal, Change change) {
    if (change.ref().kind() != Kind.TOOL || change.action() == Change.Action.RETIRE) {
      return Optional.empty();
    }
    var before =
        Optional.ofNullable(proposal.current().active().get(change.ref()))
            .map(was -> definition(was.spec()));
    var after = definition(stored(proposal, change).spec());
    if (before.filter(after::equals).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        Entry.of(EntryType.DEFINITION_PINNED, proposal.now())
            .with("tool", change.ref().name())
            .withMaybe("before", before)
            .with("definition", after)
            .with("by", proposal.author().name().value()));
  }

  private static Stored stored(Proposal proposal, Change change) {
    var next = proposal.next();
    var state = change.action() == Change.Action.RETIRE ? next.retired() : next.active();
    return Optional.ofNullable(state.get(change.ref())).orElseThrow();
  }

  private static String definition(ObjectNode spec) {
    return spec.at("/definition/digest").stringValue();
  }
}
