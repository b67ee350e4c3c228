package dev.remit.server.registry;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;

/// Small right manifests to start from.
final class Manifests {
  static final String ANNA =
      """
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: anna}
      spec: {displayName: Anna Berg, email: anna@example.org, roles: [owner, approver]}
      """;

  static final String INVOICES =
      """
      apiVersion: remit.dev/v1
      kind: Workflow
      metadata: {name: invoices}
      spec:
        purpose: Match invoices to orders
        owner: anna
        escalation: oncall@example.org
        dataClasses: [internal]
        intents: [read-invoices]
        stage: pilot
        pilotExpires: 2027-02-01
        retention: 365d
      """;

  static final String FILES =
      """
      apiVersion: remit.dev/v1
      kind: Resource
      metadata: {name: files}
      spec:
        environment: test
        upstream: {stdio: {command: server, args: [/srv]}}
      """;

  static final String READ = tool("read_file", "[read]", "a");
  static final String WRITE = tool("write_file", "[write]", "b");
  static final String AGENT = identity("agent", "invoices", key());
  static final String GRANT = grant("agent-files", "agent", "[read_file]");

  private Manifests() {}

  static String[] all() {
    return new String[] {ANNA, INVOICES, FILES, READ, WRITE, AGENT, GRANT};
  }

  static String tool(String name, String effects, String digit) {
    return """
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: files/%s}
    spec:
      resource: files
      tool: %s
      effects: %s
      dataClasses: [internal]
      definition: {digest: "sha256:%s", inputSchema: {type: object}}
    """
        .formatted(name, name, effects, digit.repeat(64));
  }

  static String identity(String name, String workflow, String key) {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: %s}
    spec:
      workflow: %s
      kind: agent
      autonomy: acts-with-confirmation
      authenticatesBy: [{privateKeyJwt: {jwks: {keys: [%s]}}}]
    """
        .formatted(name, workflow, key);
  }

  static String federated(String name, String subject) {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: %s}
    spec:
      workflow: invoices
      kind: automation
      autonomy: acts-alone
      authenticatesBy:
        - oidc: {issuer: "https://issuer.example.org", audience: remit, subject: "%s"}
    """
        .formatted(name, subject);
  }

  /// An identity that authenticates in the one way that `way` says, in YAML.
  static String by(String name, String way) {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: %s}
    spec:
      workflow: invoices
      kind: automation
      autonomy: acts-alone
      authenticatesBy:
        - %s
    """
        .formatted(name, way);
  }

  static String grant(String name, String identity, String tools) {
    return """
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: %s}
    spec:
      identity: %s
      resource: files
      tools: %s
      dataClasses: [internal]
      approvedBy: anna
      expires: 2027-02-01
    """
        .formatted(name, identity, tools);
  }

  static String policy(String name, String cedar) {
    return """
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      description: For a test
      cedar: |
        %s
    """
        .formatted(name, cedar);
  }

  static String resource(String upstream) {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: files}
    spec: {environment: test, upstream: %s}
    """
        .formatted(upstream);
  }

  static String key() {
    return ecKey().toPublicJWK().toJSONString();
  }

  static ECKey ecKey() {
    try {
      return new ECKeyGenerator(Curve.P_256).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
