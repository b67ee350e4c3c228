package dev.remit.kernel.evidence;

import dev.remit.kernel.evidence.Trace.Link;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What one entry rests on, from the person who answers for it down. This file is the whole chain:
/// owner, workflow, identity, grants, who delegated, task, token, prompts, decision, definition,
/// policies, approval.
final class Behind {
  private static final int PROMPTS_MAX = 20;

  private final TracedEntries known;
  private final RecordedEntry entry;

  /// The decision that the entry belongs to; itself where it is one or belongs to none.
  private final RecordedEntry decision;

  private final List<Link> links = new ArrayList<>();

  Behind(TracedEntries known, RecordedEntry entry) {
    this.known = known;
    this.entry = entry;
    this.decision =
        entry
            .of()
            .flatMap(of -> known.first(other -> other.id().equals(Optional.of(of))))
            .orElse(entry);
  }

  List<Link> links() {
    said("workflow").ifPresent(this::workflow);
    said("identity").ifPresent(this::identity);
    delegators();
    said("task").ifPresent(task -> add("task", starts(EntryType.TASK_STARTED, task)));
    said("token").ifPresent(token -> add("token", starts(EntryType.TOKEN_ISSUED, token)));
    prompts();
    if (decision.index() != entry.index()) {
      links.add(known.link(decision));
    }
    said("definition").ifPresent(this::definition);
    said("policies").ifPresent(this::policies);
    approval().ifPresent(this::approval);
    return links;
  }

  private void workflow(String name) {
    known
        .declaredBefore(entry, "workflow", name)
        .ifPresent(change -> {
          var spec = known.spec(change);
          link("owner", spec.path("owner").asString("not declared"), change);
          link("workflow", name + ": " + spec.path("purpose").asString("") + by(change), change);
        });
  }

  /// An entry names the SPIFFE ID; declared is a name, whose ID is its last segment unless the
  /// manifest says otherwise.
  private void identity(String spiffeId) {
    var change =
        known.lastBefore(
            entry,
            other ->
                other.type() == EntryType.REGISTRY_CHANGED
                    && other.text("kind").equals(Optional.of("identity"))
                    && isNamed(other, spiffeId));
    change.ifPresent(found -> {
      link("identity", spiffeId + by(found), found);
      grants(found.text("name").orElse(""));
    });
  }

  private boolean isNamed(RecordedEntry identity, String spiffeId) {
    var declared = known.spec(identity).path("spiffeId").asString("");
    return declared.isEmpty()
        ? spiffeId.endsWith("/" + identity.text("name").orElse(""))
        : declared.equals(spiffeId);
  }

  private void grants(String identity) {
    known
        .all(other ->
            other.index() < entry.index()
                && other.type() == EntryType.REGISTRY_CHANGED
                && other.text("kind").equals(Optional.of("grant"))
                && known
                    .declaredBefore(entry, "grant", other.text("name").orElse(""))
                    .equals(Optional.of(other))
                && known.spec(other).path("identity").asString("").equals(identity))
        .forEach(change -> {
          var spec = known.spec(change);
          link(
              "grant",
              change.text("name").orElse("")
                  + " approved by "
                  + spec.path("approvedBy").asString("nobody")
                  + " until "
                  + spec.path("expires").asString("it is retired")
                  + by(change),
              change);
        });
  }

  /// The tasks of which this is a part, the first who delegated first.
  private void delegators() {
    var tasks = new ArrayList<String>();
    decision.content().path("parents").forEach(task -> tasks.add(task.asString("")));
    if (tasks.isEmpty()) {
      decision.text("parent").ifPresent(tasks::add);
    }
    for (var task : tasks) {
      starts(EntryType.TASK_STARTED, task)
          .ifPresent(start ->
              link(
                  "delegator", start.text("identity").orElse("") + " of a part of " + task, start));
    }
  }

  private Optional<RecordedEntry> starts(EntryType type, String id) {
    return known.first(other ->
        other.type() == type
            && other.id().equals(Optional.of(id))
            && other.index() != entry.index());
  }

  private void prompts() {
    var before =
        known.all(other ->
            other.index() < decision.index()
                && TracedEntries.isPrompt(other)
                && said("task").equals(other.text("task")));
    before
        .subList(Math.max(0, before.size() - PROMPTS_MAX), before.size())
        .forEach(prompt -> add("prompt", Optional.of(prompt)));
  }

  private void definition(String digest) {
    add(
        "definition",
        known.lastBefore(
            entry,
            other ->
                other.type() == EntryType.DEFINITION_PINNED
                    && other.text("definition").equals(Optional.of(digest))));
  }

  /// The version of the policy set, and which revision of each policy decided.
  private void policies(String digest) {
    add(
        "policies",
        known.lastBefore(
            entry,
            other ->
                other.type() == EntryType.POLICY_ACTIVATED
                    && other.text("policies").equals(Optional.of(digest))));
    for (var name : decision.content().path("because")) {
      known
          .declaredBefore(entry, "policy", name.asString(""))
          .ifPresent(change ->
              link(
                  "policy",
                  name.asString("")
                      + " revision "
                      + change.content().path("revision").asLong(0)
                      + by(change),
                  change));
    }
  }

  private Optional<String> approval() {
    return said("approval")
        .or(() ->
            decision
                .id()
                .flatMap(id ->
                    known.first(other ->
                        other.type() == EntryType.APPROVAL_OPENED
                            && other.of().equals(Optional.of(id))))
                .flatMap(opened -> opened.text("approval")));
  }

  /// What was agreed to, the assumptions that it is bound to, and who answered.
  private void approval(String id) {
    approval(id, true);
  }

  private void approval(String id, boolean follow) {
    known
        .all(other ->
            other.index() < entry.index()
                && other.text("approval").equals(Optional.of(id))
                && (other.type() == EntryType.APPROVAL_OPENED
                    || other.type() == EntryType.APPROVAL_AGREED
                    || other.type() == EntryType.APPROVAL_SETTLED))
        .forEach(step -> {
          if (step.type() == EntryType.APPROVAL_OPENED) {
            // One use of an approval for a task: what people agreed to is behind that one, which
            // is never itself a use.
            step.text("under").filter(_ -> follow).ifPresent(under -> approval(under, false));
            link("approval", id + " rests on " + assumptions(step.content()), step);
          } else if (step.type() == EntryType.APPROVAL_AGREED) {
            var by = step.text("by").orElse("") + " as " + said(step.content().path("as"));
            link("answer", "agreed by " + by + " at " + step.at(), step);
          } else {
            var answer = step.text("outcome").orElse("") + " by " + step.text("by").orElse("");
            link("answer", answer + " at " + step.at(), step);
          }
        });
  }

  private static String assumptions(JsonNode opened) {
    var bound =
        List.of("bound", "definition", "policies", "intent", "because", "roles", "lapsesAt")
            .stream()
            .filter(opened::has)
            .map(member -> member + " " + said(opened.path(member)));
    var assumed = opened.path("assumptions").valueStream().map(one -> "assumes " + strings(one));
    return Stream.concat(bound, assumed).collect(Collectors.joining(", "));
  }

  private static String strings(JsonNode one) {
    return one.valueStream()
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .collect(Collectors.joining(" "));
  }

  private static String said(JsonNode value) {
    return value.isString()
        ? value.stringValue()
        : value.valueStream().map(one -> one.asString("")).collect(Collectors.joining(" "));
  }

  private Optional<String> said(String member) {
    return entry.text(member).or(() -> decision.text(member));
  }

  private static String by(RecordedEntry change) {
    return ", declared by " + change.text("by").orElse("");
  }

  private void add(String what, Optional<RecordedEntry> found) {
    found
        .map(known::link)
        .ifPresent(link -> links.add(new Link(what, link.says(), link.entry(), link.node())));
  }

  private void link(String what, String says, RecordedEntry source) {
    links.add(known.link(what, TracedEntries.plain(says), source));
  }
}
