package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.evidence.SeenUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// What a person brings along of what servers saw: `[RESOURCE=]FILE` and `TOOL=N`.
public final class SeenFiles {

  private SeenFiles() {}

  /// Reads what was named; empty if nothing was.
  ///
  /// @param path where a named file is
  public static Optional<SeenUpstream> named(
      List<String> files, List<String> counts, Function<String, Path> path) {
    if (files.isEmpty() && counts.isEmpty()) {
      return Optional.empty();
    }
    var lists = new ArrayList<SeenUpstream.Listed>();
    for (var named : files) {
      int equals = Files.exists(path.apply(named)) ? -1 : named.indexOf('=');
      var resource =
          equals < 0 ? Optional.<String>empty() : Optional.of(named.substring(0, equals));
      lists.add(
          SeenUpstream.Listed.in(resource, text(path.apply(named.substring(equals + 1)), named)));
    }
    return Optional.of(new SeenUpstream(lists, counted(counts)));
  }

  private static Map<String, Long> counted(List<String> counts) {
    var counted = new TreeMap<String, Long>();
    for (var named : counts) {
      int equals = named.lastIndexOf('=');
      var number = named.substring(equals + 1);
      if (equals < 1 || !number.matches("[0-9]{1,15}")) {
        throw new CommandFailed(
            "`" + named + "` is no count of a tool",
            "write RESOURCE/TOOL=N, such as files/read=17");
      }
      counted.put(named.substring(0, equals), Long.parseLong(number));
    }
    return counted;
  }

  /// Logs are not always UTF-8, and ids are ASCII.
  private static String text(Path file, String named) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot read `" + named + "`", "name a file, or RESOURCE=FILE, that is there", e);
    }
  }
}
