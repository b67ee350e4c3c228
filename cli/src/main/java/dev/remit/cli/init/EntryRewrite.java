package dev.remit.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Rewrites one server's entry so that the client starts `remit connect`.
///
/// Members the client has for itself (`disabled`, `timeout`, `alwaysAllow`, …) stay as they are,
/// with their layout and comments; those that reached the server directly go.
final class EntryRewrite {
  private static final Set<String> DIRECT =
      Set.of("command", "args", "env", "cwd", "url", "serverUrl", "headers", "type");

  private final String text;
  private final Jsonc.Obj entry;

  EntryRewrite(String text, Jsonc.Obj entry) {
    this.text = text;
    this.entry = entry;
  }

  String through(List<String> args) {
    var list = args.stream().map(ClientConfiguration::quoted).collect(Collectors.joining(", "));
    var parts = new ArrayList<String>();
    entry.get("type").ifPresent(_ -> parts.add(layout() + "\"type\": \"stdio\""));
    parts.add(layout() + "\"command\": \"remit\"");
    parts.add(layout() + "\"args\": [" + list + "]");
    parts.addAll(kept());
    return "{" + String.join(",", parts) + closing() + "}";
  }

  /// Returns the members that stay, each with what stood before its name.
  private List<String> kept() {
    var kept = new ArrayList<String>();
    int from = entry.start() + 1;
    for (var member : entry.members()) {
      if (!DIRECT.contains(member.name())) {
        kept.add(text.substring(behindComma(from, member.start()), member.value().end()));
      }
      from = member.value().end();
    }
    return kept;
  }

  /// Skips the comma that ended the member before, which is the first one outside a comment.
  private int behindComma(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.startsWith("//", i)) {
        i = Math.max(i, text.indexOf('\n', i));
      } else if (text.startsWith("/*", i)) {
        i = Math.max(i, text.indexOf("*/", i) + 1);
      } else if (text.charAt(i) == ',') {
        return i + 1;
      }
    }
    return from;
  }

  /// Returns the blanks before the first member: a new line and its indentation, or one blank.
  private String layout() {
    return entry.members().isEmpty()
        ? " "
        : blanks(entry.start() + 1, entry.members().getFirst().start());
  }

  private String closing() {
    int last =
        entry.members().isEmpty() ? entry.start() + 1 : entry.members().getLast().value().end();
    return blanks(last, entry.end() - 1);
  }

  /// Returns the last run of blanks between two places, from its line break on.
  private String blanks(int from, int to) {
    int start = to;
    while (start > from && Character.isWhitespace(text.charAt(start - 1))) {
      start--;
    }
    var run = text.substring(start, to);
    int line = run.lastIndexOf('\n');
    int begin = line > 0 && run.charAt(line - 1) == '\r' ? line - 1 : line;
    return line < 0 ? run : run.substring(begin);
  }
}
