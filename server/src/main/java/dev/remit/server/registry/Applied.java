package dev.remit.server.registry;

/// What became of a wish to change the registry.
public sealed interface Applied {

  /// It is so now, durably and on record.
  ///
  /// @param planned what was done; nothing if all of it was so already
  /// @param version of the registry now
  record Done(Planned planned, long version) implements Applied {}

  /// Nothing was changed, since rules speak against it.
  record Refused(Planned planned) implements Applied {}

  /// Nothing was changed, since somebody else changed something after the plan was made.
  record Stale(long planned, long current) implements Applied {}

  /// Nothing was changed yet, since it takes somebody else to agree.
  record Waiting(Planned planned, ApplyRequest request) implements Applied {}

  /// Nothing was changed, since nothing of this name is declared.
  record Unknown(Ref ref) implements Applied {}
}
