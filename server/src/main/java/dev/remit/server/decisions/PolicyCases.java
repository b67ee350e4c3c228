package dev.remit.server.decisions;

import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Nearest;
import dev.remit.server.registry.shape.Places;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.ShapeReader;
import dev.remit.server.registry.shape.YamlText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the files of a policy test.
///
/// ```yaml
/// defaults: {identity: invoice-agent, tool: files/read_file}
/// cases:
///   - name: invoices may be read
///     arguments: {path: /data/invoices/1.txt}
///     expect: allow
///     because: [invoice-reading]
/// ```
///
/// A key of `defaults` holds for each case that does not write it. Bounds: 10,000 cases.
final class PolicyCases {
  /// When it is where no case says: a Monday morning, so that a test says the same on every day.
  static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

  private static final int CASES_MAX = 10_000;
  private static final List<String> OUTCOMES = List.of("allow", "deny", "hold", "modify", "defer");
  private static final List<Field> CASE = caseFields();
  private static final Shape FILE =
      new Shape.Fields(
          optional("defaults", new Shape.Fields(SuppositionReader.FIELDS), "for every case"),
          required(
              "cases", new Shape.ListOf(new Shape.Fields(CASE), 1, CASES_MAX), "what is tried"));

  private final Registered registered;
  private final List<Flaw> flaws;
  private final Map<String, String> names = new HashMap<>();

  private PolicyCases(Registered registered, List<Flaw> flaws) {
    this.registered = registered;
    this.flaws = flaws;
  }

  private static List<Field> caseFields() {
    var fields = new ArrayList<Field>();
    fields.add(required("name", Shape.text("text", 1, 200), "what the case shows"));
    fields.addAll(SuppositionReader.FIELDS);
    fields.add(required("expect", new Shape.OneWord(OUTCOMES), "what policy must say"));
    fields.add(
        optional(
            "because",
            new Shape.SetOf(Shape.text("a policy's name", 1, 80), 1, 100),
            "the policies that must have decided, exactly these"));
    return List.copyOf(fields);
  }

  /// @param flaws where everything that is wrong with the files is added
  static List<PolicyCase> read(List<ManifestFile> files, Registered registered, List<Flaw> flaws) {
    var reader = new PolicyCases(registered, flaws);
    var cases = new ArrayList<PolicyCase>();
    for (var file : files) {
      for (var document : YamlText.documents(file.name(), file.text(), flaws)) {
        var shapes = new ShapeReader(file.name(), document, flaws);
        shapes
            .read(document, FILE, "")
            .ifPresent(read -> reader.read(read, shapes.places(), cases));
      }
    }
    return cases;
  }

  private void read(JsonNode file, Places places, List<PolicyCase> into) {
    for (int i = 0; i < file.get("cases").size(); i++) {
      var written = (ObjectNode) file.get("cases").get(i);
      var path = "cases[" + i + "]";
      isNew(written.get("name").stringValue(), path, places);
      var whole = written.deepCopy();
      file.path("defaults").properties().forEach(one -> inherit(whole, one));
      try {
        var supposition = SuppositionReader.read(whole, registered, NOW);
        checkArguments(supposition, path, places);
        into.add(
            new PolicyCase(
                written.get("name").stringValue(),
                places.at(path),
                supposition,
                written.get("expect").stringValue(),
                because(written)));
      } catch (SuppositionReader.Impossible e) {
        var at = written.has(e.key) ? path + "." + e.key : path;
        var message = String.valueOf(e.getMessage());
        flaws.add(Flaw.error("form", places.at(at), message, e.remedy));
      }
    }
  }

  /// What a case says of the target stands for all that the defaults say of it.
  private static void inherit(ObjectNode whole, Map.Entry<String, JsonNode> fallback) {
    boolean ofOtherTarget =
        switch (fallback.getKey()) {
          case "tool" -> whole.has("resource") || whole.has("action");
          case "resource", "item", "action" -> whole.has("tool");
          default -> false;
        };
    if (!whole.has(fallback.getKey()) && !ofOtherTarget) {
      whole.set(fallback.getKey(), fallback.getValue());
    }
  }

  private void isNew(String name, String path, Places places) {
    var at = places.at(path + ".name");
    var first = names.putIfAbsent(at.file() + "\n" + name, at.toString());
    if (first != null) {
      flaws.add(
          Flaw.error(
              "form",
              at,
              "a case `" + name + "` is there already, at " + first,
              "give each case of a file its own name"));
    }
  }

  private static Set<String> because(JsonNode written) {
    var because = new HashSet<String>();
    written.path("because").forEach(one -> because.add(one.asString("")));
    return because;
  }

  /// A misspelled argument would be invisible to policy, and the case would show nothing.
  private void checkArguments(Supposition supposition, String path, Places places) {
    var question = supposition.question();
    if (!(question.target() instanceof Target.OfTool(var name))
        || !(question.arguments() instanceof Arguments.Given(var json))) {
      return;
    }
    var known = registered.tool(name).map(Tool::inputSchema).map(PolicyCases::properties);
    for (var argument : json.propertyNames()) {
      if (known.isPresent() && !known.get().contains(argument)) {
        flaws.add(
            Flaw.warning(
                "form",
                places.at(path + ".arguments"),
                "`" + name + "` has no argument `" + argument + "`, so no policy sees it",
                Nearest.remedy(argument, known.get())));
      }
    }
  }

  private static Set<String> properties(JsonNode schema) {
    return new HashSet<>(schema.path("properties").propertyNames());
  }
}
