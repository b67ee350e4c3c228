package dev.remit.kernel.identity;

/// The full name of one tool: the resource that offers it, and the name it has on the wire.
///
/// Written `resource/tool`. The wire name is the upstream's own choice, so nothing is assumed of it
/// except what a name needs to be shown and quoted safely.
///
/// @param resource the resource behind which the tool lives
/// @param tool the upstream's name for it: 1 to 256 printable characters without blanks
public record ToolName(ResourceName resource, String tool) implements Comparable<ToolName> {
  private static final int LENGTH_MAX = 256;

  public ToolName {
    if (tool.isEmpty() || tool.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a tool's name has 1 to " + LENGTH_MAX + " characters, not " + tool.length());
    }
    if (tool.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      throw new IllegalArgumentException(
          "a tool's name has no blanks or control characters: `" + tool.strip() + "`");
    }
  }

  /// Reads `resource/tool`; the tool part may hold further slashes.
  ///
  /// @throws IllegalArgumentException if there is no slash or a part is not a valid name
  public static ToolName parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("`" + text + "` is not of the form resource/tool");
    }
    return new ToolName(new ResourceName(text.substring(0, slash)), text.substring(slash + 1));
  }

  @Override
  public int compareTo(ToolName other) {
    int byResource = resource.compareTo(other.resource);
    return byResource != 0 ? byResource : tool.compareTo(other.tool);
  }

  @Override
  public String toString() {
    return resource + "/" + tool;
  }
}
