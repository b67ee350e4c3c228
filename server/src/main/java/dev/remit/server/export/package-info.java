/// Sends what the ledger records to others: events for a SIEM, logs and spans for a telemetry
/// backend, signed webhooks, a Kafka topic.
///
/// Beside the path of calls: an export reads entries that are durable, and a destination that is
/// away delays nothing but itself. Each entry is sent at least once and in order, from a position
/// in the database. Start at [ExportLoop]. What is sent: [dev.remit.server.export.format] and
/// `docs/formats/export.md`; why so: ADR 0027.
@NullMarked
package dev.remit.server.export;

import org.jspecify.annotations.NullMarked;
