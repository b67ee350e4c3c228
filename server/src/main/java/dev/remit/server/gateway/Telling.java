package dev.remit.server.gateway;

import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.gateway.wire.Event;
import java.util.Map;

/// Tells an agent that its request was refused or failed, in whatever form there is still room for.
final class Telling {
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  private Telling() {}

  static void tell(Call call, Refusal why, AgentSide agent) throws AgentGone {
    if (call.exchange().cut().filter(cut -> cut.how() == How.CANCELLED).isPresent()) {
      // Nothing may be sent for a cancelled request (MCP 2026-07-28, Streamable HTTP).
      throw new AgentGone();
    }
    byte[] body = RefusalBody.answering(call, why);
    if (agent.isStreaming()) {
      agent.event(Event.of(body));
      agent.finish();
    } else if (agent.hasBegun()) {
      throw agent.breakOff(Wording.of(why).text());
    } else {
      agent.send(RefusalBody.status(Wording.of(why), call.era()), JSON, body);
    }
  }
}
