package dev.remit.server.gateway;

import dev.remit.kernel.identity.ResourceName;
import java.net.URI;

/// The addresses under which resources are known outside, and which their tokens name.
///
/// Source: RFC 8707 (`resource`), RFC 9728 (where a resource's metadata is).
public record Audience(URI publicUrl) {

  public URI of(ResourceName resource) {
    return URI.create(base() + "/mcp/" + resource);
  }

  /// Where a client learns which authorization server to ask.
  public String metadata(ResourceName resource) {
    return base() + "/.well-known/oauth-protected-resource/mcp/" + resource;
  }

  private String base() {
    var text = publicUrl.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
