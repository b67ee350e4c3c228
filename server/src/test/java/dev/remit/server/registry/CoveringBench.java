package dev.remit.server.registry;

import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What it costs to find the identity and the grant that cover a call while the registry grows from
/// ten grants to a million. By hand: run `main` with `-Xmx3g`.
final class CoveringBench {
  private static final int GRANTS_EACH = 10;
  private static final int LOOKUPS = 2_000_000;
  private static final Instant UNTIL = Instant.parse("2100-01-01T00:00:00Z");

  private CoveringBench() {}

  public static void main(String[] args) throws java.text.ParseException {
    for (int round = 0; round < 2; round++) {
      for (int grants : new int[] {10, 1_000, 100_000, 1_000_000}) {
        var registered = registered(grants);
        double nanos = lookups(registered, grants / GRANTS_EACH);
        if (round == 1) { // the first round warms up
          System.out.printf(
              Locale.ROOT,
              "%9d grants, %7d identities: %6.0f ns CPU to find who and by which grant%n",
              grants,
              grants / GRANTS_EACH,
              nanos);
        }
      }
    }
  }

  private static double lookups(Registered registered, int identities) {
    var names = new ArrayList<IdentityName>();
    for (int i = 0; i < 1_000; i++) {
      names.add(new IdentityName("a" + (i * 7_919L) % identities));
    }
    var resource = new ResourceName("r9");
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    int found = 0;
    for (int i = 0; i < LOOKUPS; i++) {
      var identity = registered.identity(names.get(i % 1_000)).orElseThrow();
      var covering =
          Covering.of(registered, identity.name(), resource, Grant::grantsUse, Instant.EPOCH);
      found += covering instanceof Covering.By ? 1 : 0;
    }
    if (found != LOOKUPS) {
      throw new IllegalStateException("not every lookup found its grant");
    }
    return (threads.getCurrentThreadCpuTime() - start) / (double) LOOKUPS;
  }

  private static Registered registered(int grants) throws java.text.ParseException {
    var key = JWK.parse("{\"kty\":\"oct\",\"k\":\"AA\"}");
    var by = List.<Authentication>of(new Authentication.PrivateKeyJwt(List.of(key)));
    var tools = new Grant.Tools.Named(Set.of("t"));
    var workflow = new WorkflowName("w");
    var person = new PersonName("p");
    var all = new ArrayList<Declared>();
    for (int i = 0; i < grants / GRANTS_EACH; i++) {
      var name = new IdentityName("a" + i);
      all.add(
          new Identity(
              name,
              SpiffeId.of("remit.local", workflow, name),
              workflow,
              IdentityKind.AGENT,
              Autonomy.ACTS_ALONE,
              by));
      for (int j = 0; j < GRANTS_EACH; j++) {
        all.add(
            new Grant(
                new GrantName("g" + i + "-" + j),
                name,
                new ResourceName("r" + j),
                tools,
                Set.of(),
                List.of(),
                Set.of(),
                Set.of(),
                1_000,
                person,
                UNTIL));
      }
    }
    return new Registered(1, all);
  }
}
