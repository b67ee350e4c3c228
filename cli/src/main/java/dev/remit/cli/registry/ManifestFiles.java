package dev.remit.cli.registry;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The options that say which manifests are meant; use it as a `@Mixin`.
final class ManifestFiles {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE|DIR",
      arity = "1..*",
      required = true,
      description =
          "Manifests: files, directories (every .yaml, .yml and .json below them, but"
              + " not the cases of policy tests, .test.yaml), or - for"
              + " standard input.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The set these files make up; each set prunes only its own (default: default).")
  private String set = "default";

  @Option(
      names = "--prune",
      description = "Retire what this set declared before and these files declare no longer.")
  private boolean prune;

  /// Reads the files into the body of a plan or apply.
  ObjectNode body(Terminal terminal) {
    var body = JSON.createObjectNode();
    var files = body.putArray("files");
    for (var path : paths) {
      for (var file : YamlFiles.found(terminal, path)) {
        if (!file.isTest()) {
          files.addObject().put("name", file.name()).put("text", file.text());
        }
      }
    }
    if (files.isEmpty()) {
      throw new CommandFailed(
          "no manifests in " + String.join(", ", paths), "name a file, or a directory with .yaml");
    }
    return body.put("set", set).put("prune", prune);
  }
}
