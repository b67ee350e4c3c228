package dev.remit.server.export.format;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.util.List;
import java.util.Set;

/// Says entries as OpenTelemetry log records: one each, an event named by the entry's type, its
/// members as attributes `remit.…`.
///
/// Source: OTLP 1.11.0, `logs.proto`; OpenTelemetry logs data model.
public final class OtlpLogs {
  /// Said elsewhere in the record, or of no use without the log.
  private static final Set<String> NOT_REPEATED =
      Set.of("v", "type", "at", "producer", "epoch", "n", "bodies");

  private OtlpLogs() {}

  /// Returns a log record for each of `entries`, which are of one log and at least one.
  public static ExportLogsServiceRequest request(List<Outgoing> entries) {
    var scope = ScopeLogs.newBuilder().setScope(OtlpValues.scope());
    entries.forEach(out -> scope.addLogRecords(logRecord(out)));
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(OtlpValues.resource(entries.getFirst()))
                .addScopeLogs(scope))
        .build();
  }

  private static LogRecord logRecord(Outgoing out) {
    var entry = out.entry();
    var severity = severity(out);
    var log =
        LogRecord.newBuilder()
            .setTimeUnixNano(OtlpValues.nanos(entry.at()))
            .setObservedTimeUnixNano(OtlpValues.nanos(entry.at()))
            .setEventName("remit." + entry.type().word())
            .setSeverityNumber(severity)
            .setSeverityText(severity.name().substring("SEVERITY_NUMBER_".length()))
            .setBody(AnyValue.newBuilder().setStringValue(Ocsf.message(entry)))
            .addAttributes(OtlpValues.text("log.record.uid", out.id()))
            .addAttributes(OtlpValues.number("remit.log.index", entry.index()));
    if (!out.workflow().isEmpty() && entry.text("workflow").isEmpty()) {
      log.addAttributes(OtlpValues.text("remit.workflow", out.workflow()));
    }
    for (var member : entry.content().properties()) {
      if (!NOT_REPEATED.contains(member.getKey())) {
        log.addAttributes(
            OtlpValues.of("remit." + member.getKey(), OtlpValues.value(member.getValue())));
      }
    }
    OtlpValues.traceId(out)
        .ifPresent(trace -> {
          log.setTraceId(trace);
          if (CallSpans.isOfCall(entry.type())) {
            OtlpValues.spanId(out).ifPresent(log::setSpanId);
          }
        });
    return log.build();
  }

  private static SeverityNumber severity(Outgoing out) {
    var entry = out.entry();
    boolean bad =
        switch (entry.type()) {
          case CALL_REFUSED,
              EXCHANGE_REFUSED,
              SIGNIN_REFUSED,
              FINDING_RAISED,
              EXPORT_SETASIDE,
              CREDENTIAL_STUCK,
              CREDENTIAL_SWEPT,
              SECRET_REVEALED,
              DRIFT_NOTICED,
              EMERGENCY_REQUESTED,
              EMERGENCY_SETTLED,
              EMERGENCY_USED,
              PROOF_DECAYED ->
              true;
          case EVALUATION_JUDGED -> entry.text("verdict").filter("fail"::equals).isPresent();
          case RISK_CHANGED -> entry.content().path("rises").asBoolean(false);
          case EXERCISE_FINISHED -> entry.text("outcome").filter("met"::equals).isEmpty();
          case CREDENTIAL_RETURNED -> entry.text("outcome").filter("failed"::equals).isPresent();
          case CREDENTIAL_QUARANTINED -> entry.content().path("quarantined").asBoolean(true);
          case CALL_DECIDED, DECISION_ASKED ->
              entry.text("decision").filter("deny"::equals).isPresent();
          case CALL_ENDED -> entry.text("outcome").filter("answered"::equals).isEmpty();
          case STANDING_CHANGED -> entry.content().path("suspended").asBoolean(false);
          case ENFORCEMENT_CHANGED -> entry.text("mode").filter("observe"::equals).isPresent();
          case CONTROL_MEASURED -> !entry.content().path("complete").asBoolean(true);
          case DRILL_FINISHED -> entry.text("outcome").filter("met"::equals).isEmpty();
          case BOOT,
              SEAL,
              HEARTBEAT,
              KEY_CREATED,
              SIGNAL_RECEIVED,
              SIGNAL_REFUSED,
              KEY_REVOKED,
              KEY_RETIRED,
              REGISTRY_CHANGED,
              APPLY_REQUESTED,
              APPLY_SETTLED,
              OWNER_SUCCEEDED,
              POLICY_ACTIVATED,
              POLICY_GATED,
              SECRET_STORED,
              DEFINITION_PINNED,
              TASK_STARTED,
              TASK_COMPLETED,
              TOKEN_ISSUED,
              TOKEN_REVOKED,
              SVID_ISSUED,
              APPROVAL_OPENED,
              APPROVAL_SETTLED,
              APPROVAL_AGREED,
              APPROVAL_REMINDED,
              ALLOWANCE_GIVEN,
              ALLOWANCE_ENDED,
              OPERATOR_ISSUED,
              ACCOUNT_SET,
              SESSION_STARTED,
              SESSION_ENDED,
              CONSENT_GIVEN,
              EVIDENCE_EXPORTED,
              EXPORT_REWOUND,
              EVIDENCE_ERASED,
              EVIDENCE_EXPIRED,
              LEGALHOLD_PLACED,
              LEGALHOLD_LIFTED,
              CANARY_PLANTED,
              CANARY_RETIRED,
              FINDING_CLOSED,
              ENFORCEMENT_REQUESTED,
              ENFORCEMENT_SETTLED,
              RESUMPTION_REQUESTED,
              RESUMPTION_SETTLED,
              CREDENTIAL_INTENDED,
              CREDENTIAL_ISSUED,
              CREDENTIAL_REVOKING,
              CREDENTIAL_ENDED,
              SECRET_OFFERED,
              PROMOTION_REQUESTED,
              PROMOTION_SETTLED,
              STAGE_CHANGED,
              PROOF_RESTORED,
              EXCEPTION_REQUESTED,
              EXCEPTION_SETTLED,
              EXCEPTION_ENDED,
              EVALUATION_PLANNED,
              EVALUATION_ANSWERED,
              EVALUATION_LABELLED,
              PROBES_ASKED,
              EMERGENCY_ENDED,
              EMERGENCY_REVIEWED,
              LOG_SEEN ->
              false;
        };
    return bad ? SeverityNumber.SEVERITY_NUMBER_WARN : SeverityNumber.SEVERITY_NUMBER_INFO;
  }
}
