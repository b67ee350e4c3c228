package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.identity.ToolDefinition;
import tools.jackson.databind.json.JsonMapper;

/// The manifests under which the fast upstream's one tool may be called.
public final class BenchManifests {
  private static final String ECHO =
      "{\"name\":\"echo\",\"description\":\"Says ok\",\"inputSchema\":{\"type\":\"object\","
          + "\"properties\":{\"n\":{\"type\":\"integer\"}},\"additionalProperties\":false}}";

  private BenchManifests() {}

  /// Returns a workflow `bench` with intent `measure`, an identity `bench-agent` that `workload`
  /// proves, and resource `fast` at `upstream` with the tool `echo`.
  public static String text(Workload workload, String upstream) {
    var digest = ToolDefinition.digest(JsonMapper.shared().readTree(ECHO));
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
    kind: Tool
    metadata: {name: fast/echo}
    spec:
      resource: fast
      tool: echo
      effects: [read]
      dataClasses: [internal]
      definition:
        digest: %s
        inputSchema: {type: object, properties: {n: {type: integer}}, additionalProperties: false}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: bench-grant}
    spec:
      identity: bench-agent
      resource: fast
      tools: [echo]
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
            digest);
  }
}
