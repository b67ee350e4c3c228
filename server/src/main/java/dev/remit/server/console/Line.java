package dev.remit.server.console;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.page.Html;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One record of a log as a line that people read: when, what came of it, who, what, why.
///
/// @param log the node whose log it is in
/// @param id of the decision, or whatever else the record has an id for; may be empty
/// @param outcome `allow`, `deny`, `hold`, `modify`, `defer` or `filter` of a decision, and of
///   anything else the record's type
/// @param identity by its SPIFFE ID; may be empty
/// @param what the tool, or the party, that it is about
/// @param why the policies that decided, or the reason that was given
record Line(
    String log,
    long index,
    String id,
    EntryType type,
    Instant at,
    String outcome,
    String identity,
    String workflow,
    String what,
    String why) {
  private static final int CHARS_MAX = 200;

  static Line of(String log, RecordedEntry entry) {
    return new Line(
        log,
        entry.index(),
        entry.id().orElse(""),
        entry.type(),
        entry.at(),
        outcome(entry),
        entry.text("identity").orElse(""),
        entry.text("workflow").orElse(""),
        shortened(what(entry)),
        shortened(why(entry)));
  }

  boolean isDecision() {
    return type == EntryType.CALL_DECIDED || type == EntryType.CALL_REFUSED;
  }

  /// Where the line leads.
  String path() {
    return isDecision() && !id.isEmpty() ? Parts.decision(id) : Parts.record(log, index);
  }

  private static String outcome(RecordedEntry entry) {
    return switch (entry.type()) {
      case CALL_DECIDED -> entry.text("decision").orElse("deny");
      case CALL_REFUSED -> "deny";
      default -> entry.type().word();
    };
  }

  private static String what(RecordedEntry entry) {
    return entry
        .text("target")
        .or(() -> party(entry))
        .or(() -> entry.text("subject"))
        .or(() -> entry.text("resource"))
        .or(() -> entry.text("task"))
        .or(() -> entry.text("person"))
        .orElse("");
  }

  private static Optional<String> party(RecordedEntry entry) {
    return entry.text("kind").flatMap(kind -> entry.text("name").map(name -> kind + " " + name));
  }

  private static String why(RecordedEntry entry) {
    return switch (entry.type()) {
      case APPROVAL_SETTLED -> said(entry, "outcome") + " by " + said(entry, "by");
      case STANDING_CHANGED ->
          (entry.content().path("suspended").asBoolean(false) ? "suspended by " : "resumed by ")
              + said(entry, "by")
              + ": "
              + said(entry, "reason");
      case CONTROL_MEASURED ->
          (entry.content().path("complete").asBoolean(false) ? "all ended after " : "not all in ")
              + entry.content().path("tookMillis").asLong(0)
              + " ms";
      default -> because(entry);
    };
  }

  private static String said(RecordedEntry entry, String member) {
    return entry.text(member).orElse("");
  }

  private static String because(RecordedEntry entry) {
    var because = new ArrayList<String>();
    entry.content().path("because").forEach(one -> because.add(one.asString("")));
    return entry
        .text("detail")
        .or(() -> Optional.of(because.stream().collect(Collectors.joining(", "))))
        .filter(words -> !words.isEmpty())
        .or(() -> entry.text("reason"))
        .or(() -> entry.text("summary"))
        .or(() -> entry.text("outcome"))
        .or(() -> entry.text("by").map(by -> "by " + by))
        .orElse("");
  }

  /// What the live view adds by itself, with what steers text written out.
  ObjectNode toJson() {
    return JsonMapper.shared()
        .createObjectNode()
        .put("row", "r-" + log + "-" + index)
        .put("at", at.toString())
        .put("clock", Wording.moment(at, at))
        .put("outcome", outcome)
        .put("identity", Html.visible(Wording.last(identity)))
        .put("what", Html.visible(what))
        .put("why", Html.visible(why))
        .put("path", path())
        .put("record", Wording.count(index));
  }

  private static String shortened(String text) {
    return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX) + "…";
  }
}
