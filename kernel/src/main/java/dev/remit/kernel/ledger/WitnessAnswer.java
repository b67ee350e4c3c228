package dev.remit.kernel.ledger;

/// What a witness says to a checkpoint.
///
/// Source: C2SP tlog-witness, "add-checkpoint"; each answer names its HTTP status.
public sealed interface WitnessAnswer {

  /// 200: it continues everything that was seen before. Cosign it once it is remembered.
  record Agreed(Checkpoint checkpoint) implements WitnessAnswer {}

  /// 400: the request contradicts itself.
  record Malformed(String why) implements WitnessAnswer {}

  /// 403: no key that is trusted for this log, at this size, has signed it.
  record NotSigned(String why) implements WitnessAnswer {}

  /// 404: nobody has told this witness of the log.
  record UnknownLog(String origin) implements WitnessAnswer {}

  /// 409: the last that was cosigned has another size than the request starts from.
  record Conflict(long size) implements WitnessAnswer {}

  /// 422: it does not continue what was cosigned: the log was rewritten, or tells two stories.
  record Inconsistent(String why) implements WitnessAnswer {}
}
