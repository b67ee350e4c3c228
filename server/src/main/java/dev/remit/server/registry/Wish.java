package dev.remit.server.registry;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What somebody wants to be declared.
///
/// @param files the manifests
/// @param set the name of this set of files; what it declares is its own to prune. Two sets may
///   exist side by side, and declaring what another set declares takes it over
/// @param prune whether what the set declared before and does not declare now is retired
/// @param plannedAgainst the version of the plan that was agreed to; none when it does not matter
public record Wish(
    List<ManifestFile> files, String set, boolean prune, OptionalLong plannedAgainst) {
  public static final String DEFAULT_SET = "default";
  private static final Pattern SET = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public Wish {
    files = List.copyOf(files);
    if (!SET.matcher(set).matches()) {
      throw new IllegalArgumentException(
          "a set's name is 1 to 63 lower-case letters, digits and inner hyphens");
    }
  }

  public static Wish of(ManifestFile... files) {
    return new Wish(List.of(files), DEFAULT_SET, false, OptionalLong.empty());
  }
}
