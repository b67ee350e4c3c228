package dev.remit.server.registry;

import dev.remit.kernel.identity.Role;
import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Caller;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The registry over HTTP: plan, apply, read, retire, and the manifests' schema.
///
/// Anybody who is known may read. Who may plan and apply at all is said here; who may change which
/// kind, in [AuthorityRules].
public final class RegistryRoutes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Access CHANGE = Access.people(Role.OWNER, Role.SECURITY, Role.ADMIN);
  private static final Set<String> MEMBERS = Set.of("files", "set", "prune", "version", "replay");

  private final Registry registry;
  private final Rehearsal rehearsal;
  private final Foresight foresight;
  private final Suspensions suspensions;
  private final int replay;
  private final int replayMax;

  /// @param replay decisions that a plan makes again when it is not said how many
  /// @param replayMax most that may be asked for
  public RegistryRoutes(Registry registry, Rehearsal rehearsal, int replay, int replayMax) {
    this(registry, rehearsal, Suspensions.NONE, Foresight.NONE, replay, replayMax);
  }

  /// The same, showing also what is suspended.
  public RegistryRoutes(
      Registry registry,
      Rehearsal rehearsal,
      Suspensions suspensions,
      Foresight foresight,
      int replay,
      int replayMax) {
    this.foresight = foresight;
    this.suspensions = suspensions;
    this.registry = registry;
    this.rehearsal = rehearsal;
    this.replay = replay;
    this.replayMax = replayMax;
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.POST,
            "/v1/registry/plan",
            CHANGE,
            "Work out what applying manifests would change.",
            this::plan),
        new Operation(
            Method.POST,
            "/v1/registry/apply",
            CHANGE,
            "Apply manifests, all of them or none.",
            this::apply),
        new Operation(
            Method.GET,
            "/v1/registry/schema",
            new Access.Open(),
            "Return the JSON Schema of a manifest.",
            _ -> Reply.json(200, ManifestSchema.schema())),
        new Operation(
            Method.GET,
            "/v1/registry/{kind}",
            Access.anyPerson(),
            "List what is declared of a kind.",
            this::list),
        new Operation(
            Method.GET,
            "/v1/registry/{kind}/{+name}",
            Access.anyPerson(),
            "Return one declared thing, what names it, and its history.",
            this::one),
        new Operation(
            Method.DELETE,
            "/v1/registry/{kind}/{+name}",
            CHANGE,
            "Retire one declared thing that nothing names any more.",
            this::retire));
  }

  private Reply plan(Call call) {
    var body = call.json();
    int newest = newest(body);
    var planned = registry.plan(wish(body), author(call), call.at());
    var answer = RegistryJson.planned(planned);
    if (newest > 0 && planned.isApplicable() && planned.changesSomething()) {
      planned
          .next()
          .ifPresent(
              next -> answer.set("replay", RegistryJson.replayed(rehearsal.replay(next, newest))));
    }
    planned
        .next()
        .filter(_ -> planned.isApplicable() && planned.changesSomething())
        .map(next -> foresight.foresee(next, call.at()))
        .filter(foreseen -> !foreseen.isEmpty())
        .ifPresent(foreseen -> answer.set("modelChanges", foreseen));
    return Reply.json(200, answer);
  }

  private Reply apply(Call call) {
    return reply(registry.apply(wish(call.json()), author(call), call.at()));
  }

  private Reply list(Call call) {
    var kind = kind(call);
    var list = JSON.objectNode().put("version", registry.current().version());
    var items = list.putArray("items");
    registry.list(kind).forEach(stored -> items.add(shown(stored)));
    return Reply.json(200, list);
  }

  private Reply one(Call call) {
    var ref = ref(call);
    var history = registry.history(ref);
    if (history.isEmpty()) {
      return Reply.problem(unknown(ref));
    }
    var answer = registry.find(ref).map(this::shown).orElseGet(() -> retired(ref, history));
    answer.set("namedBy", RegistryJson.refs(registry.referrers(ref)));
    answer.set("history", RegistryJson.history(history));
    if (ref.kind() == Kind.TOOL) {
      answer.set("reviewed", reviewed(history));
    }
    return Reply.json(200, answer);
  }

  private ObjectNode shown(Stored stored) {
    var json = RegistryJson.stored(stored);
    suspensions
        .of(stored.ref())
        .ifPresent(one ->
            json.withObject("status")
                .putObject("suspended")
                .put("reason", one.reason())
                .put("by", one.by())
                .put("since", one.since().toString()));
    return json;
  }

  private static ObjectNode retired(Ref ref, List<RegistryStore.Revision> history) {
    var last = history.getFirst();
    var answer = JSON.objectNode();
    answer.put("apiVersion", ManifestShapes.API_VERSION).put("kind", ref.kind().title());
    answer.putObject("metadata").put("name", ref.name());
    answer.set("spec", last.spec());
    answer
        .putObject("status")
        .put("retired", true)
        .put("revision", last.revision())
        .put("by", last.by().value())
        .put("at", last.at().toString());
    return answer;
  }

  /// Finds who last put another definition digest into a tool's manifest, and when.
  private static ObjectNode reviewed(List<RegistryStore.Revision> history) {
    var pinned = definition(history.getFirst());
    var review = history.getFirst();
    for (var revision : history) {
      if (!definition(revision).equals(pinned)) {
        break;
      }
      review = revision;
    }
    return JSON.objectNode()
        .put("definition", pinned)
        .put("by", review.by().value())
        .put("at", review.at().toString());
  }

  private static String definition(RegistryStore.Revision revision) {
    return revision.spec().at("/definition/digest").stringValue();
  }

  private Reply retire(Call call) {
    return reply(registry.retire(ref(call), author(call), call.at()));
  }

  private static Reply reply(Applied applied) {
    return switch (applied) {
      case Applied.Done(var planned, var version) ->
          Reply.json(200, RegistryJson.planned(planned).put("version", version));
      case Applied.Waiting(var planned, var request) -> {
        var json = RegistryJson.planned(planned);
        json.set("waiting", ApplyRequestRoutes.json(request));
        yield Reply.json(202, json);
      }
      case Applied.Refused(var planned) -> Reply.problem(refused(planned));
      case Applied.Stale(var planned, var current) -> Reply.problem(stale(planned, current));
      case Applied.Unknown(var ref) -> Reply.problem(unknown(ref));
    };
  }

  private static Problem refused(Planned planned) {
    var errors = planned.flaws().stream().filter(flaw -> flaw.isError()).toList();
    boolean access = errors.stream().anyMatch(flaw -> flaw.rule().equals("access"));
    return new Problem(
        access ? 403 : 422,
        access ? "not-yours-to-change" : "manifests-refused",
        "nothing was applied: " + errors.size() + (errors.size() == 1 ? " problem" : " problems"),
        "mend what `problems` lists, then apply again",
        RegistryJson.planned(planned));
  }

  private static Problem stale(long planned, long current) {
    return new Problem(
        409,
        "plan-stale",
        "the registry moved from version " + planned + " to " + current + " after the plan",
        "plan again, look at what would change now, then apply");
  }

  private static Problem unknown(Ref ref) {
    return Problem.notFound(ref.said());
  }

  private static Author author(Call call) {
    return switch (call.caller()) {
      case Caller.PersonCaller(var name, var roles) -> new Author(name, roles);
      case Caller.Anonymous _, Caller.Unrecognised _, Caller.TaskCaller _ ->
          throw new IllegalStateException("the edge lets only people change the registry");
    };
  }

  private static Kind kind(Call call) {
    var word = call.param("kind");
    return Kind.parse(word)
        .orElseThrow(() -> new ProblemException(Problem.notFound("kind `" + word + "`")));
  }

  private static Ref ref(Call call) {
    return new Ref(kind(call), call.param("name"));
  }

  private static Wish wish(JsonNode body) {
    for (var name : body.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw bad("`" + name + "` is not a known member");
      }
    }
    var files = new ArrayList<ManifestFile>();
    for (var file :
        member(body, "files")
            .filter(JsonNode::isArray)
            .orElseThrow(() -> bad("`files` is missing"))) {
      files.add(new ManifestFile(text(file, "name"), text(file, "text")));
    }
    var set = member(body, "set").map(_ -> text(body, "set")).orElse(Wish.DEFAULT_SET);
    boolean prune = member(body, "prune").map(RegistryRoutes::flag).orElse(false);
    try {
      return new Wish(files, set, prune, version(body));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  /// How many of the newest decisions a plan makes again.
  private int newest(JsonNode body) {
    var asked = member(body, "replay");
    if (asked.isEmpty()) {
      return replay;
    }
    var number = asked.get();
    if (!number.isIntegralNumber()
        || !number.canConvertToInt()
        || number.intValue() < 0
        || number.intValue() > replayMax) {
      throw bad("`replay` is not a number from 0 to " + replayMax);
    }
    return number.intValue();
  }

  private static boolean flag(JsonNode value) {
    if (!value.isBoolean()) {
      throw bad("`prune` is neither true nor false");
    }
    return value.booleanValue();
  }

  private static OptionalLong version(JsonNode body) {
    var version = member(body, "version");
    if (version.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!version.get().isIntegralNumber() || !version.get().canConvertToLong()) {
      throw bad("`version` is not a whole number");
    }
    return OptionalLong.of(version.get().longValue());
  }

  private static Optional<JsonNode> member(JsonNode object, String name) {
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }

  private static String text(JsonNode object, String name) {
    return member(object, name)
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .orElseThrow(() -> bad("`" + name + "` is missing or not text"));
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(
        Problem.badRequest(
            detail, "send {\"files\": [{\"name\": …, \"text\": …}], \"prune\": false}"));
  }
}
