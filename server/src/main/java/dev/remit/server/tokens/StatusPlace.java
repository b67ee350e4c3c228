package dev.remit.server.tokens;

import java.net.URI;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where a token's status is listed: the claim `status`.
///
/// Source: draft-ietf-oauth-status-list-21, section 6.1.
///
/// @param page names the list; random
/// @param index from 0 to [StatusPages#SIZE], exclusive; random as well
record StatusPlace(String page, int index) {
  static final String PATH = "/oauth2/status/";

  /// Returns the list's address, which is its name.
  static URI uri(URI issuer, String page) {
    return URI.create(issuer + PATH + page);
  }

  ObjectNode toJson(URI issuer) {
    var status = JsonNodeFactory.instance.objectNode();
    status.putObject("status_list").put("idx", index).put("uri", uri(issuer, page).toString());
    return status;
  }

  static StatusPlace read(JsonNode status) {
    var list = status.path("status_list");
    var uri = TokenBody.text(list, "uri");
    return new StatusPlace(
        uri.substring(uri.lastIndexOf('/') + 1), Math.toIntExact(TokenBody.number(list, "idx")));
  }
}
