package dev.remit.server.decisions;

import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Stored;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.shape.Nearest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Works out what would make a call succeed that was refused before policy was asked, from its
/// record and from what is declared now.
final class RefusalFixes {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern SUSPENDED = Pattern.compile("(\\w+) `([^`]+)` is suspended");
  private static final Pattern EXPIRED = Pattern.compile("grant `([^`]+)` expired at");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Registered registered;
  private final ArgumentCheck schemas;
  private final Fixes fixes;

  /// @param declared finds what is declared, with its whole specification
  RefusalFixes(
      Registered registered,
      Function<Ref, Optional<Stored>> declared,
      ArgumentCheck schemas,
      Instant now) {
    this.registered = registered;
    this.schemas = schemas;
    this.fixes = new Fixes(registered, declared, now);
  }

  /// @param sent the arguments of the call; empty where they are unknown or not to be shown
  Optional<Fix> of(RecordedEntry refused, Optional<byte[]> sent) {
    var identity = refused.text("identity").flatMap(this::name);
    var tool = tool(refused);
    return switch (refused.text("reason").orElse("")) {
      case "not-granted" ->
          identity.flatMap(who -> tool.flatMap(what -> fixes.grant(who.value(), what)));
      case "grant-expired" ->
          named(EXPIRED, refused, "detail").flatMap(name -> fixes.renewed(new GrantName(name)));
      case "not-reviewed" -> identity.flatMap(who -> tool.flatMap(what -> meant(who, what)));
      case "outside-task" -> tool.map(RefusalFixes::inScope);
      case "bad-arguments" ->
          sent.flatMap(bytes -> tool.flatMap(registered::tool).flatMap(one -> fitting(one, bytes)));
      case "calls-spent", "token-expired", "task-ended" ->
          Optional.of(Fix.newTask("start a new task; this one is over", JSON.createObjectNode()));
      case "suspended" -> suspended(refused);
      case "definition-changed" ->
          named(DIGEST, refused, "remedy")
              .flatMap(digest -> tool.flatMap(one -> fixes.definition(one.toString(), digest)));
      default -> Optional.empty();
    };
  }

  private static Fix inScope(ToolName tool) {
    var task = JSON.createObjectNode();
    task.putArray("tools").add(tool.toString());
    return Fix.newTask("start a task whose scope names `" + tool + "`", task);
  }

  /// The tool of the nearest name, of those that the identity was granted: any other would only be
  /// refused again.
  private Optional<Fix> meant(IdentityName identity, ToolName unknown) {
    var granted =
        registered.tools(unknown.resource()).stream()
            .filter(
                tool -> registered.grants(identity).stream().anyMatch(grant -> grant.names(tool)))
            .map(tool -> tool.name().tool())
            .toList();
    return Nearest.to(unknown.tool(), granted)
        .map(near ->
            Fix.callAnother(
                "call `" + near + "`; no tool `" + unknown.tool() + "` is reviewed",
                new ToolName(unknown.resource(), near)));
  }

  private Optional<Fix> fitting(Tool tool, byte[] sent) {
    try {
      return ArgumentRepair.of(tool, JSON.readTree(sent), schemas)
          .map(arguments ->
              Fix.call(
                  "call with arguments that fit the schema of `" + tool.name() + "`", arguments));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<Fix> suspended(RecordedEntry entry) {
    var found = SUSPENDED.matcher(entry.text("detail").orElse(""));
    if (!found.find()) {
      return Optional.empty();
    }
    var resume =
        "remit resume " + found.group(1).replace("key", "credential") + " " + found.group(2);
    return Optional.of(
        Fix.run(
                "ask its owner; once one person has asked to resume it and another agrees, new"
                    + " tokens can be had",
                resume + " --reason mended",
                resume + " --agree")
            .inNewTask());
  }

  /// What `pattern` finds in a member: its first group, or all of it where it has none.
  private static Optional<String> named(Pattern pattern, RecordedEntry entry, String member) {
    var found = pattern.matcher(entry.text(member).orElse(""));
    return found.find() ? Optional.of(found.group(found.groupCount())) : Optional.empty();
  }

  private static Optional<ToolName> tool(RecordedEntry entry) {
    try {
      return Optional.of(
          ToolName.parse(
              entry.text("resource").orElse("") + "/" + entry.text("target").orElse("")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<IdentityName> name(String spiffeId) {
    try {
      return registered.identity(new SpiffeId(spiffeId)).map(found -> found.name());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
