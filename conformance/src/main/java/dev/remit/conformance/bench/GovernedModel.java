package dev.remit.conformance.bench;

import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/// The benchmarks' model behind Remit, with everything on: a token to check, a grant with budgets
/// of tokens and money, a policy, and a provider's key to put in and to look for in what comes
/// back.
public final class GovernedModel {
  static final String NAME = "remit";
  private static final String SPIFFE_ID = "spiffe://remit.local/bench/bench-agent";

  private GovernedModel() {}

  /// Declares the model at `upstreamPort` and who may ask it, and returns the way through Remit.
  static ModelWay declare(RemitProcess remit, int upstreamPort) {
    var workload = declared(remit, upstreamPort);
    return new ModelWay(
        NAME,
        remit.address().getPort(),
        ProcessCpu.of(remit.process()),
        "/llm/fast/v1/chat/completions",
        () -> "Authorization: Bearer " + token(workload, remit) + "\r\n");
  }

  /// Declares the model at `upstreamPort` as resource `fast`, with the intent `measure`, and
  /// returns who may ask it.
  public static Workload declared(RemitProcess remit, int upstreamPort) {
    var workload = Workload.fresh(SPIFFE_ID);
    remit.admin().secret("bench-provider", "Bearer sk-bench-0123456789abcdef");
    remit.admin().apply(manifests(workload, "http://127.0.0.1:" + upstreamPort));
    return workload;
  }

  private static String token(Workload workload, RemitProcess remit) {
    return workload.start(remit.address(), "fast", "measure", List.of()).value();
  }

  private static String manifests(Workload workload, String upstream) {
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: bench}
    spec:
      purpose: Measure what a governed question costs
      owner: admin
      escalation: bench@example.org
      dataClasses: [internal]
      intents: [measure]
      stage: pilot
      pilotExpires: %1$s
      retention: 30d
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: fast}
    spec:
      type: models
      environment: test
      upstream:
        models:
          url: %3$s
          dialects: [openai]
          headers: {Authorization: {secret: bench-provider}}
    ---
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: fast}
    spec:
      provider: bench
      model: %4$s
      lifecycle: ga
      resource: fast
      contextWindow: 200000
      outputMax: 100000
      pricePerMillion: {input: "0.25", output: "2.00", cached: "0.025"}
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: bench-agent}
    spec:
      workflow: bench
      kind: agent
      autonomy: acts-alone
      model: fast
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%2$s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: bench-grant}
    spec:
      identity: bench-agent
      resource: fast
      models: [fast]
      dataClasses: [internal]
      limits: {tokensPerTask: 100000000000, costPerTask: "1000000.00"}
      approvedBy: admin
      expires: %1$s
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: bench-may-ask}
    spec:
      description: The benchmark's agent may ask its one model.
      cedar: |
        permit (principal == Identity::"bench-agent", action == Action::"ask", resource);
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC).plusDays(60), workload.jwk(), upstream, FastModel.NAME);
  }
}
