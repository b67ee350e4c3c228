package dev.remit.server.notifications;

import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A message as Slack takes it: blocks of plain text, in which nothing is markup, and one button.
///
/// Source: Slack's Block Kit; "Escaping text" in its guide to formatting, for the line that is
/// shown where blocks are not.
final class SlackMessage {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int HEADER_MAX = 150;
  private static final int TEXT_MAX = 2_900;

  private SlackMessage() {}

  static byte[] bytes(Message message) {
    var json =
        JSON.createObjectNode()
            .put("text", escaped(message.title()))
            .put("mrkdwn", false)
            .put("link_names", false)
            .put("unfurl_links", false)
            .put("unfurl_media", false);
    var blocks = json.putArray("blocks");
    blocks.addObject().put("type", "header").set("text", plain(message.title(), HEADER_MAX));
    if (!message.lines().isEmpty()) {
      blocks.addObject().put("type", "section").set("text", plain(lines(message), TEXT_MAX));
    }
    var button = blocks.addObject().put("type", "actions").putArray("elements").addObject();
    button.put("type", "button").put("url", message.link().toString());
    button.set("text", plain("Look at it", HEADER_MAX));
    return JSON.writeValueAsBytes(json);
  }

  private static String lines(Message message) {
    return message.lines().stream()
        .map(fact -> fact.name() + ": " + fact.value())
        .collect(Collectors.joining("\n"));
  }

  private static ObjectNode plain(String text, int max) {
    var bounded = text.length() <= max ? text : text.substring(0, max - 1) + "…";
    return JSON.createObjectNode()
        .put("type", "plain_text")
        .put("text", bounded)
        .put("emoji", false);
  }

  /// Without these three nothing is a mention, a channel or a link.
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
