package dev.remit.conformance.harness;

import dev.remit.kernel.identity.ToolDefinition;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Manifests for trials: a workflow, an identity that a [Workload] proves, and what it may reach.
public final class Declared {
  private Declared() {}

  /// A pilot workflow `trial` with intent `try`, and its identity `trial-agent`.
  public static String agent(Workload workload) {
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: trial}
    spec:
      purpose: Try clients and servers of others through Remit
      owner: admin
      escalation: trial@example.org
      dataClasses: [internal]
      intents: [try]
      stage: pilot
      pilotExpires: %s
      retention: 30d
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: trial-agent}
    spec:
      workflow: trial
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    """
        .formatted(expires(), workload.jwk());
  }

  /// A resource and its reviewed tools.
  ///
  /// @param upstream the value of `spec.upstream`, as JSON
  /// @param tools elements of `tools/list` results; each becomes a pinned tool
  public static String resource(String name, String upstream, List<JsonNode> tools) {
    var text = new StringBuilder();
    text.append(
        """
        ---
        apiVersion: remit.dev/v1
        kind: Resource
        metadata: {name: %s}
        spec: {type: mcp, environment: test, upstream: %s}
        """
            .formatted(name, upstream));
    for (var tool : tools) {
      text.append(
          """
          ---
          apiVersion: remit.dev/v1
          kind: Tool
          metadata: {name: %1$s/%2$s}
          spec:
            resource: %1$s
            tool: %2$s
            effects: [read]
            dataClasses: [internal]
            definition: {digest: "%3$s", inputSchema: %4$s}
          """
              .formatted(
                  name,
                  tool.get("name").stringValue(),
                  ToolDefinition.digest(tool),
                  tool.get("inputSchema")));
    }
    return text.toString();
  }

  /// A grant of `trial-agent` on a resource.
  ///
  /// @param tools wire names; `*` stands for every pinned one
  public static String grant(String resource, List<String> tools) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: trial-%1$s}
    spec:
      identity: trial-agent
      resource: %1$s
      tools: [%2$s]
      prompts: ["*"]
      reads: ["*"]
      dataClasses: [internal]
      limits: {callsPerTask: 100000000}
      approvedBy: admin
      expires: %3$s
    """
        .formatted(resource, "\"" + String.join("\", \"", tools) + "\"", expires());
  }

  /// The policy that allows everything which scope and grant allow.
  public static String allowAll() {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: allow-all}
    spec:
      description: A trial's agent may do whatever its grants name.
      cedar: |
        permit (principal, action, resource);
    """;
  }

  private static LocalDate expires() {
    return LocalDate.now(ZoneOffset.UTC).plusDays(60);
  }
}
