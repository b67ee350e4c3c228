package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Says what an apply wants as text that can be kept until somebody agrees, and what was planned as
/// one digest.
final class ApplyJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ApplyJson() {}

  /// What is wanted.
  sealed interface What {
    record Apply(Wish wish) implements What {}

    record Retire(Ref ref) implements What {}
  }

  static String of(What what) {
    var json = JSON.objectNode();
    switch (what) {
      case What.Apply(var wish) -> {
        var files = json.putArray("files");
        wish.files()
            .forEach(file -> files.addObject().put("name", file.name()).put("text", file.text()));
        json.put("set", wish.set()).put("prune", wish.prune());
      }
      case What.Retire(var ref) ->
          json.putObject("retire").put("kind", ref.kind().noun()).put("name", ref.name());
    }
    return new String(CanonicalJson.bytes(json), StandardCharsets.UTF_8);
  }

  /// Reads what [#of] has written.
  ///
  /// @param version that it was planned on
  static What read(String text, long version) {
    var json = CanonicalJson.parse(text);
    var retire = json.path("retire");
    if (retire.isObject()) {
      var kind = Kind.parse(retire.path("kind").stringValue()).orElseThrow();
      return new What.Retire(new Ref(kind, retire.path("name").stringValue()));
    }
    var files = new ArrayList<ManifestFile>();
    for (var file : json.path("files")) {
      files.add(new ManifestFile(file.path("name").stringValue(), file.path("text").stringValue()));
    }
    return new What.Apply(
        new Wish(
            files,
            json.path("set").stringValue(),
            json.path("prune").booleanValue(),
            OptionalLong.of(version)));
  }

  /// Returns one digest over who wants what changed, from what to what, against which version.
  static Digest digest(Proposal proposal) {
    var all = JSON.arrayNode();
    all.add(proposal.author().name().value());
    all.add(proposal.current().version());
    proposal.changes().stream()
        .filter(change -> !change.isNone())
        .forEach(change -> all.add(change(proposal, change)));
    return CanonicalJson.digest(all);
  }

  private static JsonNode change(Proposal proposal, Change change) {
    var one = JSON.arrayNode();
    one.add(change.ref().toString());
    one.add(change.action().word());
    one.add(change.before().map(Digest::value).orElse(""));
    one.add(change.after().map(Digest::value).orElse(""));
    var stored = proposal.next().active().get(change.ref());
    one.add(stored == null ? "" : stored.set());
    return one;
  }
}
