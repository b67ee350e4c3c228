package dev.remit.server.authzen;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.authzen.AskedRecords.Answered;
import dev.remit.server.authzen.RequestReader.Sought;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The decision API: the endpoints of the OpenID Authorization API 1.0.
///
/// 400 for what cannot be read, 401 without a credential that holds, 403 for who may not ask; every
/// question that was understood is answered with 200, whatever the decision.
public final class AuthZen {
  private static final String BASE = "/access/v1";

  private final AuthZenConfig config;
  private final Registry registry;
  private final Tokens tokens;
  private final RequestReader reader;
  private final Evaluation evaluation;
  private final Evaluations evaluations;
  private final Search search;
  private final AskedRecords records;

  public AuthZen(
      AuthZenConfig config,
      Registry registry,
      Tokens tokens,
      Decisions decisions,
      Ledger ledger,
      MasterKey key) {
    this.config = config;
    this.registry = registry;
    this.tokens = tokens;
    this.reader = new RequestReader(config.requestBytesMax(), config.depthMax());
    this.evaluation = new Evaluation(decisions, tokens);
    this.evaluations = new Evaluations(reader, evaluation, config.evaluationsMax());
    this.search = new Search(reader, evaluation, key, config);
    this.records = new AskedRecords(ledger);
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/.well-known/authzen-configuration",
            new dev.remit.server.http.Access.Open(),
            "Say which decision endpoints there are (AuthZEN).",
            _ -> Reply.json(200, metadata())),
        asked("/evaluation", "Ask for one decision (AuthZEN).", this::evaluate),
        asked("/evaluations", "Ask for several decisions at once (AuthZEN).", this::evaluateAll),
        searched(Sought.SUBJECT, "Find who may do something (AuthZEN)."),
        searched(Sought.RESOURCE, "Find to what something may be done (AuthZEN)."),
        searched(Sought.ACTION, "Find what may be done (AuthZEN)."));
  }

  /// What one operation answers to somebody who may ask.
  private interface Answering {
    Reply answer(Call call, Asker asker, Registered registered) throws Malformed;
  }

  private Operation asked(String path, String summary, Answering answering) {
    return new Operation(
        Method.POST,
        BASE + path,
        dev.remit.server.http.Access.taskOr(Role.SECURITY, Role.AUDITOR),
        summary,
        call -> answer(call, answering));
  }

  private Operation searched(Sought sought, String summary) {
    return asked(
        "/search/" + sought.name().toLowerCase(Locale.ROOT),
        summary,
        (call, asker, registered) -> search(call, sought, asker, registered));
  }

  private Reply answer(Call call, Answering answering) {
    var registered = registry.current();
    try {
      return switch (asker(call, registered)) {
        case Known.May(var asker) -> answering.answer(call, asker, registered);
        case Known.MayNot(var why) -> Reply.problem(why);
      };
    } catch (Malformed e) {
      return Reply.problem(Wording.malformed(e.what()));
    }
  }

  private sealed interface Known {

    record May(Asker asker) implements Known {}

    record MayNot(Problem why) implements Known {}
  }

  private Known asker(Call call, Registered registered) {
    return switch (call.caller()) {
      case Caller.PersonCaller(var name, _) -> new Known.May(Asker.person(name.value()));
      case Caller.TaskCaller _ -> workload(call, registered);
      case Caller.Anonymous _, Caller.Unrecognised _ ->
          throw new IllegalStateException("the edge lets in nobody unknown");
    };
  }

  /// A token for a tool's resource goes through many hands; it does not ask for decisions.
  private Known workload(Call call, Registered registered) {
    var bearer = call.presented().credential();
    return tokens.checkAsking(bearer, call.at()) instanceof TokenCheck.Good(var claims)
        ? Asker.workload(claims, registered, call.at())
            .<Known>map(Known.May::new)
            .orElseGet(() -> new Known.MayNot(Wording.asksNothing()))
        : new Known.MayNot(Wording.otherAudience());
  }

  private Reply evaluate(Call call, Asker asker, Registered registered) throws Malformed {
    return one(call, reader.object(call), asker, registered);
  }

  private Reply one(Call call, JsonNode request, Asker asker, Registered registered)
      throws Malformed {
    var asked = reader.access(request, request, Sought.NOTHING);
    return switch (evaluation.judge(asker, asked, registered, call.at())) {
      case Judged.NotForYou() -> Reply.problem(Wording.notForYou());
      case Judged.Unreadable(var what) -> Reply.problem(Wording.malformed(what));
      case Judged judged -> {
        var answer = new Answer(DecisionId.fresh(call.at()), judged);
        var receipt =
            records
                .answered(asker, requestId(call), List.of(new Answered(answer, asked)), call.at())
                .getFirst();
        yield Reply.json(200, answer.toJson())
            .with("Remit-Decision", answer.id().value())
            .with("Remit-Receipt", receipt.header());
      }
    };
  }

  private Reply evaluateAll(Call call, Asker asker, Registered registered) throws Malformed {
    var request = reader.object(call);
    if (!Evaluations.areIn(request)) {
      return one(call, request, asker, registered);
    }
    var answers = evaluations.judge(request, asker, registered, call.at());
    records.answered(asker, requestId(call), answers, call.at());
    var json = JsonMapper.shared().createObjectNode();
    var array = json.putArray("evaluations");
    answers.forEach(answered -> array.add(answered.answer().toJson()));
    return Reply.json(200, json);
  }

  private Reply search(Call call, Sought sought, Asker asker, Registered registered)
      throws Malformed {
    var request = reader.object(call);
    var found = search.find(request, sought, asker, registered, call.at());
    records.searched(
        asker,
        requestId(call),
        sought.name().toLowerCase(Locale.ROOT),
        request,
        found.policies(),
        found.considered(),
        found.names().size(),
        call.at());
    return Reply.json(200, found.toJson());
  }

  private static Optional<String> requestId(Call call) {
    return call.header("x-request-id");
  }

  /// Section 9.1. `capabilities` and `signed_metadata` are left out: there are none.
  private JsonNode metadata() {
    var base = config.publicUrl().toString();
    var json = JsonMapper.shared().createObjectNode();
    json.put("policy_decision_point", base);
    json.put("access_evaluation_endpoint", base + BASE + "/evaluation");
    json.put("access_evaluations_endpoint", base + BASE + "/evaluations");
    json.put("search_subject_endpoint", base + BASE + "/search/subject");
    json.put("search_resource_endpoint", base + BASE + "/search/resource");
    json.put("search_action_endpoint", base + BASE + "/search/action");
    return json;
  }
}
