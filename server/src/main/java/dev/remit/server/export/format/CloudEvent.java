package dev.remit.server.export.format;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/// Says an entry as a CloudEvent in the JSON format, structured: the entry itself is its `data`.
///
/// Source: CloudEvents 1.0.2, JSON event format 1.0.2; the extensions `partitionkey` and
/// `sequence`.
public final class CloudEvent {
  public static final String MEDIA_TYPE = "application/cloudevents+json";
  private static final JsonMapper JSON = JsonMapper.shared();

  private CloudEvent() {}

  /// Returns what the event's `type` is for a type of entry.
  public static String type(Outgoing out) {
    return "dev.remit." + out.entry().type().word();
  }

  public static byte[] bytes(Outgoing out) {
    var entry = out.entry();
    var event =
        JSON.createObjectNode()
            .put("specversion", "1.0")
            .put("id", out.id())
            .put("source", out.origin())
            .put("type", type(out))
            .put("time", entry.at().toString())
            .put("datacontenttype", "application/json")
            // Sorts as text, as the extension demands.
            .put("sequence", "%019d".formatted(entry.index()));
    entry.id().or(entry::of).ifPresent(subject -> event.put("subject", subject));
    if (!out.workflow().isEmpty()) {
      event.put("partitionkey", out.workflow());
    }
    event.set("data", entry.content());
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }
}
