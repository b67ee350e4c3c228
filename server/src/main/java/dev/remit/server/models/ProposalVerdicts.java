package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.gateway.ProposalDoor;
import dev.remit.server.models.GovernedQuestion.Asks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Judges a call that a model proposes, and records it.
final class ProposalVerdicts {
  private final InstantSource clock;
  private final ProposalDoor door;
  private final Undeclared undeclared;
  private final QuestionRecords records;

  ProposalVerdicts(
      InstantSource clock, ProposalDoor door, Undeclared undeclared, QuestionRecords records) {
    this.clock = clock;
    this.door = door;
    this.undeclared = undeclared;
    this.records = records;
  }

  Passing.Verdict of(Asks asks, Seen seen, String name, String kind, String arguments) {
    var asked = asks.asked();
    var now = clock.instant();
    var id = DecisionId.fresh(now);
    var given = Given.of(kind, arguments);
    var found =
        given.isJson()
            ? judged(asks, name, given, now)
            : new ProposalDoor.Found.MayNot(
                Optional.empty(),
                Optional.empty(),
                "broken-arguments",
                "its arguments are not JSON",
                "propose it again with arguments that are one JSON object");
    var tool = found.tool();
    records.proposed(asked, id, name, tool, given.digest(), arguments, found, now);
    boolean passes = found instanceof ProposalDoor.Found.May;
    seen.proposed(new ModelAnswer.Proposal(id, name, tool, given.digest(), passes));
    if (passes && tool.isPresent()) {
      door.remember(asked.claims(), tool.get(), given.digest(), id, now);
    }
    return found instanceof ProposalDoor.Found.MayNot(_, _, _, var text, var next)
        ? new Passing.Verdict(false, ErrorBody.inPlaceOf(name, text, next, id))
        : new Passing.Verdict(true, "");
  }

  private ProposalDoor.Found judged(Asks asks, String name, Given given, Instant now) {
    var asked = asks.asked();
    return ProposalDoor.meant(asked.registered(), asked.claims(), name).isEmpty()
        ? undeclared.judge(asks, name, now)
        : door.judge(
            asked.token(),
            asked.claims(),
            asked.workflow(),
            asked.registered(),
            name,
            given.json(),
            asks.readOnly(),
            now);
  }
}
