package dev.remit.server.registry;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Nearest;
import dev.remit.server.registry.shape.Place;
import dev.remit.server.registry.shape.ShapeReader;
import dev.remit.server.registry.shape.YamlText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.node.ObjectNode;

/// Reads files of manifests, as far as that needs nothing but the files.
final class ManifestReader {
  private static final List<String> TITLES = Arrays.stream(Kind.values()).map(Kind::title).toList();

  private final String trustDomain;
  private final Map<Ref, Manifest> manifests = new LinkedHashMap<>();
  private final List<Flaw> flaws = new ArrayList<>();

  private ManifestReader(String trustDomain) {
    this.trustDomain = trustDomain;
  }

  /// What the files hold.
  ///
  /// @param manifests those of the right form, each name once
  record Reading(List<Manifest> manifests, List<Flaw> flaws) {}

  /// Reads every document of `files`.
  ///
  /// @param trustDomain of the SPIFFE IDs of identities that declare none
  static Reading read(List<ManifestFile> files, String trustDomain) {
    var reader = new ManifestReader(trustDomain);
    for (var file : files) {
      for (var document : YamlText.documents(file.name(), file.text(), reader.flaws)) {
        reader.read(file.name(), document);
      }
    }
    return new Reading(List.copyOf(reader.manifests.values()), List.copyOf(reader.flaws));
  }

  private void read(String file, Node document) {
    if (document.getTag().equals(Tag.NULL)) {
      return; // Nothing between two separators, or only comments.
    }
    var reader = new ShapeReader(file, document, flaws);
    var kind = kind(document, reader.places().start());
    if (kind.isEmpty()) {
      return;
    }
    var read = reader.read(document, ManifestShapes.document(kind.get()), "");
    if (read.isEmpty()) {
      return;
    }
    var name = read.get().at("/metadata/name").stringValue();
    var spec = (ObjectNode) read.get().get("spec");
    keep(
        new Manifest(
            new Ref(kind.get(), name), completed(kind.get(), name, spec), reader.places()));
  }

  private ObjectNode completed(Kind kind, String name, ObjectNode spec) {
    if (kind == Kind.IDENTITY && !spec.has("spiffeId")) {
      var workflow = new WorkflowName(spec.get("workflow").stringValue());
      spec.put("spiffeId", SpiffeId.of(trustDomain, workflow, new IdentityName(name)).value());
    }
    return spec;
  }

  private void keep(Manifest manifest) {
    var first = manifests.putIfAbsent(manifest.ref(), manifest);
    if (first != null) {
      flaws.add(
          Flaw.error(
              "form",
              manifest.places().at("metadata.name"),
              manifest.ref().said() + " is declared twice, first at " + first.places().start(),
              "keep one of the two declarations"));
    }
  }

  private Optional<Kind> kind(Node document, Place place) {
    if (!(document instanceof MappingNode mapping)) {
      flaws.add(
          Flaw.error(
              "form",
              place,
              "a manifest is a mapping with apiVersion, kind, metadata and spec",
              "start with `apiVersion: " + ManifestShapes.API_VERSION + "`"));
      return Optional.empty();
    }
    var written =
        mapping.getValue().stream()
            .filter(tuple -> isKey(tuple.getKeyNode(), "kind"))
            .map(tuple -> tuple.getValueNode())
            .findFirst();
    var word = written.map(node -> node instanceof ScalarNode scalar ? scalar.getValue() : "");
    var kind = word.flatMap(ManifestReader::titled);
    if (kind.isEmpty()) {
      flaws.add(
          Flaw.error(
              "form",
              written.map(node -> ShapeReader.place(place.file(), node)).orElse(place),
              word.filter(Predicate.not(String::isEmpty))
                  .map(found -> "`" + found + "` is not a known kind")
                  .orElse("`kind` is missing"),
              Nearest.remedy(word.orElse(""), TITLES)));
    }
    return kind;
  }

  private static Optional<Kind> titled(String word) {
    return Arrays.stream(Kind.values()).filter(kind -> kind.title().equals(word)).findFirst();
  }

  private static boolean isKey(Node node, String key) {
    return node instanceof ScalarNode scalar && scalar.getValue().equals(key);
  }
}
