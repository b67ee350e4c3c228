package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.Route;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.MemberCut;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Params;
import dev.remit.server.gateway.wire.Treatment;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One request of an agent, after the door: well formed, from a good token, of a known method.
///
/// @param id under which whatever is decided about it is recorded
/// @param message the request as far as it was read
/// @param bytes the request itself; what is forwarded; not copied
/// @param isNarrowed whether message and bytes are no longer what the agent sent
/// @param headers the inbound headers that may travel on, under lower-case names
/// @param exchange by which it is cut while it is under way
@SuppressWarnings("ArrayRecordComponent") // carried once and never compared
record Call(
    DecisionId id,
    Agent agent,
    Resource resource,
    Route route,
    Session session,
    Era era,
    Method method,
    Message.Request message,
    byte[] bytes,
    boolean isNarrowed,
    Map<String, String> headers,
    Exchange exchange,
    Instant at) {

  /// What goes upstream: the very bytes that came in, less a state of ours, and the decision they
  /// go by, so that the upstream's own log can be held against the ledger. Only a decision that is
  /// recorded is named.
  Departure departure(Duration patience) {
    var carried = new LinkedHashMap<>(headers);
    if (isRecorded()) {
      carried.put("remit-decision", id.value());
    }
    byte[] sent =
        RequestStates.isOurs(message.params())
            ? MemberCut.withoutParam(bytes, "requestState")
            : bytes;
    return new Departure.Post(
        agent.claims().task(), session.id(), carried, patience, message, sent);
  }

  private boolean isRecorded() {
    return switch (method.treatment()) {
      case Treatment.Decided _, Treatment.Filtered _, Treatment.Listened _ -> true;
      case Treatment.Opening _, Treatment.Passed _ -> false;
    };
  }

  boolean isToolCall() {
    return method == Method.TOOLS_CALL;
  }

  /// What policy is asked about it, once it is found to be covered.
  Question question(Asked asked, TaskFacts task, CallFacts facts, Instant now) {
    return new Question(
        agent.claims().identity(),
        task,
        asked.action(),
        asked.target(),
        new Arguments.Given(message.params().arguments()),
        facts,
        now);
  }

  /// Why it ends before there is an answer, when somebody has cut it.
  Refusal cutShort() {
    return new Refusal.Cut(exchange.cutBecause().orElse("the wait was given up"));
  }

  /// The same request under another decision, by what is declared now.
  ///
  /// @return empty if the workflow or the resource is no longer declared
  Optional<Call> decidedAs(DecisionId other, Registered now) {
    return now.workflow(agent.claims().workflow())
        .flatMap(workflow ->
            now.resource(resource.name())
                .map(found ->
                    new Call(
                        other,
                        new Agent(agent.token(), agent.claims(), workflow, now, agent.bindings()),
                        found,
                        route,
                        session,
                        era,
                        method,
                        message,
                        bytes,
                        isNarrowed,
                        headers,
                        exchange,
                        at)));
  }

  /// The same request with other arguments, in `others` and in the headers that repeat them.
  Call narrowed(JsonNode arguments, byte[] others, Map<String, String> repeating) {
    var params = message.params();
    var narrowed =
        new Message.Request(
            message.id(), message.method(), new Params(params.fields(), arguments, params.meta()));
    return new Call(
        id, agent, resource, route, session, era, method, narrowed, others, true, repeating,
        exchange, at);
  }
}
