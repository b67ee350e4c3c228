package dev.remit.kernel.evidence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads the parts of a bundle, and says by part and line what cannot be read. A part that is not
/// there is empty: that it is missing the [Manifest] has said.
record PartReader(BundleParts bundle, List<String> damages) {
  private static final int DAMAGES_MAX = 1_000;
  private static final int LINE_CHARS_MAX = 32 * 1024 * 1024;

  String text(String part) {
    try (var in = bundle.open(part).orElse(InputStream.nullInputStream())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read `" + part + "`", e);
    }
  }

  /// Hands over each line's JSON. What `each` throws as [IllegalArgumentException] is damage.
  void lines(String part, Consumer<JsonNode> each) {
    int number = 0;
    var in = bundle.open(part).orElse(InputStream.nullInputStream());
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.length() > LINE_CHARS_MAX || damages.size() > DAMAGES_MAX) {
          damages.add("`" + part + "` line " + number + " and what follows was not read");
          return;
        }
        line("`" + part + "` line " + number, line, each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read `" + part + "`", e);
    }
  }

  private void line(String place, String line, Consumer<JsonNode> each) {
    try {
      each.accept(Manifest.STRICT.readTree(line));
    } catch (JacksonException e) {
      damages.add(place + " is not JSON");
    } catch (IllegalArgumentException e) {
      damages.add(place + ": " + e.getMessage());
    }
  }
}
