package dev.remit.server.http;

import java.net.URI;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A refusal or failure said in HTTP: problem details.
///
/// Every problem says what was wrong and what to do next, and nothing that the caller could not
/// already see. `members` holds what a program needs beyond that, such as the places in a manifest.
///
/// Source: RFC 9457.
///
/// @param status 400 to 599
/// @param slug names the kind of problem: the last segment of its `type` URI
/// @param detail what happened, this time, in one lower-case sentence
/// @param remedy what to do next
/// @param members further members of the object; may be empty
public record Problem(int status, String slug, String detail, String remedy, JsonNode members) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final URI TYPES = URI.create("https://remit.dev/problems/");

  public Problem {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("a problem has a status of 400 to 599, not " + status);
    }
  }

  public Problem(int status, String slug, String detail, String remedy) {
    this(status, slug, detail, remedy, JSON.createObjectNode());
  }

  public URI type() {
    return TYPES.resolve(slug);
  }

  /// Returns the object of RFC 9457, section 3.
  public ObjectNode toJson() {
    var object = JSON.createObjectNode();
    object.put("type", type().toString());
    object.put("title", slug.replace('-', ' '));
    object.put("status", status);
    object.put("detail", detail);
    object.put("remedy", remedy);
    members.properties().forEach(member -> object.set(member.getKey(), member.getValue()));
    return object;
  }

  /// The request cannot be understood; `detail` says where.
  public static Problem badRequest(String detail, String remedy) {
    return new Problem(400, "bad-request", detail, remedy);
  }

  public static Problem notFound(String what) {
    return new Problem(
        404, "not-found", "there is no " + what, "list what exists, or check the name");
  }
}
