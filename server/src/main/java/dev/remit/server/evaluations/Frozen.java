package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.evaluations.Plan.PlannedSuite;
import dev.remit.server.evaluations.Plan.Version;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What a plan names, as it is now; a run whose plan no longer says what is there is refused.
final class Frozen {
  private final Suites suites;
  private final Endpoints endpoints;
  private final Supplier<Registered> registered;

  Frozen(Suites suites, Endpoints endpoints, Supplier<Registered> registered) {
    this.suites = suites;
    this.endpoints = endpoints;
    this.registered = registered;
  }

  /// Returns the version that an endpoint is now.
  Optional<Version> version(String endpoint) {
    return endpoints.find(endpoint).map(this::version);
  }

  /// Returns a version that was tested elsewhere.
  ///
  /// @throws UnreadableSuite if the model is not declared
  Version version(String name, Optional<ModelName> declared) {
    if (declared.isEmpty()) {
      return new Version(name, name, Digest.of(name));
    }
    var model =
        registered
            .get()
            .model(declared.get())
            .orElseThrow(() -> new UnreadableSuite("there is no model `" + declared.get() + "`"));
    return new Version(name, model.model(), model.fingerprint());
  }

  Version version(Endpoint endpoint) {
    return new Version(endpoint.name(), endpoint.model(), fingerprint(endpoint));
  }

  private Digest fingerprint(Endpoint endpoint) {
    var declared = registered.get();
    // Of a whole agent everything that decides it: prompts and tools answer with the model.
    return endpoint
        .identity()
        .flatMap(declared::identity)
        .flatMap(identity -> Fingerprints.of(identity, declared))
        .map(fingerprint -> fingerprint.digest())
        .or(() -> endpoint.found().map(Endpoint.Found::fingerprint))
        .or(() -> endpoint.declared().flatMap(declared::model).map(Model::fingerprint))
        .orElseGet(endpoint::digest);
  }

  /// Returns what has changed since the plan was made; empty if nothing has.
  List<String> differences(Plan plan) {
    var differences = new ArrayList<String>();
    var all = suites.all();
    for (var planned : plan.suites()) {
      var now = all.stream().filter(suite -> suite.name().equals(planned.name())).findFirst();
      if (now.map(PlannedSuite::of).filter(planned::equals).isEmpty()) {
        differences.add("the suite `" + planned.name() + "` is not the one that was planned");
      }
    }
    Stream.of(Optional.of(plan.candidate()), plan.baseline(), plan.judge())
        .flatMap(Optional::stream)
        .filter(planned -> version(planned.endpoint()).filter(planned::equals).isEmpty())
        .forEach(planned ->
            differences.add("`" + planned.endpoint() + "` is not the version that was planned"));
    return differences;
  }
}
