package dev.remit.cli.init;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Says what `init` found and did, and what comes next.
///
/// @param file the client's file as it was named
/// @param folder the directory of manifests as it was named
record InitReport(Init.Outcome outcome, String file, String folder, boolean wrote) {
  private static final JsonMapper JSON = JsonMapper.shared();

  void print(PrintWriter out) {
    out.println("In " + file + ":");
    outcome.found().forEach(one -> out.println("  " + found(one)));
    if (outcome.lines().isEmpty()) {
      out.println();
      out.println("Nothing to bring under Remit.");
      return;
    }
    out.println();
    printDone(out);
    printChange(out);
    printNext(out);
  }

  private static String found(Found one) {
    return switch (one) {
      case Found.Governed(var name) -> name + ": goes through Remit already";
      case Found.LeftAlone(var name, var why) -> name + ": LEFT AS IT IS; " + why;
      case Found.Listed(var name, _, _, var listing) -> name + ": " + offers(listing);
    };
  }

  private static String offers(Listing listing) {
    long grave = listing.tools().stream().filter(tool -> GuessedEffects.of(tool).isGrave()).count();
    var parts =
        listing.tools().size()
            + " tools"
            + (grave > 0
                ? " (" + grave + " may destroy, run code or show secrets: held for approval)"
                : "");
    var prompts = listing.prompts().isEmpty() ? "" : ", " + listing.prompts().size() + " prompts";
    var resources =
        listing.resources().isEmpty() ? "" : ", " + listing.resources().size() + " resources";
    return parts + prompts + resources;
  }

  private void printDone(PrintWriter out) {
    for (var name : outcome.written()) {
      out.println("wrote  " + folder + "/" + name);
    }
    for (var name : outcome.kept()) {
      out.println("kept   " + folder + "/" + name + " (it was there; remove it to write it anew)");
    }
    out.println("key    " + outcome.key() + " of identity " + outcome.identity());
    for (var secret : outcome.secrets()) {
      out.println("secret " + secret + " is in Remit's store, marked for rotation");
    }
    out.println("owner  " + outcome.owner());
    out.println();
    out.println("Effects and data classes in the manifests are guesses from what the servers say");
    out.println("of themselves. Review them: policy relies on them.");
    out.println();
  }

  private void printChange(PrintWriter out) {
    out.println(
        outcome
            .backup()
            .map(path -> "changed " + file + "; what it was is in " + path.getFileName())
            .orElse("To be changed in " + file + " (--write does it, and keeps a copy):"));
    outcome
        .lines()
        .forEach((name, args) ->
            out.println("  " + name + ": \"command\": \"remit\", \"args\": " + list(args)));
    if (wrote && !outcome.secrets().isEmpty()) {
      out.println("The copy still holds the secrets in the clear. Replace them at their source,");
      out.println("store the new ones with `remit secret put NAME`, then delete the copy.");
    }
    out.println();
  }

  private static String list(java.util.List<String> args) {
    return args.stream()
        .map(ClientConfiguration::quoted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private void printNext(PrintWriter out) {
    out.println("Next:");
    out.println("  remit plan  -f " + folder + "    what would be declared");
    out.println("  remit apply -f " + folder + "    declare it");
    if (!wrote) {
      out.println("  remit init --from " + file + " --write");
    }
    out.println("  start your client again; then `remit explain last`");
  }

  JsonNode json() {
    var node = JSON.createObjectNode();
    var servers = node.putArray("servers");
    for (var one : outcome.found()) {
      var server = servers.addObject().put("name", one.name());
      switch (one) {
        case Found.Governed _ -> server.put("state", "governed");
        case Found.LeftAlone(_, var why) -> server.put("state", "left-alone").put("why", why);
        case Found.Listed(_, var resource, _, var listing) -> {
          server.put("state", "listed").put("resource", resource);
          var tools = server.putArray("tools");
          listing.tools().forEach(tool -> tools.add(tool.path("name").asString("")));
        }
      }
    }
    node.put("owner", outcome.owner()).put("identity", outcome.identity());
    node.put("key", outcome.key().toString());
    outcome.written().forEach(node.putArray("written")::add);
    outcome.kept().forEach(node.putArray("kept")::add);
    outcome.secrets().forEach(node.putArray("secrets")::add);
    outcome.backup().map(Path::toString).ifPresent(path -> node.put("backup", path));
    return node;
  }
}
