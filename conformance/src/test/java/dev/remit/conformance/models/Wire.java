package dev.remit.conformance.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How one endpoint of a provider asks and answers.
sealed interface Wire permits ChatWire, ResponsesWire, MessagesWire {

  /// What the model is to say to this.
  Turn turn(JsonNode asked);

  /// The answer in one piece.
  String whole(JsonNode asked, Turn turn);

  /// The answer as a stream, event by event.
  List<String> events(JsonNode asked, Turn turn);

  /// Both halves of some arguments, as they come in a stream.
  static List<String> halves(String arguments) {
    int half = arguments.length() / 2;
    return List.of(arguments.substring(0, half), arguments.substring(half));
  }

  /// An event as those have it that name its type twice.
  static String named(String data) {
    var type = tools.jackson.databind.json.JsonMapper.shared().readTree(data).path("type");
    return "event: " + type.asString("") + "\ndata: " + data.strip() + "\n\n";
  }

  /// The texts behind the last message of the user, in order.
  static List<String> tail(List<String> kinds, List<String> texts, String kind) {
    var tail = new ArrayList<String>();
    for (int i = kinds.size() - 1; i >= 0 && kinds.get(i).equals(kind); i--) {
      tail.addFirst(texts.get(i));
    }
    return tail;
  }
}
