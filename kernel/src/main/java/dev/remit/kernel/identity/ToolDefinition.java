package dev.remit.kernel.identity;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a tool says of itself, reduced to what a reviewer agreed to.
///
/// The digest covers the members that a model or a person can be influenced by: name, title,
/// description, input and output schema, annotations, icons, execution and `_meta`; whatever else a
/// later protocol adds is covered too, because only members that vary by transport are left out
/// (none today). A changed description is a changed tool: that is the rug pull.
///
/// Source: the `Tool` type of the Model Context Protocol schema; canonical form of RFC 8785.
public final class ToolDefinition {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ToolDefinition() {}

  /// Returns the digest to pin for one element of a `tools/list` result.
  ///
  /// @throws IllegalArgumentException if `tool` is not an object with a string `name`
  public static Digest digest(JsonNode tool) {
    var name = tool.get("name");
    if (!tool.isObject() || name == null || !name.isString()) {
      throw new IllegalArgumentException("a tool definition is an object with a `name`");
    }
    return CanonicalJson.digest(tool);
  }

  /// Returns the digest of several definitions together, in any order: what a fingerprint of a
  /// whole toolchain is made of.
  public static Digest digestAll(List<Digest> tools) {
    var array = JSON.createArrayNode();
    tools.stream().sorted().forEach(digest -> array.add(digest.value()));
    return CanonicalJson.digest(array);
  }
}
