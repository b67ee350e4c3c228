package dev.remit.server.notifications;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// A message as an Adaptive Card, for a workflow of Teams. Text stands in runs, which know no
/// Markdown; a text block would.
///
/// Source: Adaptive Cards 1.4, `RichTextBlock` and `Action.OpenUrl`.
final class TeamsMessage {
  private static final JsonMapper JSON = JsonMapper.shared();

  private TeamsMessage() {}

  static byte[] bytes(Message message) {
    var json = JSON.createObjectNode().put("type", "message");
    var card =
        json.putArray("attachments")
            .addObject()
            .put("contentType", "application/vnd.microsoft.card.adaptive")
            .putObject("content")
            .put("type", "AdaptiveCard")
            .put("version", "1.4");
    var body = card.putArray("body");
    line(body)
        .addObject()
        .put("type", "TextRun")
        .put("text", message.title())
        .put("weight", "bolder");
    for (var fact : message.lines()) {
      var runs = line(body);
      runs.addObject().put("type", "TextRun").put("text", fact.name() + ": ").put("isSubtle", true);
      runs.addObject().put("type", "TextRun").put("text", fact.value());
    }
    card.putArray("actions")
        .addObject()
        .put("type", "Action.OpenUrl")
        .put("title", "Look at it")
        .put("url", message.link().toString());
    return JSON.writeValueAsBytes(json);
  }

  private static ArrayNode line(ArrayNode body) {
    return body.addObject().put("type", "RichTextBlock").putArray("inlines");
  }
}
