package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Lifting;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.DecisionMembers;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.QuestionJson;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.TokenCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Writes what was decided about each request, and what became of it.
///
/// A decision is durable when these methods return; an outcome soon after. What the agent sent is
/// kept encrypted beside the entry, which itself holds only a commitment to it.
final class CallRecords {
  /// What an entry about a credential says where one about a call names its method.
  private static final String ISSUING = "credentials/issue";

  private final Ledger ledger;
  private final TaskUse use;
  private final Proposals proposals;
  private final Strangers strangers = new Strangers();

  /// @param use told how much each task was answered
  /// @param proposals told which of them is made now
  CallRecords(Ledger ledger, TaskUse use, Proposals proposals) {
    this.ledger = ledger;
    this.use = use;
    this.proposals = proposals;
  }

  /// Records that policy has decided `call`, and waits until that is durable. The question is kept
  /// with it, so that it can be asked again of other policies.
  Receipt decided(
      Call call,
      Asked asked,
      Question question,
      Decided decided,
      Optional<ApprovalId> approval,
      Instant now) {
    var entry =
        about(EntryType.CALL_DECIDED, call, now)
            .with("action", asked.action().word())
            .with("target", DecisionMembers.shortened(asked.item()))
            .withMaybe("approval", approval.map(ApprovalId::value));
    if (asked instanceof Asked.OfTool(var tool, _)) {
      entry =
          entry
              .with("definition", tool.definition())
              .with("touches", tool.dataClasses().stream().sorted().toList())
              .withMaybe("proposedBy", proposedBy(call, tool.name()));
    }
    if (call.isNarrowed()) {
      entry = entry.with("narrowed", true);
    }
    if (!question.facts().secrets().isNone()) {
      entry = entry.with("secrets", question.facts().secrets().kinds());
    }
    return ledger.append(
        DecisionMembers.on(entry, decided),
        call.isNarrowed()
            ? new Body[] {kept(question), new Body("sent", arguments(call))}
            : new Body[] {kept(question)});
  }

  private Optional<String> proposedBy(Call call, ToolName tool) {
    var task = call.agent().claims().task();
    if (!proposals.has(task)) {
      return Optional.empty();
    }
    try {
      return proposals
          .take(task, tool, ProposalDoor.digest(call.message().params().arguments()))
          .map(DecisionId::value);
    } catch (IllegalArgumentException e) {
      // Arguments without a canonical form were proposed by nobody.
      return Optional.empty();
    }
  }

  /// Records that `call` was let through to a list whose elements are judged one by one.
  Receipt listed(Call call, Decided decided, Instant now) {
    return ledger.append(
        about(EntryType.CALL_DECIDED, call, now)
            .with("action", "list")
            .with("target", call.method().toString())
            .with("decision", "filter")
            .with("policies", decided.policies())
            .withMaybe("observed", decided.observed().map(Lifting::value)));
  }

  /// Records what policy says of a request that the server makes of the agent's side.
  Receipt asked(DecisionId id, Session session, String method, Question question, Decided decided) {
    return ledger.append(
        DecisionMembers.on(
            who(EntryType.CALL_DECIDED, id, session.claims(), question.now())
                .with("resource", session.resource().name().value())
                .with("method", method)
                .with("action", question.action().word())
                .with("target", method),
            decided),
        kept(question));
  }

  /// Records that policy has decided whether a credential is issued.
  Receipt issuing(
      DecisionId id, TaskClaims claims, Asked.OfItem asked, Question question, Decided decided) {
    return ledger.append(
        DecisionMembers.on(
            who(EntryType.CALL_DECIDED, id, claims, question.now())
                .with("resource", asked.target().resource().value())
                .with("method", ISSUING)
                .with("action", asked.action().word())
                .with("target", asked.item()),
            decided),
        kept(question));
  }

  /// Records that a credential was refused before policy was asked.
  Receipt notIssuing(
      DecisionId id, TaskClaims claims, String resource, String profile, Refusal why, Instant now) {
    var said = Wording.of(why);
    return ledger.append(
        who(EntryType.CALL_REFUSED, id, claims, now)
            .with("resource", resource)
            .with("method", ISSUING)
            .with("target", DecisionMembers.shortened(profile))
            .with("reason", said.reason())
            .with("detail", DecisionMembers.shortened(said.text()))
            .with("remedy", DecisionMembers.shortened(said.next())));
  }

  /// Records that `call` was refused before policy was asked.
  Receipt refused(Call call, Refusal why, Instant now) {
    var said = Wording.of(why);
    return ledger.append(
        about(EntryType.CALL_REFUSED, call, now)
            .with("target", DecisionMembers.shortened(named(call)))
            .with("reason", said.reason())
            .with("detail", DecisionMembers.shortened(said.text()))
            .with("remedy", DecisionMembers.shortened(said.next())),
        sent(call));
  }

  /// Records that a request of `agent` was refused before it was understood.
  Receipt refused(DecisionId id, TaskClaims claims, String resource, Refusal why, Instant now) {
    var said = Wording.of(why);
    return ledger.append(
        who(EntryType.CALL_REFUSED, id, claims, now)
            .with("resource", resource)
            .with("reason", said.reason())
            .with("detail", DecisionMembers.shortened(said.text())));
  }

  /// Records that somebody came with a token that is not good, or not for this. Who has none is
  /// only looking for the way in; of those whose token is not even ours, a few in each minute are
  /// recorded.
  Optional<Receipt> turnedAway(
      DecisionId id, String resource, TokenCheck bad, String token, Instant now) {
    var said = Wording.of(new Refusal.BadToken(bad));
    var entry =
        Entry.of(EntryType.CALL_REFUSED, now)
            .with("id", id.value())
            .withMaybe("task", endedTask(bad))
            .with("resource", resource)
            .with("reason", said.reason())
            .with("detail", DecisionMembers.shortened(said.text()));
    return switch (bad) {
      case TokenCheck.Missing _ -> Optional.empty();
      case TokenCheck.NotHeld notHeld when notHeld.isFirstStep() -> Optional.empty();
      case TokenCheck.Invalid _ -> {
        var unrecorded = strangers.next(now);
        // The digest lets whoever holds the token find this entry; it tells others nothing.
        yield unrecorded.isEmpty()
            ? Optional.empty()
            : Optional.of(
                ledger.append(
                    entry
                        .with("presented", Digest.of(token))
                        .with("unrecorded", unrecorded.getAsLong())));
      }
      case TokenCheck _ -> Optional.of(ledger.append(entry));
    };
  }

  private static Optional<String> endedTask(TokenCheck bad) {
    return bad instanceof TokenCheck.TaskEnded(var task)
        ? Optional.of(task.value())
        : Optional.empty();
  }

  /// Records what became of a decided request, without waiting.
  void ended(DecisionId of, TaskClaims claims, Outcome outcome, Duration took, Instant now) {
    ended(claims, outcome, end(of, claims, outcome, took, now));
  }

  /// The same for a whole request, with whether its agent was still there.
  void ended(Call call, Outcome outcome, Duration took, Instant now) {
    ended(call.agent().claims(), outcome, end(call, outcome, took, now));
  }

  /// The same with what was seen in the answer, and how much of it was passed on, if not all.
  void ended(
      Call call,
      Outcome outcome,
      Delivery.Passed passed,
      Optional<Refusal> why,
      Duration took,
      Instant now) {
    var entry = end(call, outcome, took, now);
    if (!passed.secrets().isEmpty()) {
      entry = entry.with("secrets", passed.secrets());
    }
    if (passed.count().isPresent()) {
      entry =
          entry
              .with("redacted", passed.count().getAsInt())
              .withMaybe("passed", Optional.ofNullable(passed.answer()).map(CallRecords::digest))
              .withMaybe("reason", why.map(refusal -> Wording.of(refusal).reason()));
    }
    ended(call.agent().claims(), outcome, entry);
  }

  /// The same for a list, with what was left out of it and why.
  void ended(Call call, Outcome outcome, ListFilter.Left left, Duration took, Instant now) {
    ended(
        call.agent().claims(),
        outcome,
        end(call, outcome, took, now)
            .with("shown", left.shown())
            .with("withheld", left.withheld()));
  }

  private void ended(TaskClaims claims, Outcome outcome, Entry entry) {
    use.answered(claims, outcome.bytes(), entry.at());
    ledger.submit(entry);
  }

  private static String digest(byte[] bytes) {
    return Digest.of(bytes).value();
  }

  private static Entry end(Call call, Outcome outcome, Duration took, Instant now) {
    var entry = end(call.id(), call.agent().claims(), outcome, took, now);
    return call.exchange().agentHasLeft() ? entry.with("agentLeft", true) : entry;
  }

  private static Entry end(
      DecisionId of, TaskClaims claims, Outcome outcome, Duration took, Instant now) {
    return delegated(
            Entry.of(EntryType.CALL_ENDED, now)
                .with("of", of.value())
                .with("identity", claims.subject().value())
                .with("task", claims.task().value()),
            claims)
        .with("outcome", outcome.how().word())
        .with("status", outcome.status())
        .with("bytes", outcome.bytes())
        .with("tookMicros", took.toNanos() / 1_000)
        .withMaybe("answer", outcome.answer().map(Digest::value));
  }

  private static Entry about(EntryType type, Call call, Instant now) {
    return who(type, call.id(), call.agent().claims(), now)
        .with("resource", call.resource().name().value())
        .with("method", call.method().toString());
  }

  private static Entry who(EntryType type, DecisionId id, TaskClaims claims, Instant now) {
    return delegated(
        Entry.of(type, now)
            .with("id", id.value())
            .with("identity", claims.subject().value())
            .with("workflow", claims.workflow().value())
            .with("task", claims.task().value())
            .with("intent", claims.intent())
            .with("token", claims.jti()),
        claims);
  }

  /// Adds for whom it is done, and of which tasks it is a part.
  private static Entry delegated(Entry entry, TaskClaims claims) {
    var told = entry.withMaybe("person", claims.onBehalf().map(one -> one.person().value()));
    if (claims.delegators().isEmpty()) {
      return told;
    }
    var delegators = claims.delegators();
    return told.with("delegators", delegators.stream().map(one -> one.subject().value()).toList())
        .with("parents", delegators.stream().map(one -> one.task().value()).toList());
  }

  private static Body kept(Question question) {
    return new Body(QuestionJson.BODY, QuestionJson.bytes(question));
  }

  private static Body[] sent(Call call) {
    return call.message().params().arguments().isMissingNode()
        ? new Body[0]
        : new Body[] {new Body("arguments", arguments(call))};
  }

  private static byte[] arguments(Call call) {
    return call.message().params().arguments().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String named(Call call) {
    var params = call.message().params();
    return params.name().isEmpty() ? params.uri() : params.name();
  }
}
