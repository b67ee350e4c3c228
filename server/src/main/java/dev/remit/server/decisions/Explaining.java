package dev.remit.server.decisions;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Stored;
import dev.remit.server.registry.Tool;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Explains decisions: those that were made, from their record, and those that nobody has asked
/// for. Both by the policies that decide now, and both in the same words.
final class Explaining {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final LedgerReader ledger;
  private final PolicyDecisions decisions;
  private final Function<Ref, Optional<Stored>> declared;
  private final ArgumentCheck arguments = new ArgumentCheck();

  Explaining(
      LedgerReader ledger, PolicyDecisions decisions, Function<Ref, Optional<Stored>> declared) {
    this.ledger = ledger;
    this.decisions = decisions;
    this.declared = declared;
  }

  /// Returns the same for what another node's log holds.
  Explaining in(LedgerReader log) {
    return new Explaining(log, decisions, declared);
  }

  /// Explains what was decided.
  ///
  /// @param open whether the caller may see the facts of the request, arguments among them
  ObjectNode past(RecordedEntry entry, boolean open, Instant now) {
    var id = entry.id().orElse("");
    var explanation = Explanation.of(entry, entry.id().flatMap(ledger::receipt));
    var json = explanation.toJson();
    question(entry)
        .ifPresentOrElse(
            question -> addReasons(json, id, explanation.outcome(), question, open, now),
            () -> refusal(entry, open, now).ifPresent(fix -> put(json, id, fix)));
    if (explanation.outcome().equals("hold")) {
      approval(entry).ifPresent(approval -> put(json, id, held(approval)));
    }
    return json;
  }

  Registered registered() {
    return decisions.registered();
  }

  Optional<Stored> policy(String name) {
    return declared.apply(new Ref(Kind.POLICY, name));
  }

  /// The approval that a hold waits for: opened for it, or for an identical call before.
  private Optional<String> approval(RecordedEntry hold) {
    return hold.text("approval")
        .or(() ->
            ledger.of(hold.id().orElse("")).stream()
                .filter(later -> later.type() == EntryType.APPROVAL_OPENED)
                .findFirst()
                .flatMap(opened -> opened.text("approval")));
  }

  private static Fix held(String approval) {
    return Fix.run(
        "have somebody else agree, then repeat the identical call", "remit approve " + approval);
  }

  private Optional<Question> question(RecordedEntry entry) {
    try {
      return ledger.body(entry, QuestionJson.BODY).map(QuestionJson::read);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// What helps where policy was not asked.
  private Optional<Fix> refusal(RecordedEntry entry, boolean open, Instant now) {
    return new RefusalFixes(decisions.registered(), declared, arguments, now)
        .of(entry, open ? ledger.body(entry, "arguments") : Optional.empty());
  }

  private void addReasons(
      ObjectNode json, String id, String outcome, Question question, boolean open, Instant now) {
    var found = decisions.reasoned(_ -> new Supposition(question));
    if (found.isEmpty()) {
      return;
    }
    var reasoned = found.get();
    json.put("now", reasoned.reasoning().decision().word());
    (open ? reasoned.reasoning() : reasoned.reasoning().withoutFacts()).addTo(json);
    if (open && outcome.equals("deny")) {
      new Fixes(reasoned.registered(), declared, now)
          .of(question, reasoned.reasoning())
          .ifPresent(fix -> put(json, id, fix));
    }
  }

  private static void put(ObjectNode json, String id, Fix fix) {
    json.put("nextStep", fix.says());
    json.set("fix", fix.toJson(id));
  }

  /// Explains what would be decided.
  ///
  /// @param supposed of the form of [SuppositionReader#FIELDS]
  /// @throws SuppositionReader.Impossible if it names what is not registered
  ObjectNode hypothetical(JsonNode supposed, Instant now) {
    var reasoned =
        decisions
            .reasoned(registered -> SuppositionReader.read(supposed, registered, now))
            .orElseThrow(() -> new IllegalStateException("what was read is registered"));
    var question = reasoned.question();
    var json = JSON.createObjectNode();
    var decision = reasoned.reasoning().decision();
    var grant = grant(reasoned.registered(), question, now);
    json.put("outcome", grant.isPresent() ? "deny" : decision.word());
    json.put(
        "summary",
        grant
            .map(_ -> "no grant covers it, so policy would not be asked")
            .orElse("policy would say " + decision.word()));
    json.put("identity", question.identity().value());
    json.put("policy", decision.word());
    decision.because().forEach(id -> json.withArray("because").add(id.value()));
    reasoned.reasoning().addTo(json);
    json.put("version", reasoned.version().value());
    var fix =
        grant.or(() ->
            decision.word().equals("deny")
                ? new Fixes(reasoned.registered(), declared, now).of(question, reasoned.reasoning())
                : Optional.empty());
    fix.ifPresent(one -> put(json, "…", one));
    return json;
  }

  /// What would have to be granted first; empty where enough is.
  private Optional<Fix> grant(Registered registered, Question question, Instant now) {
    if (!(question.target() instanceof Target.OfTool(var name))) {
      return Optional.empty();
    }
    Optional<Tool> tool = registered.tool(name);
    boolean covered =
        tool.isPresent()
            && Covering.of(
                    registered,
                    question.identity(),
                    name.resource(),
                    grant -> grant.names(tool.get()),
                    question.now())
                instanceof Covering.By;
    return covered
        ? Optional.empty()
        : new Fixes(registered, declared, now).grant(question.identity().value(), name);
  }
}
