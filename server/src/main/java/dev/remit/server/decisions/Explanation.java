package dev.remit.server.decisions;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.policy.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One past decision in words that a developer understands: what was asked, what decided, what came
/// near, and what to do next. Made from the ledger's entry alone, so it says what was true then.
///
/// @param outcome `allow`, `modify`, `hold`, `defer`, `deny`, or `filter` for a list that was
///   judged element by element
/// @param because the policies that decided
/// @param errors what could not be evaluated, each `policy: message`
/// @param nearly what came near to permitting, each `policy: condition`
record Explanation(
    RecordedEntry entry,
    String outcome,
    List<String> because,
    List<String> errors,
    List<String> nearly,
    Optional<Receipt> receipt) {

  static Explanation of(RecordedEntry entry, Optional<Receipt> receipt) {
    return new Explanation(
        entry,
        isRefusal(entry) ? "deny" : entry.text("decision").orElse("deny"),
        texts(entry, "because"),
        texts(entry, "errors"),
        texts(entry, "nearly"),
        receipt);
  }

  private static List<String> texts(RecordedEntry entry, String member) {
    var found = new ArrayList<String>();
    entry.content().path(member).forEach(text -> found.add(text.asString("")));
    return found;
  }

  /// Returns what happened, in one sentence.
  String summary() {
    return switch (outcome) {
      case "allow" -> "allowed by " + named(because);
      case "modify" ->
          "allowed by "
              + named(because)
              + " under obligations: "
              + String.join(", ", texts(entry, "obligations"));
      case "hold" -> "waits for a person's approval, as " + named(because) + " asks";
      case "defer" -> "not decidable yet: " + named(because) + " waits";
      case "filter" -> "each element of the list was judged by itself";
      default -> denial();
    };
  }

  /// Whether policy was not asked at all.
  private static boolean isRefusal(RecordedEntry entry) {
    return entry.type() == EntryType.CALL_REFUSED || entry.text("reason").isPresent();
  }

  private String denial() {
    if (isRefusal(entry)) {
      return "refused before policy was asked: "
          + entry.text("detail").orElseGet(() -> entry.text("reason").orElse("no reason recorded"));
    }
    if (isUnfulfilled()) {
      return "permitted by "
          + named(because)
          + " only under an obligation that cannot be fulfilled";
    }
    if (!because.isEmpty()) {
      return "denied by " + named(because);
    }
    if (!errors.isEmpty()) {
      return "denied because no policy permits it, and "
          + errors.size()
          + " could not be evaluated";
    }
    return nearly.isEmpty()
        ? "denied because no policy permits it"
        : "denied because no policy permits it; the nearest would have, but for one condition";
  }

  /// Returns the next step, with its command where there is one.
  String nextStep() {
    if (entry.type() == EntryType.DECISION_ASKED && !outcome.equals("deny")) {
      return "nothing here: "
          + entry.text("asker").orElse("somebody else")
          + " asked and enforces; nothing was let through by this, and no person was asked to agree";
    }
    return switch (outcome) {
      case "allow" -> "nothing: the call was let through; `remit ledger export` shows its outcome";
      case "modify" ->
          "nothing: the call was let through, narrowed; its outcome says what was redacted";
      case "defer" ->
          "repeat the call in "
              + Duration.ofSeconds(entry.content().path("retryAfterSeconds").asLong(0))
              + " or later";
      case "hold" ->
          "ask an approver to answer it (`remit approvals`), then repeat the identical call";
      case "filter" ->
          "nothing: what is missing from the list is named in the outcome's `withheld`";
      default -> nextAfterDenial();
    };
  }

  private String nextAfterDenial() {
    if (isRefusal(entry)) {
      return "see `" + entry.text("reason").orElse("reason") + "`: " + refusalStep();
    }
    if (isUnfulfilled()) {
      return "change the call so that it can be fulfilled: " + errors.getLast();
    }
    if (!errors.isEmpty()) {
      return "mend the policy that fails ("
          + errors.getFirst()
          + "): guard optional attributes with `has`, then `remit plan` and `remit apply`";
    }
    if (!because.isEmpty()) {
      return "read `remit get policy "
          + because.getFirst().replaceFirst("#.*", "")
          + "`: it forbids this; change the call, or ask its owner";
    }
    if (!nearly.isEmpty()) {
      return "make the condition hold, or change it: " + nearly.getFirst();
    }
    return "add a permit for "
        + entry.text("identity").map(Explanation::lastSegment).orElse("this identity")
        + " on "
        + entry.text("target").orElse("this target")
        + ", then `remit plan` and `remit apply`";
  }

  private boolean isUnfulfilled() {
    return entry.text("ground").equals(Optional.of(Decision.Ground.UNFULFILLED.word()));
  }

  private String refusalStep() {
    return switch (entry.text("reason").orElse("")) {
      case "not-granted", "grant-expired", "calls-spent" ->
          "ask for a grant that covers it (`remit get grant`)";
      case "outside-task" -> "start a task whose scope names the tool";
      case "not-reviewed" ->
          "call a tool that is reviewed (`remit get tool`), or have this one reviewed and apply it";
      case "definition-changed" -> "have the tool reviewed, then `remit apply`";
      case "bad-arguments" -> "send arguments that fit the tool's schema";
      case "workflow-stopped" -> "ask the workflow's owner (`remit get workflow`)";
      default -> "the detail says what is missing";
    };
  }

  /// Returns the answer of `GET /v1/decisions/{id}`.
  ObjectNode toJson() {
    var json = JsonMapper.shared().createObjectNode();
    json.put("id", entry.id().orElse(""));
    json.put("at", entry.at().toString());
    json.put("outcome", outcome);
    json.put("summary", summary());
    for (var member : List.of("identity", "workflow", "task", "intent", "action", "resource")) {
      json.put(member, entry.text(member).orElse(""));
    }
    json.put("tool", entry.text("target").orElse(""));
    entry.text("reason").ifPresent(reason -> json.put("reason", reason));
    entry.text("detail").ifPresent(detail -> json.put("detail", detail));
    put(json, "because", because);
    put(json, "errors", errors);
    put(json, "nearly", nearly);
    put(json, "obligations", texts(entry, "obligations"));
    put(json, "notify", texts(entry, "notify"));
    json.put("nextStep", nextStep());
    json.put("policies", entry.text("policies").orElse(""));
    json.put("receipt", receipt.map(Receipt::header).orElse(""));
    return json;
  }

  private static void put(ObjectNode json, String name, List<String> texts) {
    var array = json.putArray(name);
    texts.forEach(array::add);
  }

  private static String named(List<String> policies) {
    return policies.isEmpty()
        ? "no policy"
        : policies.stream().map(id -> "`" + id + "`").reduce((a, b) -> a + " and " + b).orElse("");
  }

  private static String lastSegment(String spiffeId) {
    return spiffeId.substring(spiffeId.lastIndexOf('/') + 1);
  }
}
