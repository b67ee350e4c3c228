package dev.remit.server.models;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.DecisionMembers;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.QuestionJson;
import dev.remit.server.decisions.Target;
import dev.remit.server.gateway.ProposalDoor;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.TokenCheck;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Writes what was decided about each question, what its model proposed, and what became of it.
///
/// A question is an entry like a call: `call.decided` with action `ask`, or `call.refused`, and
/// `call.ended`. What was asked and answered is kept encrypted beside.
final class QuestionRecords {
  private final Ledger ledger;
  private final Looking looking;

  /// @param looking cuts secrets out of names that an agent or a model has chosen
  QuestionRecords(Ledger ledger, Looking looking) {
    this.ledger = ledger;
    this.looking = looking;
  }

  /// Records that policy has decided, and waits until that is durable.
  Receipt decided(
      Asked asked,
      Question question,
      Decided decided,
      Optional<Sending> sending,
      Spending.Reservation reserved,
      Optional<ApprovalId> approval,
      Instant now) {
    var request = asked.request();
    var entry =
        about(EntryType.CALL_DECIDED, asked, now)
            .with("action", question.action().word())
            .with("target", looking.without(target(asked, question)))
            .with("fingerprint", asked.model().fingerprint().value())
            .with("streams", request.streams())
            .with("tokens", reserved.tokens())
            .with("costMicros", reserved.costMicros())
            .withMaybe("system", request.systemPrompt().map(Digest::value))
            .withMaybe("approval", approval.map(ApprovalId::value));
    boolean isPlain = question.facts().secrets().isNone();
    entry = listed(entry, "offered", without(isPlain, request.tools().keySet()));
    entry = listed(entry, "hosted", without(isPlain, request.hostedTools()));
    entry = listed(entry, "retains", request.retains());
    entry = listed(entry, "added", sending.map(Sending::added).orElse(List.of()));
    entry = listed(entry, "secrets", question.facts().secrets().kinds());
    if (sending.map(Sending::redacted).orElse(0) > 0) {
      entry = entry.with("redacted", sending.get().redacted());
    }
    entry = listed(entry, "lowered", sending.map(Sending::narrowed).orElse(List.of()));
    var bodies = new ArrayList<Body>();
    bodies.add(new Body(QuestionJson.BODY, QuestionJson.bytes(question)));
    bodies.add(new Body("prompt", asked.bytes()));
    return ledger.append(DecisionMembers.on(entry, decided), bodies.toArray(Body[]::new));
  }

  private Collection<String> without(boolean isPlain, Collection<String> names) {
    return isPlain ? names : names.stream().map(looking::without).toList();
  }

  private static String target(Asked asked, Question question) {
    return question.target() instanceof Target.OfModel(var model, _, var item)
            && question.action() != Action.ASK
        ? DecisionMembers.shortened(model + " " + item)
        : asked.model().name().value();
  }

  private static Entry listed(Entry entry, String name, Collection<String> words) {
    return words.isEmpty()
        ? entry
        : entry.with(
            name, words.stream().sorted().limit(100).map(DecisionMembers::shortened).toList());
  }

  /// Records that it was refused before policy was asked.
  Receipt refused(Asked asked, Refusal why, Instant now) {
    return ledger.append(
        because(
            about(EntryType.CALL_REFUSED, asked, now).with("target", asked.model().name().value()),
            why),
        new Body("prompt", asked.bytes()));
  }

  /// Records that something was refused that could not be understood as a question.
  Receipt refused(
      DecisionId id,
      TaskClaims claims,
      ResourceName resource,
      String method,
      Refusal why,
      Instant now) {
    return ledger.append(
        because(
            ProposalDoor.entry(EntryType.CALL_REFUSED, id, claims, now)
                .with("resource", resource.value())
                .with("method", method),
            why));
  }

  private Entry because(Entry entry, Refusal why) {
    var said = Wording.of(why);
    return entry
        .with("reason", said.reason())
        .with("detail", DecisionMembers.shortened(looking.without(said.text())))
        .with("remedy", DecisionMembers.shortened(looking.without(said.next())));
  }

  /// Records who came with a token of ours that is not good any more, or not for this. A token that
  /// is none of ours is everybody's to make, and leaves no entry.
  Optional<Receipt> turnedAway(DecisionId id, ResourceName resource, TokenCheck bad, Instant now) {
    if (bad instanceof TokenCheck.Missing
        || bad instanceof TokenCheck.Invalid
        || (bad instanceof TokenCheck.NotHeld held && held.isFirstStep())) {
      return Optional.empty();
    }
    return Optional.of(
        ledger.append(
            because(
                Entry.of(EntryType.CALL_REFUSED, now)
                    .with("id", id.value())
                    .with("resource", resource.value()),
                new Refusal.BadToken(bad))));
  }

  /// A call that is proposed, as it is put on record.
  ///
  /// @param digest of its arguments
  /// @param secrets kinds of secrets that were seen in it, whether they are still there or not
  record Proposed(String wireName, Digest digest, String arguments, Collection<String> secrets) {}

  /// Records a call that the model proposes, before the agent is shown it or told of its refusal.
  void proposed(Asked asked, DecisionId id, Proposed call, ProposalDoor.Found found, Instant now) {
    var entry =
        about(EntryType.MODEL_PROPOSED, asked.decidedAs(id), now)
            .with("of", asked.id().value())
            .with("model", asked.model().name().value())
            .with("tool", DecisionMembers.shortened(call.wireName()))
            .withMaybe("target", found.tool().map(ToolName::toString))
            .with("arguments", call.digest().value());
    entry = listed(entry, "secrets", call.secrets());
    entry =
        switch (found) {
          case ProposalDoor.Found.May(_, var decided) ->
              decided.isEmpty()
                  ? entry.with("verdict", "passed")
                  : DecisionMembers.on(entry.with("verdict", "passed"), decided.get());
          case ProposalDoor.Found.MayNot(_, var decided, var reason, var text, _) -> {
            var refused =
                entry
                    .with("verdict", "refused")
                    .with("reason", reason)
                    .with("detail", DecisionMembers.shortened(text));
            yield decided.isEmpty() ? refused : DecisionMembers.on(refused, decided.get());
          }
        };
    ledger.append(entry, new Body("arguments", call.arguments().getBytes(StandardCharsets.UTF_8)));
  }

  /// Records what became of a question, without waiting.
  void ended(
      Asked asked,
      ModelAnswer answer,
      Seen seen,
      Texts texts,
      long costMicros,
      Optional<Refusal> why) {
    var tokens = answer.tokens();
    var entry =
        ProposalDoor.ended(asked.id(), asked.claims(), answer.how(), answer.status(), answer.at())
            .with("workflow", asked.workflow().name().value())
            .with("bytes", seen.bytes())
            .with("tookMicros", answer.whole().toNanos() / 1_000)
            .with("firstByteMicros", answer.firstByte().toNanos() / 1_000)
            .with("tokensIn", tokens.input())
            .with("tokensCached", tokens.cached())
            .with("tokensOut", tokens.output())
            .with("tokens", tokens.all())
            .with("costMicros", costMicros)
            .with("counted", tokens.counted().word())
            .withMaybe("model", answer.named())
            .withMaybe("systemFingerprint", answer.systemFingerprint())
            .withMaybe("serviceTier", answer.serviceTier())
            .withMaybe("finish", answer.finish())
            .withMaybe("reason", why.map(it -> Wording.of(it).reason()));
    entry = seen.bytes() == 0 ? entry : entry.with("answer", seen.digest().value());
    entry = listed(entry, "hosted", seen.hosted());
    entry = listed(entry, "secrets", texts.kinds());
    if (texts.cuts() > 0) {
      entry = entry.with("redacted", texts.cuts());
    }
    if (!answer.proposals().isEmpty()) {
      entry =
          entry.with(
              "proposed",
              answer.proposals().stream().limit(128).map(one -> one.id().value()).toList());
    }
    if (asked.exchange().agentHasLeft()) {
      entry = entry.with("agentLeft", true);
    }
    if (seen.text().isEmpty()) {
      ledger.submit(entry);
    } else {
      ledger.submit(entry, Body.of("answer", texts.withoutCut(seen.text())));
    }
  }

  private static Entry about(EntryType type, Asked asked, Instant now) {
    return ProposalDoor.entry(type, asked.id(), asked.claims(), now)
        .with("resource", asked.resource().name().value())
        .with("method", asked.request().endpoint().path());
  }
}
