package dev.remit.conformance.models;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a scripted model says next, whichever dialect it is asked in: a text, and calls that it
/// proposes.
///
/// It does as it is told: `call NAME {…} and NAME {…}` has it propose these calls, and results of
/// tools it repeats. Everything else it echoes.
record Turn(String text, List<Call> calls) {
  private static final String CALL = "call ";

  record Call(String name, String arguments) {}

  /// @param asked the text of the last message of the user
  /// @param results of tools that came after it
  static Turn after(String asked, List<String> results) {
    if (!results.isEmpty()) {
      return new Turn("The tools said: " + String.join("; ", results), List.of());
    }
    if (!asked.startsWith(CALL)) {
      return new Turn("You said: " + asked, List.of());
    }
    var calls = new ArrayList<Call>();
    for (var one : asked.substring(CALL.length()).split(" and ", -1)) {
      var parts = one.split(" ", 2);
      calls.add(new Call(parts[0], parts[1]));
    }
    return new Turn("Let me see. ", calls);
  }

  /// The text as a model writes it, a word at a time.
  List<String> words() {
    return List.of(text.split("(?<= )", -1));
  }

  /// What some content says, be it a text or a list of parts.
  static String said(JsonNode content) {
    return content.isString()
        ? content.stringValue()
        : StreamSupport.stream(content.spliterator(), false)
            .map(part -> part.path("text").asString(""))
            .collect(Collectors.joining());
  }

  static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }
}
