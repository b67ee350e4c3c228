package dev.remit.server.models;

import dev.remit.server.decisions.ExactJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// What goes to the provider: the very bytes that came in, with a member put before the first where
/// one has to be added, and written anew only where one has to be changed.
///
/// @param bytes what is sent
/// @param added members that Remit has added, each as it reads
/// @param narrowed members whose value Remit has lowered
/// @param tellsUsage whether the agent gets to see the usage that a stream ends with
/// @param isOfSecrets whether every secret is cut out, here and in the answer
/// @param redacted how many texts were changed for that
@SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
record Sending(
    byte[] bytes,
    List<String> added,
    List<String> narrowed,
    boolean tellsUsage,
    boolean isOfSecrets,
    int redacted) {

  Sending {
    added = List.copyOf(added);
    narrowed = List.copyOf(narrowed);
  }

  /// @param outputMax how much may be written at most; empty where it may be what was asked
  static Sending of(Asked asked, OptionalLong outputMax) {
    var request = asked.request();
    var added = new ArrayList<String>();
    var narrowed = new ArrayList<String>();
    var bytes = asked.bytes();
    boolean tellsUsage = true;
    if (outputMax.isPresent()) {
      var changed = asked.json().deepCopy();
      boolean isAdded = limit(changed, request.endpoint(), outputMax.getAsLong(), narrowed);
      if (isAdded) {
        var limits = Members.limits(request.endpoint());
        added.add("\"" + limits.getLast() + "\":" + outputMax.getAsLong());
      } else {
        bytes = ExactJson.bytes(changed);
      }
    }
    if (request.endpoint() == Endpoint.CHAT && request.streams()) {
      var options = asked.json().path("stream_options");
      tellsUsage = options.path("include_usage").asBoolean(false);
      if (!options.isObject()) {
        // Without it no token of a stream is told, and each would count as the most it can be.
        added.add("\"stream_options\":{\"include_usage\":true}");
        bytes = options.isNull() ? without(asked, bytes, "stream_options") : bytes;
      }
    }
    if (request.endpoint() == Endpoint.RESPONSES && !asked.json().hasNonNull("store")) {
      // Where nothing is said the provider would keep it.
      added.add("\"store\":false");
      bytes = asked.json().has("store") ? without(asked, bytes, "store") : bytes;
    }
    return new Sending(prefixed(bytes, added), added, narrowed, tellsUsage, false, 0);
  }

  /// The same with every secret cut out.
  ///
  /// @param count how many texts of the question were changed
  Sending ofSecrets(int count) {
    return new Sending(bytes, added, narrowed, tellsUsage, true, count);
  }

  /// Lowers what the request says; where it says nothing, returns that it has to be added.
  private static boolean limit(
      ObjectNode json, Endpoint endpoint, long max, List<String> narrowed) {
    boolean says = false;
    for (var name : Members.limits(endpoint)) {
      if (json.path(name).isIntegralNumber()) {
        says = true;
        if (json.path(name).longValue() > max) {
          json.put(name, max);
          narrowed.add(name);
        }
      } else if (json.has(name)) {
        json.remove(name);
      }
    }
    return !says;
  }

  private static byte[] without(Asked asked, byte[] bytes, String member) {
    var json =
        Arrays.equals(bytes, asked.bytes())
            ? asked.json().deepCopy()
            : (ObjectNode) tools.jackson.databind.json.JsonMapper.shared().readTree(bytes);
    json.remove(member);
    return ExactJson.bytes(json);
  }

  private static byte[] prefixed(byte[] bytes, List<String> added) {
    if (added.isEmpty()) {
      return bytes;
    }
    int brace = 0;
    while (bytes[brace] != '{') {
      brace++;
    }
    // A question has at least its model, so a member follows.
    var more = (String.join(",", added) + ",").getBytes(StandardCharsets.UTF_8);
    var all = new byte[bytes.length + more.length];
    System.arraycopy(bytes, 0, all, 0, brace + 1);
    System.arraycopy(more, 0, all, brace + 1, more.length);
    System.arraycopy(bytes, brace + 1, all, brace + 1 + more.length, bytes.length - brace - 1);
    return all;
  }

  boolean differs() {
    return !added.isEmpty() || !narrowed.isEmpty();
  }
}
