package dev.remit.server.gateway;

import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.wire.Message;
import java.time.InstantSource;

/// Carries `initialize`, and binds the session it opens to the task that opened it, before the
/// client learns the session's id.
final class Opening {
  private final InstantSource clock;
  private final CallRecords records;
  private final Sessions sessions;
  private final Carriage carriage;
  private final GatewayConfig config;

  Opening(
      InstantSource clock,
      CallRecords records,
      Sessions sessions,
      Carriage carriage,
      GatewayConfig config) {
    this.clock = clock;
    this.records = records;
    this.sessions = sessions;
    this.carriage = carriage;
    this.config = config;
  }

  void carry(Call call, AgentSide agent) throws AgentGone {
    if (!sessions.hasRoom(call.resource().name(), call.agent().claims())) {
      var why = new Refusal.Unreachable("this task has too many sessions open");
      agent.show(call.id(), records.refused(call, why, clock.instant()));
      Telling.tell(call, why, agent);
      return;
    }
    var carried = carriage.carry(call, agent, new Binding(call), config.answerWithin());
    if (carried instanceof Carried.Failed(_, var why)) {
      Telling.tell(call, why, agent);
    }
  }

  private final class Binding implements AnswerRule {
    private final Call call;

    Binding(Call call) {
      this.call = call;
    }

    @Override
    public void begins(Arrival arrival) {
      var id = arrival.headers().getOrDefault("mcp-session-id", "");
      if (!id.isEmpty()) {
        var session =
            new Session(
                id,
                call.agent().claims(),
                call.agent().workflow().owner(),
                call.resource(),
                call.route());
        session.used(clock.instant());
        sessions.bind(session);
      }
    }

    @Override
    public Passing passing(Message.Answer answer, byte[] bytes) {
      return new Passing.Untouched();
    }
  }
}
