package dev.remit.server.approvals;

import dev.remit.kernel.identity.PersonName;

/// What became of a wish to take an approval back.
public sealed interface TakenBack {

  /// No further call is made under it.
  record Done() implements TakenBack {}

  /// It is used up, over, or was never given.
  record NothingLeft() implements TakenBack {}

  /// The person has neither agreed to it nor answers for the workflow nor keeps security.
  record NotTheirs(PersonName person) implements TakenBack {}
}
