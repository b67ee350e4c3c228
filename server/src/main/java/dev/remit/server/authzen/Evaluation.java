package dev.remit.server.authzen;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.authzen.Vocabulary.Meant;
import dev.remit.server.decisions.ArgumentCheck;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.Target;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.tokens.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Answers one question as Remit's own gateway would: read it from top to bottom to know what is
/// asked of it, and in which order. What only somebody in front of the tool can see (the task's own
/// token and scope, whether the tool still says what was reviewed) is the asker's to check.
///
/// Changes nothing and records nothing; whoever answers records first.
final class Evaluation {
  private final Decisions decisions;
  private final Tokens tokens;
  private final ArgumentCheck schemas = new ArgumentCheck();

  Evaluation(Decisions decisions, Tokens tokens) {
    this.decisions = decisions;
    this.tokens = tokens;
  }

  /// Answers with everything that explains the answer.
  Judged judge(Asker asker, Access asked, Registered registered, Instant now) {
    return judge(asker, asked, registered, now, decisions::decide);
  }

  /// Answers for a search, where nobody asks why not.
  Judged consider(Asker asker, Access asked, Registered registered, Instant now) {
    return judge(
        asker,
        asked,
        registered,
        now,
        question -> decisions.decideAll(List.of(question)).getFirst());
  }

  private Judged judge(
      Asker asker,
      Access asked,
      Registered registered,
      Instant now,
      Function<Question, Decided> decide) {
    var words = new Vocabulary(registered);
    if (!asker.asksAbout(words.workflow(asked.subject()), words.resource(asked.resource()))) {
      return new Judged.NotForYou();
    }
    var identity = words.identity(asked.subject());
    if (identity.isEmpty()) {
      return unknownSubject(asked.subject());
    }
    try {
      var task = StatedTask.of(asked.context(), now);
      return switch (words.meant(asked)) {
        case Meant.Nothing(var reason, var detail) ->
            new Judged.Before(
                identity, reason, detail, "`remit get tool` lists what is registered");
        case Meant.ToolCall call -> call(identity.get(), task, call, registered, now, decide);
        case Meant.Item item -> item(identity.get(), task, item, registered, now, decide);
      };
    } catch (Malformed e) {
      return new Judged.Unreadable(e.what());
    }
  }

  private Judged call(
      Identity identity,
      StatedTask task,
      Meant.ToolCall call,
      Registered registered,
      Instant now,
      Function<Question, Decided> decide) {
    var tool = call.tool();
    var uncovered =
        standing(identity, tool.name().resource(), registered, now)
            .or(() ->
                uncovered(
                    identity,
                    tool.name().resource().value(),
                    Covering.of(
                        registered,
                        identity.name(),
                        tool.name().resource(),
                        grant -> grant.names(tool),
                        now),
                    task))
            .or(() -> unfit(identity, call));
    if (uncovered.isPresent()) {
      return uncovered.get();
    }
    var question =
        new Question(
            identity.name(),
            task.facts(tool.name().toString()),
            dev.remit.server.decisions.Action.CALL,
            new Target.OfTool(tool.name()),
            new Arguments.Given(call.arguments()),
            CallFacts.NONE,
            now);
    return new Judged.ByPolicy(identity, question, decide.apply(question), task.stated());
  }

  private Judged item(
      Identity identity,
      StatedTask task,
      Meant.Item item,
      Registered registered,
      Instant now,
      Function<Question, Decided> decide) {
    var covering = Covering.of(registered, identity.name(), item.resource(), names(item), now);
    var uncovered =
        standing(identity, item.resource(), registered, now)
            .or(() -> uncovered(identity, item.resource().value(), covering, task));
    if (uncovered.isPresent()) {
      return uncovered.get();
    }
    var question =
        new Question(
            identity.name(),
            task.facts(item.resource().value()),
            item.action(),
            new Target.OfResource(item.resource(), item.item()),
            new Arguments.Given(JsonNodeFactory.instance.objectNode()),
            CallFacts.NONE,
            now);
    return new Judged.ByPolicy(identity, question, decide.apply(question), task.stated());
  }

  /// As at the gateway: reading and prompting need a grant that names the item, what the server
  /// asks of its client needs one on the resource.
  private static Predicate<Grant> names(Meant.Item item) {
    return switch (item.action()) {
      case READ -> grant -> grant.namesRead(item.item());
      case PROMPT -> grant -> grant.namesPrompt(item.item());
      case ISSUE -> grant -> grant.namesProfile(item.item());
      case CALL, COMPLETE, LIST, SAMPLE, ELICIT -> Grant::grantsUse;
      // Asked of a model, and nobody can ask that here.
      case ASK, HOST, RETAIN, PROPOSE -> _ -> false;
    };
  }

  private Optional<Judged> standing(
      Identity identity, ResourceName resource, Registered registered, Instant now) {
    return registered
        .workflow(identity.workflow())
        .flatMap(workflow -> tokens.against(identity, workflow, now))
        .or(() -> tokens.against(resource))
        .map(no ->
            new Judged.Before(
                Optional.of(identity),
                no.reasonCode(),
                no.detail(),
                "ask the owner of workflow " + identity.workflow()));
  }

  private static Optional<Judged> uncovered(
      Identity identity, String resource, Covering covering, StatedTask task) {
    return switch (covering) {
      case Covering.None() ->
          before(
              identity,
              "not-granted",
              "no grant of " + identity.name() + " on " + resource + " covers this");
      case Covering.Expired(var grant) ->
          before(
              identity,
              "grant-expired",
              "grant " + grant.name() + " ended at " + grant.expiresAt());
      case Covering.By(var grant) when task.callsSoFar() >= grant.callsPerTaskMax() ->
          before(
              identity,
              "calls-spent",
              "grant " + grant.name() + " lets a task make " + grant.callsPerTaskMax() + " calls");
      case Covering.By _ -> Optional.empty();
    };
  }

  private static Optional<Judged> before(Identity identity, String reason, String detail) {
    return Optional.of(
        new Judged.Before(
            Optional.of(identity),
            reason,
            detail,
            "ask for a grant that covers it (`remit get grant`)"));
  }

  private Optional<Judged> unfit(Identity identity, Meant.ToolCall call) {
    var problems = schemas.problems(call.tool(), call.arguments());
    var why = problems.isEmpty() ? unspeakable(call.arguments()) : String.join("; ", problems);
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Judged.Before(
                Optional.of(identity),
                "bad-arguments",
                "the arguments do not fit tool `" + call.tool().name() + "`: " + why,
                "send arguments that fit the tool's reviewed schema (`remit describe tool`)"));
  }

  /// What has no canonical form is refused at the gateway, and so here.
  private static String unspeakable(JsonNode arguments) {
    try {
      CanonicalJson.text(arguments.isMissingNode() ? RequestReader.nothing() : arguments);
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Judged unknownSubject(Thing subject) {
    return new Judged.Before(
        Optional.empty(),
        "unknown-subject",
        "nobody registered is a `"
            + Vocabulary.shortened(subject.type())
            + "` named `"
            + Vocabulary.shortened(subject.id())
            + "`",
        "`remit get identity` lists who is; people are no subjects of policy");
  }
}
