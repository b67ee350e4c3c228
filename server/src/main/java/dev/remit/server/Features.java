package dev.remit.server;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretRoutes;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.http.Callers;
import dev.remit.server.http.Operation;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.LedgerRoutes;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryRoutes;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Authorization;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Everything the product does, built in the order of its arrows: each line of the constructor
/// takes only what stands above it, and closing goes the other way.
final class Features implements AutoCloseable {
  private final Teardown opened = new Teardown();
  private final List<Operation> operations = new ArrayList<>();
  private final Callers callers;
  private final Map<String, BooleanSupplier> needs;

  Features(Config config, Database database, MasterKey master, InstantSource clock) {
    try {
      var wrap = KeyWrap.of(master);
      var ledger =
          opened.add(Ledger.open(database, Limits.ledger(config), wrap, clock));
      var secrets = new Secrets(database, ledger, master);
      var registry =
          opened.add(
              Registry.open(
                  database,
                  ledger,
                  Limits.registry(config),
                  Features::withoutEngine,
                  name -> secrets.exists(new SecretName(name)),
                  clock.instant()));
      var authorization =
          opened.add(
              new Authorization(
                  Limits.tokens(config), database, ledger, master, registry::current, clock));
      authorization.operators().bootstrap(config.data(), clock.instant());

      operations.addAll(new LedgerRoutes(new LedgerReader(database, ledger, wrap)).operations());
      operations.addAll(new RegistryRoutes(registry).operations());
      operations.addAll(new SecretRoutes(secrets).operations());
      operations.addAll(authorization.operations());
      this.callers = authorization.callers();
      this.needs = Map.of("the database", database::isReachable, "the ledger", ledger::isOurs);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /// What can be asked, of all features.
  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /// Who tells one caller from another.
  Callers callers() {
    return callers;
  }

  /// What must be there for calls to be served.
  Map<String, BooleanSupplier> needs() {
    return needs;
  }

  /// Until a policy engine is wired in, nothing with a policy in it can become current.
  private static PolicyCheck.Verdict withoutEngine(Registered proposed) {
    if (proposed.policies().isEmpty()) {
      return new PolicyCheck.Verdict.Valid(Digest.of(new byte[0]));
    }
    return new PolicyCheck.Verdict.Invalid(
        proposed.policies().stream()
            .map(policy ->
                new PolicyCheck.Problem(
                    policy.name(), 1, 1, "no policy engine is running", "start one"))
            .toList());
  }

  @Override
  public void close() {
    opened.close();
  }
}
