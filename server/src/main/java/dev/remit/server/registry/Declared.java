package dev.remit.server.registry;

/// One declared thing, as the rest of Remit reads it..
public sealed interface Declared
    permits Person, DataClass, Model, Workflow, Identity, Resource, Tool, Grant, PolicyText {

  Kind kind();

  /// Returns `metadata.name`, which no two things of one kind share.
  String key();
}
