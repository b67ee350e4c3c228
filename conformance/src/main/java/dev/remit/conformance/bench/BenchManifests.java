package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.identity.ToolDefinition;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The manifests under which the fast upstream's tools may be called.
public final class BenchManifests {
  private BenchManifests() {}

  /// Returns a workflow `bench` with intent `measure`, an identity `bench-agent` that `workload`
  /// proves, and resource `fast` at `upstream` with the tool `echo`.
  public static String text(Workload workload, String upstream) {
    return text(workload, upstream, ListedTools.of(1));
  }

  /// The same with all of `tools`.
  static String text(Workload workload, String upstream, List<JsonNode> tools) {
    var names = tools.stream().map(BenchManifests::name).collect(Collectors.joining(", "));
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: bench}
    spec:
      purpose: Measure what a governed call costs
      owner: admin
      escalation: bench@example.org
      dataClasses: [internal]
      intents: [measure]
      stage: pilot
      pilotExpires: %s
      retention: 30d
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: bench-agent}
    spec:
      workflow: bench
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: fast}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: %s}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: bench-grant}
    spec:
      identity: bench-agent
      resource: fast
      tools: [%4$s]
      dataClasses: [internal]
      limits: {callsPerTask: 100000000}
      approvedBy: admin
      expires: %1$s
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: bench-may-echo}
    spec:
      description: The benchmark's agent may call its one tool.
      cedar: |
        permit (principal == Identity::"bench-agent", action, resource in Resource::"fast");
    """
            .formatted(
                java.time.LocalDate.now(java.time.ZoneOffset.UTC).plusDays(60),
                workload.jwk(),
                upstream,
                names)
        + tools.stream().map(BenchManifests::tool).collect(Collectors.joining());
  }

  /// JSON is YAML.
  private static String tool(JsonNode definition) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: fast/%1$s}
    spec:
      resource: fast
      tool: %1$s
      effects: [read]
      dataClasses: [internal]
      definition: {digest: "%2$s", inputSchema: %3$s}
    """
        .formatted(
            name(definition), ToolDefinition.digest(definition), definition.get("inputSchema"));
  }

  private static String name(JsonNode definition) {
    return definition.get("name").stringValue();
  }
}
