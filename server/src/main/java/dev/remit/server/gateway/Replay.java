package dev.remit.server.gateway;

import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.Executed;
import dev.remit.server.approvals.Executed.What;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Answers the repeat of a call that was made under an approval with what became of it. Nothing is
/// sent to the server, whatever is known or not.
final class Replay {
  static final String MEMBER = "dev.remit/replayed";
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  /// Numbers keep their digits: what is replayed is what was answered.
  private static final JsonMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final InstantSource clock;
  private final Approvals approvals;
  private final CallRecords records;
  private final Patience patience;

  Replay(InstantSource clock, Approvals approvals, CallRecords records, Patience patience) {
    this.clock = clock;
    this.approvals = approvals;
    this.records = records;
    this.patience = patience;
  }

  /// Waits for the outcome if it may still come, and tells it.
  void of(Call call, Approval approval, AgentSide agent) throws AgentGone {
    var id = approval.id();
    Optional<Executed> made =
        patience.until(
            call,
            agent,
            "the call was released under approval " + id + " and is under way",
            patience -> approvals.awaitOutcome(id, patience, clock),
            found -> found.isEmpty() || !(found.get().what() instanceof What.Unknown));
    if (made == null) {
      Telling.tell(call, call.cutShort(), agent);
      return;
    }
    if (made.isEmpty()) {
      Telling.tell(call, new Refusal.OutcomeNotKept(id, "its answer is no longer kept"), agent);
      return;
    }
    switch (made.get().what()) {
      case What.Answered(var message) -> tell(call, approval, made.get(), message, agent);
      case What.Unknown() ->
          Telling.tell(call, new Refusal.OutcomeUnknown(id, made.get().usedAt()), agent);
      case What.TooLarge() ->
          Telling.tell(
              call, new Refusal.OutcomeNotKept(id, "its answer was too large to be kept"), agent);
      case What.NotSent() ->
          Telling.tell(
              call, new Refusal.ApprovalVoid(id, "its call did not reach the server"), agent);
    }
  }

  private void tell(Call call, Approval approval, Executed made, byte[] message, AgentSide agent)
      throws AgentGone {
    var outcome = Outcome.of(Outcome.How.REPLAYED, 200, message);
    records.ended(call.id(), call.agent().claims(), outcome, Duration.ZERO, clock.instant());
    agent.send(200, JSON, answering(call, approval, made, message));
  }

  /// The stored message as the answer to another request, marked for whoever wants to know.
  private static byte[] answering(Call call, Approval approval, Executed made, byte[] message) {
    var answer = (ObjectNode) EXACT.readTree(message);
    answer.set("id", EXACT.readTree(call.message().id().json()));
    if (answer.path("result") instanceof ObjectNode result) {
      var meta = result.path("_meta") instanceof ObjectNode had ? had : result.putObject("_meta");
      meta.putObject(MEMBER)
          .put("approval", approval.id().value())
          .put("decision", made.decision().value())
          .put("executedAt", made.usedAt().toString());
    }
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }
}
