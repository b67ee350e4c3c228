package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Word;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a resource is reached.
public sealed interface Upstream {

  /// Digest of how it is reached; two declarations that lead to the same place have the same.
  default Digest digest() {
    return CanonicalJson.digest(
        switch (this) {
          case Stdio(var command, var args, var env, var cwd) -> {
            var json = JsonMapper.shared().createObjectNode().put("command", command);
            args.forEach(json.putArray("args")::add);
            cwd.ifPresent(directory -> json.put("cwd", directory));
            yield described(json, env);
          }
          case Http http -> {
            var json = JsonMapper.shared().createObjectNode().put("url", http.url().toString());
            if (!http.query().isEmpty()) {
              describe(json.putObject("query"), http.query());
            }
            if (!(http.auth() instanceof HttpAuth.None)) {
              json.put("auth", http.auth().toString());
            }
            yield described(json, http.headers());
          }
          case Database database ->
              JsonMapper.shared()
                  .createObjectNode()
                  .put("host", database.host())
                  .put("port", database.port())
                  .put("database", database.database());
          case Models models -> {
            var json = JsonMapper.shared().createObjectNode().put("url", models.url().toString());
            if (!models.query().isEmpty()) {
              describe(json.putObject("query"), models.query());
            }
            if (!(models.auth() instanceof HttpAuth.None)) {
              json.put("auth", models.auth().toString());
            }
            yield described(json, models.headers());
          }
        });
  }

  /// Names of the stored secrets with which a call is made. The password of a database's
  /// administrator is none of them: no call is made with it.
  default Set<String> secrets() {
    return switch (this) {
      case Stdio stdio -> secrets(stdio.env()).collect(Collectors.toSet());
      case Http http ->
          Stream.of(
                  secrets(http.headers()),
                  secrets(http.query()),
                  http.auth().secrets().values().stream(),
                  http.reveals().values().stream())
              .flatMap(all -> all)
              .collect(Collectors.toSet());
      case Models models ->
          Stream.of(
                  secrets(models.headers()),
                  secrets(models.query()),
                  models.auth().secrets().values().stream())
              .flatMap(all -> all)
              .collect(Collectors.toSet());
      case Database _ -> Set.of();
    };
  }

  private static Stream<String> secrets(Map<String, Setting> settings) {
    return settings.values().stream()
        .flatMap(setting ->
            switch (setting) {
              case Setting.Plain _ -> Stream.<String>empty();
              case Setting.Secret(var name) -> Stream.of(name);
            });
  }

  private static ObjectNode described(ObjectNode json, Map<String, Setting> settings) {
    describe(json.putObject("settings"), settings);
    return json;
  }

  private static void describe(ObjectNode all, Map<String, Setting> settings) {
    settings.forEach((name, setting) -> {
      switch (setting) {
        case Setting.Plain(var value) -> all.putObject(name).put("value", value);
        case Setting.Secret(var secret) -> all.putObject(name).put("secret", secret);
      }
    });
  }

  /// A child process that speaks over its standard streams.
  ///
  /// @param env exactly the environment it gets, beyond `PATH` and its like
  /// @param cwd where it runs; the server's own scratch directory when empty
  record Stdio(String command, List<String> args, Map<String, Setting> env, Optional<String> cwd)
      implements Upstream {
    public Stdio {
      args = List.copyOf(args);
      env = Map.copyOf(env);
    }
  }

  /// A Streamable HTTP endpoint.
  ///
  /// @param query parameters added to the URL of each request
  /// @param reveals secrets that may be shown as values, by the profile a grant names
  record Http(
      URI url,
      Map<String, Setting> headers,
      Map<String, Setting> query,
      HttpAuth auth,
      Map<String, String> reveals)
      implements Upstream {
    public Http {
      reveals = Map.copyOf(reveals);
      headers = Map.copyOf(headers);
      query = Map.copyOf(query);
    }

    public Http(URI url, Map<String, Setting> headers) {
      this(url, headers, Map.of(), new HttpAuth.None(), Map.of());
    }
  }

  /// A PostgreSQL database. Nothing is forwarded to it: whoever may reach it gets a role of their
  /// own there, for one task.
  ///
  /// @param administrator the role by which Remit makes and drops roles
  /// @param secret the name under which its password is stored
  /// @param profiles what a credential can be good for, by name
  record Database(
      String host,
      int port,
      String database,
      String administrator,
      String secret,
      Tls tls,
      Map<String, Profile> profiles)
      implements Upstream {
    public Database {
      profiles = Map.copyOf(profiles);
    }
  }

  /// A place where models answer, in one dialect or in both.
  ///
  /// @param url what stands before `/v1/` of each of its addresses, without a slash at its end
  /// @param query parameters added to the URL of each request
  record Models(
      URI url,
      Set<Dialect> dialects,
      Map<String, Setting> headers,
      Map<String, Setting> query,
      HttpAuth auth)
      implements Upstream {
    public Models {
      dialects = Set.copyOf(dialects);
      headers = Map.copyOf(headers);
      query = Map.copyOf(query);
      if (dialects.isEmpty()) {
        throw new IllegalArgumentException("models answer in at least one dialect");
      }
    }
  }

  /// How models are asked: whose interface they offer.
  enum Dialect implements Word {
    /// Chat completions, responses and embeddings, as OpenAI and many others offer them.
    OPENAI,
    /// Messages, as Anthropic offers them.
    ANTHROPIC
  }

  /// How the way to a database is protected.
  enum Tls implements Word {
    /// In the clear; for a database on this very machine.
    DISABLE,
    /// Encrypted, whoever answers.
    REQUIRE,
    /// Encrypted, with a certificate for the host's name from an authority that Java trusts.
    VERIFY_FULL
  }

  /// One way to use a database.
  ///
  /// @param roles group roles of the database that a credential is a member of; never empty
  /// @param connectionsMax connections that one credential may hold at once, 1 or more
  record Profile(Set<String> roles, int connectionsMax) {
    public Profile {
      roles = Set.copyOf(roles);
      if (roles.isEmpty() || connectionsMax < 1) {
        throw new IllegalArgumentException("a profile has a role and lets somebody connect");
      }
    }
  }

  /// The value of an environment variable or header.
  sealed interface Setting {

    /// Written in the manifest; nothing confidential.
    record Plain(String value) implements Setting {}

    /// Kept in Remit's encrypted store under this name and fetched for each use.
    record Secret(String name) implements Setting {}
  }
}
