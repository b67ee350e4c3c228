package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.SecretKind;
import dev.remit.server.decisions.SecretFacts;
import dev.remit.server.gateway.ProposalDoor;
import dev.remit.server.gateway.ProposalDoor.Found;
import dev.remit.server.inspection.Exposed;
import dev.remit.server.models.GovernedQuestion.Asks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Judges a call that a model proposes, before the agent sees it, and records that.
///
/// Its arguments are looked at like those of a call that is made. What may not pass of an answer is
/// cut out of them first; then they are judged, and remembered, as the agent gets them.
final class ProposedCalls {
  private final InstantSource clock;
  private final ProposalDoor door;
  private final Undeclared undeclared;
  private final Looking looking;
  private final QuestionRecords records;

  ProposedCalls(
      InstantSource clock,
      ProposalDoor door,
      Undeclared undeclared,
      Looking looking,
      QuestionRecords records) {
    this.clock = clock;
    this.door = door;
    this.undeclared = undeclared;
    this.looking = looking;
    this.records = records;
  }

  /// One call, as the model wrote it.
  ///
  /// @param kind `function`, `custom`, or what else the dialect calls it
  record Call(String name, String kind, String arguments) {
    Call with(String other) {
      return new Call(name, kind, other);
    }
  }

  Passing.Verdict of(Asks asks, Seen seen, Texts texts, Call proposed) {
    var asked = asks.asked();
    var seenIn = looking.atProposal(asked, target(asks, proposed), proposed);
    texts.saw(seenIn);
    var clean =
        Looking.mustCut(seenIn, texts.cutting())
            ? clean(proposed, texts.cutting())
            : Optional.of(proposed);
    var call = clean.orElse(proposed);
    boolean isChanged = !call.equals(proposed);
    if (isChanged) {
      texts.cutOfCall();
    }
    var now = clock.instant();
    var id = DecisionId.fresh(now);
    var given = Given.of(call.kind(), call.arguments());
    var facts = Looking.facts(isChanged ? looking.again(call) : seenIn);
    var found =
        clean.isEmpty()
            ? shows()
            : given.isJson() ? told(judged(asks, call, given, facts, now), seenIn) : broken();
    records.proposed(
        asked,
        id,
        new QuestionRecords.Proposed(
            looking.without(call.name()), given.digest(), call.arguments(), seenIn.kinds()),
        found,
        now);
    boolean passes = found instanceof Found.May;
    var tool = found.tool();
    seen.proposed(new ModelAnswer.Proposal(id, call.name(), tool, given.digest(), passes));
    if (passes && tool.isPresent()) {
      door.remember(asked.claims(), tool.get(), given.digest(), id, now);
    }
    return found instanceof Found.MayNot(_, _, _, var text, var next)
        ? new Passing.Verdict(
            false,
            looking.cut(ErrorBody.inPlaceOf(call.name(), text, next, id), texts.cutting()),
            Optional.empty())
        : new Passing.Verdict(
            true, "", isChanged ? Optional.of(call.arguments()) : Optional.empty());
  }

  /// The tool as policy names it, or as the model does.
  private static String target(Asks asks, Call call) {
    var asked = asks.asked();
    return ProposalDoor.meant(asked.registered(), asked.claims(), call.name()).stream()
        .findFirst()
        .map(tool -> tool.name().toString())
        .orElse(Wording.shortened(call.name()));
  }

  /// Cuts these kinds out of its arguments; empty if one stands where it cannot be.
  private Optional<Call> clean(Call call, Set<SecretKind> kinds) {
    var other = call.with(without(Given.of(call.kind(), call.arguments()), call, kinds));
    return Looking.mustCut(looking.again(other), kinds) ? Optional.empty() : Optional.of(other);
  }

  private String without(Given given, Call call, Set<SecretKind> kinds) {
    if (given.isFreeText() || !(given.json() instanceof ObjectNode json)) {
      return looking.cut(call.arguments(), kinds);
    }
    looking.cut(json, kinds);
    return json.toString();
  }

  private Found judged(Asks asks, Call call, Given given, SecretFacts secrets, Instant now) {
    var asked = asks.asked();
    return ProposalDoor.meant(asked.registered(), asked.claims(), call.name()).isEmpty()
        ? undeclared.judge(asks, call.name(), secrets, now)
        : door.judge(
            asked.token(),
            asked.claims(),
            asked.workflow(),
            asked.registered(),
            call.name(),
            new ProposalDoor.Given(given.json(), secrets),
            asks.readOnly(),
            now);
  }

  /// A refusal may repeat names that the model has chosen.
  private Found told(Found found, Exposed seenIn) {
    return !seenIn.isNone()
            && found instanceof Found.MayNot(var tool, var decided, var reason, var text, var next)
        ? new Found.MayNot(tool, decided, reason, looking.without(text), next)
        : found;
  }

  private static Found broken() {
    return new Found.MayNot(
        Optional.empty(),
        Optional.empty(),
        "broken-arguments",
        "its arguments are not JSON",
        "propose it again with arguments that are one JSON object");
  }

  private static Found shows() {
    return new Found.MayNot(
        Optional.empty(),
        Optional.empty(),
        "secret-in-call",
        "a secret stands in it where it cannot be cut out",
        "propose it again without");
  }
}
