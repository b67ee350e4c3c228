package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import dev.remit.server.evaluations.Trial.Side;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the readers of others' results share: strict JSON, which axis a group is of, names of
/// cases.
final class Importing {
  static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Map<String, Axis> told;
  private final List<Known> known;
  private final Map<String, Integer> seen = new HashMap<>();

  /// Which axis a group is of whose name begins so.
  record Known(String prefix, Axis axis) {}

  Importing(Map<String, Axis> told, List<Known> known) {
    this.told = Map.copyOf(told);
    this.known = List.copyOf(known);
  }

  /// @throws UnreadableSuite if nobody has said which: a guess would be a verdict about something
  ///   else
  Axis axis(String group) {
    return Optional.ofNullable(told.get(group))
        .or(() ->
            known.stream()
                .filter(one -> group.startsWith(one.prefix()))
                .map(Known::axis)
                .findFirst())
        .orElseThrow(() ->
            new UnreadableSuite(
                "of which axis `%s` is was not said; name it under `axes` as one of %s"
                    .formatted(
                        group,
                        String.join(", ", Arrays.stream(Axis.values()).map(Axis::word).toList()))));
  }

  /// Counts the answers of a version to a case, from 1.
  int repeat(Side side, String group, String caseId) {
    return seen.merge(side + " " + group + " " + caseId, 1, Integer::sum);
  }

  static JsonNode json(String what, String text) {
    try {
      return STRICT.readTree(text);
    } catch (JacksonException e) {
      throw new UnreadableSuite(what + " is not valid JSON: " + e.getOriginalMessage());
    }
  }

  /// A short name for a text that has none.
  static String named(String text) {
    return Digest.of(text).value().substring("sha256:".length(), "sha256:".length() + 16);
  }
}
