package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The answer to an auditor's question, in words: what was done, who had approved it, how access
/// was given and taken away, and what is not known. Markdown, made from the entries alone, so
/// whoever verifies a bundle makes it again and compares.
final class Answer {
  private static final int ROWS_MAX = 2_000;
  private static final int CELL_CHARS_MAX = 160;

  private final Scope scope;
  private final boolean several;
  private final Map<String, Done> calls = new LinkedHashMap<>();
  private final List<String> declared = new ArrayList<>();
  private final List<String> approvals = new ArrayList<>();
  private final List<String> access = new ArrayList<>();
  private final Map<String, JsonNode> latest = new HashMap<>();

  private static final class Done {
    private final String row;
    private String outcome = "not known";

    private Done(String row, String outcome) {
      this.row = row;
      this.outcome = outcome;
    }
  }

  /// @param several whether it tells of several logs, so that an index alone names no entry
  Answer(Scope scope, boolean several) {
    this.scope = scope;
    this.several = several;
  }

  /// The place of an entry: in its log, and in whose log where there are several.
  private String place(long index, String node) {
    return several ? node + " " + index : "" + index;
  }

  private String place(RecordedEntry entry) {
    return place(entry.index(), entry.text("producer").orElse(""));
  }

  void add(Snapshot snapshot) {
    latest.put(snapshot.kind() + "/" + snapshot.name(), snapshot.spec());
  }

  void add(RecordedEntry entry) {
    switch (entry.type()) {
      case CALL_DECIDED ->
          calls.put(
              entry.id().orElse(""),
              new Done(call(entry), entry.isSentOn() ? "not known" : "not executed"));
      case CALL_REFUSED ->
          calls.put(
              entry.id().orElse(place(entry)),
              new Done(call(entry), "not executed: " + said(entry, "reason")));
      case CALL_ENDED -> entry.of().map(calls::get).ifPresent(done -> done.outcome = ended(entry));
      case APPROVAL_OPENED ->
          approvals.add(row(entry, "held", wanted(entry), "needs " + listed(entry, "roles")));
      case APPROVAL_SETTLED ->
          approvals.add(
              row(entry, said(entry, "outcome"), wanted(entry), "by " + said(entry, "by")));
      case APPROVAL_AGREED ->
          approvals.add(
              row(
                  entry,
                  "agreed",
                  said(entry, "target"),
                  "by " + said(entry, "by") + " as " + listed(entry, "as")));
      case APPROVAL_REMINDED ->
          approvals.add(row(entry, "waits", said(entry, "target"), "nobody has answered yet"));
      case ALLOWANCE_GIVEN ->
          approvals.add(
              row(
                  entry,
                  "given for the task",
                  said(entry, "target"),
                  "until " + said(entry, "until")));
      case ALLOWANCE_ENDED ->
          approvals.add(
              row(entry, "ended for the task", said(entry, "target"), said(entry, "outcome")));
      case REGISTRY_CHANGED ->
          declared.add(
              row(
                  entry,
                  said(entry, "action"),
                  said(entry, "kind") + " " + said(entry, "name"),
                  "by " + said(entry, "by")));
      case DEFINITION_PINNED ->
          declared.add(
              row(entry, "definition reviewed", said(entry, "tool"), "by " + said(entry, "by")));
      case POLICY_ACTIVATED ->
          declared.add(
              row(entry, "policies activated", said(entry, "policies"), "by " + said(entry, "by")));
      case APPLY_SETTLED ->
          declared.add(
              row(
                  entry,
                  "change by " + said(entry, "requestedBy") + " " + said(entry, "outcome"),
                  said(entry, "request"),
                  "by " + said(entry, "by")));
      case OWNER_SUCCEEDED ->
          declared.add(
              row(
                  entry,
                  "owner succeeded",
                  "workflow " + said(entry, "workflow"),
                  said(entry, "from") + " to " + said(entry, "to")));
      case ENFORCEMENT_CHANGED ->
          declared.add(
              row(
                  entry,
                  said(entry, "mode").equals("observe")
                      ? "POLICY NO LONGER ENFORCED"
                      : "policy enforced again",
                  said(entry, "why"),
                  "by " + said(entry, "by")));
      case TASK_STARTED -> access.add(access(entry, "task started", said(entry, "intent")));
      case TASK_COMPLETED -> access.add(access(entry, "task ended", "by " + said(entry, "by")));
      case TOKEN_ISSUED ->
          access.add(access(entry, "token issued", "until " + said(entry, "expiresAt")));
      case SVID_ISSUED ->
          access.add(access(entry, "SVID issued", "until " + said(entry, "expiresAt")));
      case TOKEN_REVOKED -> access.add(access(entry, "token revoked", "by " + said(entry, "by")));
      case CREDENTIAL_ISSUED -> access.add(access(entry, "credential issued", credential(entry)));
      case CREDENTIAL_STUCK ->
          access.add(access(entry, "CREDENTIAL CANNOT BE TAKEN AWAY", credential(entry)));
      case CREDENTIAL_ENDED ->
          access.add(
              access(entry, "credential gone", credential(entry) + ": " + said(entry, "reason")));
      case CREDENTIAL_RETURNED ->
          access.add(
              access(
                  entry,
                  "upstream's token given back",
                  said(entry, "resource") + ": " + said(entry, "outcome")));
      case SECRET_REVEALED ->
          access.add(
              access(
                  entry,
                  "SECRET SHOWN AS A VALUE",
                  said(entry, "secret") + " of " + said(entry, "resource")));
      case EXCHANGE_REFUSED -> access.add(access(entry, "token refused", said(entry, "reason")));
      case STANDING_CHANGED ->
          access.add(
              access(
                  entry,
                  entry.content().path("suspended").asBoolean(false) ? "suspended" : "resumed",
                  said(entry, "kind")
                      + " "
                      + said(entry, "name")
                      + " by "
                      + said(entry, "by")
                      + ": "
                      + said(entry, "reason")));
      case RESUMPTION_REQUESTED ->
          access.add(
              access(
                  entry,
                  "resumption asked for",
                  party(entry) + " by " + said(entry, "by") + ": " + said(entry, "reason")));
      case RESUMPTION_SETTLED ->
          access.add(
              access(
                  entry,
                  "resumption " + said(entry, "outcome"),
                  party(entry) + " by " + said(entry, "by")));
      case CONTROL_MEASURED -> access.add(access(entry, "access seen to be gone", parts(entry)));
      case EVIDENCE_ERASED ->
          access.add(access(entry, "content erased", erased(entry) + " by " + said(entry, "by")));
      case EVIDENCE_EXPIRED ->
          access.add(access(entry, "content outlived its retention", erased(entry)));
      case LEGALHOLD_PLACED ->
          access.add(
              access(entry, "legal hold placed", said(entry, "hold") + " by " + said(entry, "by")));
      case LEGALHOLD_LIFTED ->
          access.add(
              access(entry, "legal hold lifted", said(entry, "hold") + " by " + said(entry, "by")));
      case CANARY_PLANTED ->
          access.add(
              access(entry, "canary planted", said(entry, "canary") + " by " + said(entry, "by")));
      case CANARY_RETIRED ->
          access.add(
              access(entry, "canary retired", said(entry, "canary") + " by " + said(entry, "by")));
      case BOOT -> access.add(access(entry, "Remit started", said(entry, "producer")));
      case SEAL -> access.add(access(entry, "Remit stopped in order", said(entry, "producer")));
      // Everything else is for other questions.
      default -> {}
    }
  }

  private static String party(RecordedEntry entry) {
    return said(entry, "kind") + " " + said(entry, "name");
  }

  /// Each part of a control's outcome, as `streams 2 in 14 ms`.
  private static String parts(RecordedEntry entry) {
    return entry
        .content()
        .path("parts")
        .valueStream()
        .map(part ->
            part.path("part").asString("")
                + " "
                + part.path("count").asLong(0)
                + " in "
                + part.path("millis").asLong(0)
                + " ms"
                + (part.path("left").asLong(0) > 0
                    ? ", " + part.path("left").asLong(0) + " NOT YET"
                    : ""))
        .collect(Collectors.joining("; "));
  }

  private static String credential(RecordedEntry entry) {
    return said(entry, "credential")
        + entry
            .text("resource")
            .map(" of "::concat)
            .orElse(said(entry, "kind").equals("certificate") ? ", a certificate" : "");
  }

  private static String erased(RecordedEntry entry) {
    return entry.number("erased") + " bodies";
  }

  /// @param checkpoints of the logs that it tells of: exactly one unless there are several
  String text(List<Checkpoint> checkpoints, Completeness completeness) {
    var out = new StringBuilder();
    out.append("# What ")
        .append(scope.kind().word())
        .append(" `")
        .append(cell(scope.subject()))
        .append("` did\n\nFrom ")
        .append(scope.from())
        .append(" to ")
        .append(scope.to())
        .append(several ? byAll(checkpoints) : by(checkpoints.getFirst()));
    responsible(out);
    table(out, "Who declared and approved it", "| When | What | Of what | Who | Entry |", declared);
    table(
        out,
        "What it did",
        "| When | Asked | Decision | Because | Task | Entry | Outcome |",
        calls.values().stream().map(done -> done.row + " " + cell(done.outcome) + " |").toList());
    table(out, "Who agreed to held calls", "| When | What | Of | Who | Entry |", approvals);
    table(out, "How access was given and taken away", "| When | What | | Task | Entry |", access);
    complete(out, completeness);
    return out.toString();
  }

  private static String by(Checkpoint checkpoint) {
    return ", by the log `"
        + checkpoint.origin()
        + "` as it was signed at "
        + checkpoint.size()
        + " entries. The last column is an entry's place in the log.\n";
  }

  private static String byAll(List<Checkpoint> checkpoints) {
    return ", by the logs of all nodes as they were signed: "
        + checkpoints.stream()
            .map(one -> "`" + one.origin() + "` at " + one.size() + " entries")
            .collect(Collectors.joining(", "))
        + ". The last column is an entry's node and its place in that node's log.\n";
  }

  private void responsible(StringBuilder out) {
    out.append("\n## Who is answerable\n\n");
    latest.entrySet().stream()
        .filter(one -> one.getKey().startsWith("workflow/"))
        .sorted(Map.Entry.comparingByKey())
        .forEach(one ->
            out.append("- ")
                .append(one.getKey().replace('/', ' '))
                .append(": owner ")
                .append(cell(one.getValue().path("owner").asString("not declared")))
                .append("; purpose: ")
                .append(cell(one.getValue().path("purpose").asString("not declared")))
                .append("; stage ")
                .append(cell(one.getValue().path("stage").asString("not declared")))
                .append('\n'));
  }

  private static void table(StringBuilder out, String title, String head, List<String> rows) {
    out.append("\n## ").append(title).append("\n\n");
    if (rows.isEmpty()) {
      out.append("Nothing is recorded.\n");
      return;
    }
    out.append(head).append('\n').append(head.replaceAll("[^|]+", "---")).append('\n');
    rows.stream().limit(ROWS_MAX).forEach(row -> out.append(row).append('\n'));
    if (rows.size() > ROWS_MAX) {
      out.append("\n… and ").append(rows.size() - ROWS_MAX).append(" more, in the entries.\n");
    }
  }

  private void complete(StringBuilder out, Completeness completeness) {
    var gaps = completeness.gaps();
    out.append("\n## How complete this is\n\n")
        .append(completeness.figure() / 100)
        .append('.')
        .append("%02d".formatted(completeness.figure() % 100))
        .append(" % of what was begun is seen to have ended; ")
        .append(gaps.size())
        .append(" gaps.\n");
    gaps.stream()
        .limit(ROWS_MAX)
        .forEach(gap ->
            out.append("- entry ")
                .append(place(gap.index(), gap.node()))
                .append(", ")
                .append(cell(gap.what()))
                .append(": ")
                .append(gap.cause())
                .append('\n'));
  }

  private String call(RecordedEntry entry) {
    return "| "
        + entry.at()
        + " | "
        + cell(said(entry, "method") + " " + said(entry, "target"))
        + " | "
        + cell(entry.text("decision").orElse("refused"))
        + " | "
        + cell(listed(entry, "because"))
        + " | "
        + cell(said(entry, "task"))
        + " | "
        + place(entry)
        + " |";
  }

  private static String ended(RecordedEntry entry) {
    return said(entry, "outcome") + " at " + entry.at();
  }

  private String access(RecordedEntry entry, String what, String more) {
    return row(entry, what, more, said(entry, "task"));
  }

  private String row(RecordedEntry entry, String... cells) {
    var line = new StringBuilder("| ").append(entry.at());
    for (var cell : cells) {
      line.append(" | ").append(cell(cell));
    }
    return line.append(" | ").append(place(entry)).append(" |").toString();
  }

  /// What a held call wanted: entries from when only tools were held call it `tool`.
  private static String wanted(RecordedEntry entry) {
    return said(entry, entry.text("target").isPresent() ? "target" : "tool");
  }

  private static String said(RecordedEntry entry, String member) {
    return entry.text(member).orElse("");
  }

  private static String listed(RecordedEntry entry, String member) {
    return entry
        .content()
        .path(member)
        .valueStream()
        .map(one -> one.asString(""))
        .collect(Collectors.joining(", "));
  }

  /// Names come from outside; in a table they must stay text.
  private static String cell(String text) {
    var plain = text.replaceAll("[\\p{Cntrl}|<>`\\[\\]]", " ").strip();
    return plain.length() <= CELL_CHARS_MAX ? plain : plain.substring(0, CELL_CHARS_MAX) + "…";
  }
}
