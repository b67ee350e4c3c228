package dev.remit.server.authzen;

import static dev.remit.server.decisions.DecisionMembers.shortened;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.decisions.DecisionMembers;
import dev.remit.server.decisions.QuestionJson;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Writes what was answered to whom, before it is answered. The entries are `decision.asked`: they
/// have no outcome, since whoever asked is who enforces.
final class AskedRecords {
  private final Ledger ledger;

  AskedRecords(Ledger ledger) {
    this.ledger = ledger;
  }

  /// One answer and what it answers.
  record Answered(Answer answer, Access asked) {}

  /// Returns the receipts once everything is durable.
  List<Receipt> answered(
      Asker asker, Optional<String> requestId, List<Answered> answers, Instant now) {
    return ledger.appendAll(
        answers.stream()
            .map(one -> draft(entry(one.answer().id(), asker, requestId, now), one))
            .toList());
  }

  /// Records a search, whose candidates were judged one by one.
  ///
  /// @param policies the policies that judged; empty if there was nothing to judge
  Receipt searched(
      Asker asker,
      Optional<String> requestId,
      String kind,
      JsonNode query,
      Optional<Digest> policies,
      int considered,
      int shown,
      Instant now) {
    return ledger.append(
        entry(DecisionId.fresh(now), asker, requestId, now)
            .with("action", "search")
            .with("target", kind)
            .with("decision", "filter")
            .with("considered", considered)
            .with("shown", shown)
            .withMaybe("policies", policies.map(Digest::value)),
        Body.of("query", query.toString()));
  }

  private static Entry entry(DecisionId id, Asker asker, Optional<String> requestId, Instant now) {
    return Entry.of(EntryType.DECISION_ASKED, now)
        .with("id", id.value())
        .with("asker", asker.name())
        .withMaybe("askerTask", asker.task().map(TaskId::value))
        .withMaybe("requestId", requestId.map(DecisionMembers::shortened));
  }

  private static Ledger.Draft draft(Entry entry, Answered answered) {
    var asked = answered.asked();
    var about =
        entry
            .with("action", shortened(asked.action()))
            .with("target", shortened(asked.resource().id()))
            .with("resourceType", shortened(asked.resource().type()));
    return switch (answered.answer().judged()) {
      case Judged.ByPolicy(var identity, var question, var decided, var task) ->
          new Ledger.Draft(
              DecisionMembers.on(
                  who(about, identity)
                      // Without one it belongs to the asker's own, and needs no key for itself.
                      .withMaybe("task", task.map(TaskId::value))
                      .with("intent", shortened(question.task().intent()))
                      .with("resource", question.target().resource().value())
                      .with("policies", decided.policies()),
                  decided.decision()),
              List.of(new Body(QuestionJson.BODY, QuestionJson.bytes(question))));
      case Judged.Before(var identity, var reason, var detail, _) ->
          refused(identity.map(it -> who(about, it)).orElse(about), reason, detail, asked);
      case Judged.NotForYou() -> refused(about, "not-for-you", Wording.NOT_FOR_YOU, asked);
      case Judged.Unreadable(var what) -> refused(about, "unreadable", what, asked);
    };
  }

  private static Entry who(Entry entry, Identity identity) {
    return entry
        .with("identity", identity.spiffeId().value())
        .with("workflow", identity.workflow().value());
  }

  private static Ledger.Draft refused(Entry entry, String reason, String detail, Access asked) {
    return new Ledger.Draft(
        entry.with("decision", "deny").with("reason", reason).with("detail", shortened(detail)),
        List.of(Body.of("subject", asked.subject().type() + "/" + asked.subject().id())));
  }
}
