package dev.remit.server.registry;

/// A file of manifests as its author has it.
///
/// @param name what problems call it, such as a path relative to the author's directory
/// @param text YAML, one or several documents
public record ManifestFile(String name, String text) {}
