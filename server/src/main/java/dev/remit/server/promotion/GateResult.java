package dev.remit.server.promotion;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.kernel.promotion.GateRules;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the gate has come to, and what it has read for that.
///
/// @param scope of the evidence: from when to when
/// @param sizes how far each log had come, by its node
/// @param world digest of everything that is declared around the workflow
/// @param items in the order in which people are told
public record GateResult(
    WorkflowName workflow,
    Scope scope,
    SortedMap<String, Long> sizes,
    GateRules rules,
    Digest world,
    List<GateItem> items) {

  public GateResult {
    sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
    items = List.copyOf(items);
  }

  public boolean isOpen() {
    return !items.isEmpty() && items.stream().allMatch(GateItem::isMet);
  }

  /// Whether what governs access lets it through, whatever its models answer.
  public boolean isGoverned() {
    return items.stream().filter(item -> !item.isSafety()).allMatch(GateItem::isMet);
  }

  /// Whether its models were shown to answer safely, whatever they may reach; empty where that is
  /// not asked.
  public Optional<Boolean> isSafe() {
    return items.stream()
        .filter(GateItem::isSafety)
        .map(GateItem::isMet)
        .reduce(Boolean::logicalAnd);
  }

  public List<GateItem> unmet() {
    return items.stream().filter(item -> !item.isMet()).toList();
  }

  /// Returns the digest of [#toJson]: what somebody agrees to.
  public Digest digest() {
    return CanonicalJson.digest(toJson());
  }

  public ObjectNode toJson() {
    var json = JsonMapper.shared().createObjectNode().put("workflow", workflow.value());
    json.put("from", scope.from().toString()).put("until", scope.to().toString());
    var logs = json.putObject("logs");
    sizes.forEach(logs::put);
    json.set("rules", rules.toJson());
    json.put("world", world.value());
    // Two verdicts, and neither stands in for the other.
    var verdicts = json.putObject("verdicts").put("access-governance", word(isGoverned()));
    isSafe().ifPresent(safe -> verdicts.put("model-safety", word(safe)));
    var all = json.putArray("items");
    items.forEach(item -> all.add(item.toJson()));
    return json;
  }

  private static String word(boolean met) {
    return met ? "met" : "unmet";
  }
}
