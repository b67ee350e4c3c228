package dev.remit.server.evaluations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is recorded of an agent's calls is what the oracle says, from its mark on.
class LedgerOracleTest {
  private static final IdentityName CLERK = new IdentityName("clerk");
  private static final String NAMED = "spiffe://remit.local/invoices/clerk";

  private final EvaluationWorld world = new EvaluationWorld();
  private boolean leaked;

  @AfterEach
  void rows_and_ledger_agree() {
    world.close();
  }

  @Test
  void tools_that_the_agent_tried_after_the_mark_are_told_and_no_others() {
    var oracle =
        new LedgerOracle(
            new LedgerReader(world.database, world.ledger, KeyWrap.of(world.key)),
            () -> new Registered(1, List.of(clerk())),
            (_, _) -> leaked,
            Instant::now);
    refused(NAMED, "earlier");
    var mark = oracle.mark();
    refused(NAMED, "delete_invoices");
    refused("spiffe://remit.local/invoices/other", "read_invoice");

    assertThat(oracle.toolsSince(mark, CLERK)).contains(Set.of("delete_invoices"));
    leaked = true;
    assertThat(oracle.toolsSince(mark, CLERK))
        .contains(Set.of("delete_invoices", GatewayOracle.CANARY));
    assertThat(oracle.toolsSince(mark, new IdentityName("nobody"))).isEmpty();
  }

  private void refused(String identity, String target) {
    var now = Instant.now();
    world.ledger.append(
        Entry.of(EntryType.CALL_REFUSED, now)
            .with("id", DecisionId.fresh(now).value())
            .with("identity", identity)
            .with("target", target));
  }

  private static Identity clerk() {
    return new Identity(
        CLERK,
        new SpiffeId(NAMED),
        new WorkflowName("invoices"),
        IdentityKind.AGENT,
        Autonomy.ACTS_ALONE,
        Optional.empty(),
        Set.of(),
        List.of(
            new Authentication.Oidc(
                URI.create("https://idp.example.org"), "remit", "workload-clerk", Map.of())));
  }
}
