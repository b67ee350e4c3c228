package dev.remit.server.approvals;

/// Hears what happens to approvals, to tell people. Called once it is durable, on the thread that
/// did it: must not block, and must not throw. A restart in between loses a notice and nothing
/// else; the ledger has the entry.
public interface Notices {

  /// Somebody is asked.
  default void opened(Approval approval) {}

  /// One has agreed, and more people have to.
  default void agreed(Approval approval) {}

  /// Nobody has answered for a while.
  default void reminded(Approval approval) {}

  /// Nobody has answered for so long that the workflow's escalation contact is to know.
  default void escalated(Approval approval) {}

  /// It was granted, declined, used up, or lapsed; its answer says by whom.
  default void settled(Approval approval) {}

  /// What it rested on was stopped or has changed; its answer says what.
  default void voided(Approval approval) {}
}
