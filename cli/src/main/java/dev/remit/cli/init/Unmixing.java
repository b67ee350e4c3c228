package dev.remit.cli.init;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tells settings from secrets in one server's entry, and gives each secret its name in the store.
final class Unmixing {
  private final String resource;
  private final Placeholders placeholders;
  private final Optional<Path> project;

  /// @param resource the resource's name, with which the names of its secrets begin
  Unmixing(String resource, Placeholders placeholders, Optional<Path> project) {
    this.resource = resource;
    this.placeholders = placeholders;
    this.project = project;
  }

  /// @throws Placeholders.Unknown if the entry cannot be declared, saying why
  Upstream.Stdio stdio(ConfiguredServer.Stdio server) {
    var settings = settings(server.env());
    var args = new ArrayList<String>();
    boolean hidden = false;
    var before = "";
    for (var written : server.args()) {
      var arg = placeholders.filled(written);
      if (isSecretArgument(before, arg)) {
        var variable = "REMIT_ARGUMENT_" + args.size();
        settings.put(variable, secret(variable, arg));
        args.add("\"$" + variable + "\"");
        hidden = true;
      } else {
        args.add(arg);
      }
      before = arg;
    }
    var command = placeholders.filled(server.command());
    var cwd = server.cwd().map(placeholders::filled).or(() -> project.map(Path::toString));
    return hidden
        ? throughShell(command, args, settings, cwd)
        : new Upstream.Stdio(command, args, settings, cwd);
  }

  /// `--api-key VALUE`, `--api-key=VALUE`, and values that speak for themselves.
  private static boolean isSecretArgument(String before, String arg) {
    int equals = arg.indexOf('=');
    boolean assigned =
        arg.startsWith("-")
            && equals > 0
            && SecretSigns.isSecret(arg.substring(0, equals), arg.substring(equals + 1));
    boolean follows =
        before.startsWith("-")
            && !before.contains("=")
            && !arg.startsWith("-")
            && SecretSigns.isSecret(before, arg);
    return assigned || follows || SecretSigns.isSecretValue(arg);
  }

  /// Arguments cannot be fetched from the store, environment variables can: a shell puts them in
  /// their place.
  private static Upstream.Stdio throughShell(
      String command, List<String> args, Map<String, Setting> env, Optional<String> cwd) {
    var line = new StringBuilder("exec ").append(shellQuoted(command));
    for (var arg : args) {
      line.append(' ').append(arg.startsWith("\"$REMIT_ARGUMENT_") ? arg : shellQuoted(arg));
    }
    return new Upstream.Stdio("sh", List.of("-c", line.toString()), env, cwd);
  }

  private static String shellQuoted(String text) {
    return text.matches("[A-Za-z0-9@%+=:,./_-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /// @throws Placeholders.Unknown if the entry cannot be declared, saying why
  Upstream.Http http(ConfiguredServer.Http server) {
    var text = placeholders.filled(server.url());
    if (SecretSigns.hasSecretQuery(text)) {
      throw new Placeholders.Unknown(
          "its address carries a secret in the query, which a manifest would show;"
              + " use a header for it");
    }
    var settings = settings(server.headers());
    var url = URI.create(text);
    var user = Optional.ofNullable(url.getUserInfo());
    user.ifPresent(
        info -> settings.put("Authorization", secret("Authorization", "Basic " + base64(info))));
    return new Upstream.Http(
        user.isPresent() ? URI.create(SecretSigns.withoutUserInfo(url)) : url, settings);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Setting> settings(Map<String, String> written) {
    var settings = new TreeMap<String, Setting>();
    written.forEach((name, text) -> {
      var value = placeholders.filled(text);
      // What came from outside the file was kept out of it for a reason.
      boolean asked = text.contains("${input:") && SecretSigns.isSecretName(name);
      settings.put(
          name,
          asked || SecretSigns.isSecret(name, value)
              ? secret(name, value)
              : new Setting.Plain(value));
    });
    return settings;
  }

  private Setting secret(String name, String value) {
    return new Setting.Secret(resource + "." + name.replaceAll("[^A-Za-z0-9._-]", "_"), value);
  }
}
