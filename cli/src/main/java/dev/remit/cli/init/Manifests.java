package dev.remit.cli.init;

import dev.remit.cli.Yaml;
import dev.remit.kernel.identity.ToolDefinition;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Writes manifests that people read first: short, with what was guessed marked as such.
final class Manifests {
  private static final Pattern BARE = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");
  private static final Pattern WORDS = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

  private final Names names;
  private final String source;
  private final LocalDate expires;

  /// What everything is called.
  ///
  /// @param workflow the workflow's name
  /// @param identity the identity's name
  /// @param owner the person who answers for it
  /// @param intent what tasks are started for
  record Names(String workflow, String identity, String spiffeId, String owner, String intent) {}

  /// @param source the file it was read from, for the comments
  /// @param expires when pilot and grants end
  Manifests(Names names, String source, LocalDate expires) {
    this.names = names;
    this.source = source;
    this.expires = expires;
  }

  /// Returns the person, who is not known to the server yet.
  String person(String displayName) {
    return """
    # The person who answers for the workflow and agrees to its grants. Add their `email`, and let
    # somebody else approve once there is somebody else. Roles: owner, approver, security,
    # auditor, admin.
    apiVersion: remit.dev/v1
    kind: Person
    metadata:
      name: %s
    spec:
      displayName: %s
      roles: [owner, approver]
      standing: active
    """
        .formatted(names.owner(), text(displayName));
  }

  String workflow(JsonNode publicJwk) {
    return """
    # Written by `remit init` from %1$s. Review it, then `remit plan` and `remit apply`.
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata:
      name: %2$s
    spec:
      # Say in one sentence which work this is; an approver and an auditor will read it.
      purpose: %3$s
      owner: %4$s
      # Whom to reach when something goes wrong: better an address.
      escalation: %5$s
      dataClasses: [internal]
      # What a task may be started for. `remit connect` starts its tasks for the first.
      intents: [%6$s]
      stage: pilot
      # A pilot ends by itself; prolonging it is a decision.
      pilotExpires: %7$s
    ---
    # The agent that this client runs. Its private key stays in a file on this machine.
    apiVersion: remit.dev/v1
    kind: Identity
    metadata:
      name: %8$s
    spec:
      workflow: %2$s
      kind: agent
      autonomy: acts-with-confirmation
      spiffeId: %9$s
      authenticatesBy:
        - privateKeyJwt:
            jwks:
              keys:
                - %10$s
    """
        .formatted(
            source,
            names.workflow(),
            text("Agent work in " + names.workflow() + " with the MCP servers of " + source),
            names.owner(),
            text("ask " + names.owner()),
            names.intent(),
            expires,
            names.identity(),
            names.spiffeId(),
            publicJwk);
  }

  /// Returns one server's resource, its tools, the grant and the policy.
  String server(String resource, Upstream upstream, Listing listing) {
    var documents = new StringBuilder(resource(resource, upstream));
    for (var tool : listing.tools()) {
      documents.append("---\n").append(tool(resource, tool));
    }
    return documents
        .append("---\n")
        .append(grant(resource, listing))
        .append("---\n")
        .append(policy(resource))
        .toString();
  }

  private String resource(String resource, Upstream upstream) {
    var head =
        """
        # Written by `remit init` from %s. Review it, then `remit plan` and `remit apply`.
        apiVersion: remit.dev/v1
        kind: Resource
        metadata:
          name: %s
        spec:
          type: mcp
          environment: development
          upstream:
        """
            .formatted(source, resource);
    return head
        + indented(
            4,
            switch (upstream) {
              case Upstream.Stdio stdio -> stdio(stdio);
              case Upstream.Http http -> http(http);
            });
  }

  private static String stdio(Upstream.Stdio stdio) {
    var lines = new StringBuilder("stdio:\n  command: " + text(stdio.command()) + "\n");
    lines.append(
        stdio.args().stream()
            .map(Manifests::text)
            .collect(Collectors.joining(", ", "  args: [", "]\n")));
    lines.append(settings("  env", stdio.settings()));
    stdio.cwd().ifPresent(cwd -> lines.append("  cwd: ").append(text(cwd)).append('\n'));
    return lines.toString();
  }

  private static String http(Upstream.Http http) {
    return "http:\n  url: "
        + text(http.url().toString())
        + "\n"
        + settings("  headers", http.settings());
  }

  private static String settings(String member, Map<String, Setting> settings) {
    if (settings.isEmpty()) {
      return "";
    }
    var lines = new StringBuilder(member + ":\n");
    settings.forEach((name, setting) ->
        lines.append("    ").append(text(name)).append(": ").append(setting(setting)).append('\n'));
    return lines.toString();
  }

  private static String setting(Setting setting) {
    return switch (setting) {
      case Setting.Plain(var value) -> quoted(value);
      case Setting.Secret(var secret, _) -> "{secret: " + text(secret) + "}";
    };
  }

  private static String tool(String resource, JsonNode tool) {
    var name = tool.path("name").asString("");
    var guess = GuessedEffects.of(tool);
    var comment =
        firstSentence(tool.path("description").asString("")).map(line -> "# " + line + "\n");
    var head =
        """
        apiVersion: remit.dev/v1
        kind: Tool
        metadata:
          name: %s
        spec:
          resource: %s
          tool: %s
          effects: %s # a guess, please review: %s
          dataClasses: [internal]
          definition:
            digest: %s
            inputSchema:
        """
            .formatted(
                text(resource + "/" + name),
                resource,
                text(name),
                guess.written(),
                guess.because(),
                text(ToolDefinition.digest(tool).value()));
    return comment.orElse("") + head + indented(6, Yaml.text(tool.path("inputSchema")));
  }

  private String grant(String resource, Listing listing) {
    var toolNames = listing.tools().stream().map(tool -> tool.path("name").asString("")).toList();
    var lines = new StringBuilder();
    if (!listing.prompts().isEmpty()) {
      lines.append("  prompts: ").append(list(listing.prompts())).append('\n');
    }
    if (!listing.resources().isEmpty()) {
      lines.append("  reads: ").append(list(reads(listing.resources()))).append('\n');
    }
    return """
    # What the agent may ask for: exactly what the server offered when this was written. Take out
    # what it does not need. A tool that appears or changes later waits for a review.
    apiVersion: remit.dev/v1
    kind: Grant
    metadata:
      name: %1$s-%2$s
    spec:
      identity: %1$s
      resource: %2$s
      tools: %3$s
    %4$s  dataClasses: [internal]
      limits: {callsPerTask: 1000}
      approvedBy: %5$s
      expires: %6$s
    """
        .formatted(names.identity(), resource, list(toolNames), lines, names.owner(), expires);
  }

  /// A URI template is granted from its fixed beginning on.
  private static List<String> reads(List<String> uris) {
    return uris.stream()
        .filter(uri -> !uri.isEmpty())
        .map(uri -> uri.replaceFirst("\\{.*", "*"))
        .distinct()
        .toList();
  }

  private String policy(String resource) {
    return """
    # A grant is never enough by itself: policy decides on every call. This one lets the agent use
    # what it was granted, and holds what may destroy, run code or show secrets until an approver
    # agrees.
    apiVersion: remit.dev/v1
    kind: Policy
    metadata:
      name: %1$s-%2$s
    spec:
      description: %3$s may use %2$s; grave calls wait for an approver
      cedar: |
        permit (
          principal == Identity::"%1$s",
          action,
          resource in Resource::"%2$s"
        );

        @hold("approver")
        forbid (
          principal == Identity::"%1$s",
          action in Action::"call",
          resource in Resource::"%2$s"
        ) when {
          resource.effects.containsAny(["destructive", "code-execution", "secrets"])
        } unless {
          context.approved
        };
    """
        .formatted(names.identity(), resource, names.identity());
  }

  private static Optional<String> firstSentence(String description) {
    var line = description.strip().lines().findFirst().orElse("").strip();
    int end = line.indexOf(". ");
    var sentence = end > 0 ? line.substring(0, end + 1) : line;
    var shown = sentence.length() > 90 ? sentence.substring(0, 90) + "…" : sentence;
    return shown.isEmpty() ? Optional.empty() : Optional.of(shown.replaceAll("\\p{Cntrl}", " "));
  }

  private static String list(List<String> items) {
    return items.stream().map(Manifests::text).collect(Collectors.joining(", ", "[", "]"));
  }

  /// Returns a YAML scalar that reads back as this text; JSON's quotes are YAML's as well.
  private static String text(String text) {
    boolean bare = BARE.matcher(text).matches() && !WORDS.matcher(text).matches();
    return bare ? text : quoted(text);
  }

  private static String quoted(String text) {
    return ClientConfiguration.quoted(text);
  }

  private static String indented(int blanks, String block) {
    return block
        .lines()
        .map(line -> " ".repeat(blanks) + line + "\n")
        .collect(Collectors.joining());
  }

  static LocalDate inNinetyDays(java.time.Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(90);
  }
}
