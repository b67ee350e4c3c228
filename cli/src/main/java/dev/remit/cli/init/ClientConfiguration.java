package dev.remit.cli.init;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// An MCP client's configuration file: `.mcp.json`, `claude_desktop_config.json`,
/// `.cursor/mcp.json` (member `mcpServers`) or `.vscode/mcp.json` (member `servers`, with
/// comments).
///
/// Read tolerantly; rewritten only where a server is replaced, all other bytes as they were.
///
/// @param file where it is
/// @param text all of it
/// @param servers the object whose members are the servers
record ClientConfiguration(Path file, String text, Jsonc.Obj servers) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static ClientConfiguration read(Path file) {
    try {
      return of(file, Files.readString(file));
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot read " + file, "give --from the path of a client's configuration", e);
    }
  }

  static ClientConfiguration of(Path file, String text) {
    try {
      if (Jsonc.parse(text) instanceof Jsonc.Obj root) {
        return new ClientConfiguration(file, text, servers(file, root));
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(file + " is not JSON: " + e.getMessage(), "mend it first", e);
    }
    throw new CommandFailed(file + " holds no JSON object", "is this the right file?");
  }

  private static Jsonc.Obj servers(Path file, Jsonc.Obj root) {
    return root.object("mcpServers")
        .or(() -> root.object("servers"))
        .or(() -> root.object("mcp").flatMap(inner -> inner.object("servers")))
        .orElseThrow(() ->
            new CommandFailed(
                file + " names no MCP servers: it has no `mcpServers` and no `servers`",
                "is this the right file?"));
  }

  /// Returns the directory that relative paths in the file mean: the project the file belongs to;
  /// empty for a file that belongs to a person and not to a project.
  Optional<Path> project() {
    var directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    var name = Optional.ofNullable(directory.getFileName()).map(Path::toString).orElse("");
    if (name.equals(".vscode") || name.equals(".cursor")) {
      return Optional.ofNullable(directory.getParent());
    }
    return file.endsWith(".mcp.json") ? Optional.of(directory) : Optional.empty();
  }

  List<ConfiguredServer> configured() {
    return servers.members().stream().map(ClientConfiguration::server).toList();
  }

  private static ConfiguredServer server(Jsonc.Member member) {
    var name = member.name();
    if (!(member.value() instanceof Jsonc.Obj entry)) {
      return new ConfiguredServer.Unusable(name, "its entry is not an object");
    }
    var type = entry.text("type").orElse("");
    var command = entry.text("command");
    var url = entry.text("url").or(() -> entry.text("serverUrl"));
    if (command.isPresent()) {
      return stdio(name, command.get(), entry);
    }
    if (url.isPresent() && !type.equals("sse")) {
      return new ConfiguredServer.Http(name, url.get(), texts(entry, "headers"));
    }
    return new ConfiguredServer.Unusable(
        name,
        type.equals("sse")
            ? "it uses HTTP+SSE, the transport of 2024-11-05, which Remit does not forward;"
                + " ask its maker for a Streamable HTTP address"
            : "it has neither `command` nor `url`");
  }

  private static ConfiguredServer stdio(String name, String command, Jsonc.Obj entry) {
    var args = entry.texts("args");
    if (Path.of(command).endsWith("remit") && args.contains("connect")) {
      return new ConfiguredServer.Governed(name);
    }
    if (entry.get("envFile").isPresent()) {
      return new ConfiguredServer.Unusable(
          name, "it reads an `envFile`; move what it needs into `env` first");
    }
    return new ConfiguredServer.Stdio(name, command, args, texts(entry, "env"), entry.text("cwd"));
  }

  private static Map<String, String> texts(Jsonc.Obj entry, String member) {
    var texts = new LinkedHashMap<String, String>();
    for (var inner : entry.object(member).map(Jsonc.Obj::members).orElse(List.of())) {
      switch (inner.value()) {
        case Jsonc.Text(_, _, var value) -> texts.put(inner.name(), value);
        case Jsonc.Plain(_, _, var written) -> texts.put(inner.name(), written);
        case Jsonc.Obj _, Jsonc.Arr _ -> {
          // Neither a variable nor a header.
        }
      }
    }
    return texts;
  }

  /// Returns the text with each named server's entry replaced by `remit` and its arguments.
  String rewritten(Map<String, List<String>> argsByServer) {
    var result = new StringBuilder(text);
    for (var member : servers.members().reversed()) {
      var args = argsByServer.get(member.name());
      if (args != null && member.value() instanceof Jsonc.Obj entry) {
        result.replace(entry.start(), entry.end(), new EntryRewrite(text, entry).through(args));
      }
    }
    return result.toString();
  }

  /// Writes `newText` in the file's place, at once, and keeps a copy of what was there, readable by
  /// its owner only, since it may hold secrets.
  ///
  /// @return the copy
  Path replaceBy(String newText) {
    try {
      var backup = PrivateFiles.freeName(file, ".before-remit");
      PrivateFiles.write(backup, text.getBytes(StandardCharsets.UTF_8));
      PrivateFiles.replace(file, newText.getBytes(StandardCharsets.UTF_8));
      return backup;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rewrite " + file, e);
    }
  }

  static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }
}
