package dev.remit.server.risk;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Upstream.Setting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds out what each identity can really do, from grants that hold, through whom it may hand its
/// work to.
final class Reaching {
  /// What a credential of a database is good for is up to the database; Remit sees no statement.
  private static final Set<Effect> OF_A_DATABASE =
      Set.of(Effect.READ, Effect.WRITE, Effect.DESTRUCTIVE);

  /// What is asked goes to whoever runs the model; the answer changes nothing by itself.
  private static final Set<Effect> OF_MODELS = Set.of(Effect.READ);

  private final Registered registered;
  private final RiskRules rules;
  private final Instant now;
  private final Map<String, List<Ref>> secretsAt = new HashMap<>();

  Reaching(Registered registered, RiskRules rules, Instant now) {
    this.registered = registered;
    this.rules = rules;
    this.now = now;
    for (var resource : registered.resources()) {
      for (var secret : secrets(resource.upstream())) {
        secretsAt.computeIfAbsent(secret, _ -> new ArrayList<>()).add(ref(resource));
      }
    }
  }

  /// What `identity` can do, itself or by the hands of others. Authority only narrows along a
  /// delegation, so they add what decides and who acts, and no tool.
  Reach of(Identity identity) {
    var helpers =
        delegates(identity).stream()
            .flatMap(name -> registered.identity(name).stream())
            .map(this::behind)
            .toList();
    return own(identity).handedTo(helpers);
  }

  private Set<IdentityName> delegates(Identity identity) {
    var found = new LinkedHashSet<IdentityName>();
    var open = new ArrayList<>(identity.delegatesTo().stream().sorted().toList());
    while (!open.isEmpty()) {
      var next = open.removeFirst();
      if (!next.equals(identity.name()) && found.add(next)) {
        registered.identity(next).ifPresent(helper -> open.addAll(helper.delegatesTo()));
      }
    }
    return found;
  }

  private Reach own(Identity identity) {
    var touches = new ArrayList<Reach.Touch>();
    var broad = new ArrayList<Ref>();
    var sprawled = new ArrayList<Reach.Sprawl>();
    for (var grant : registered.grants(identity.name())) {
      if (!grant.isExpired(now) && grant.grantsUse()) {
        var through = touches(grant);
        touches.addAll(through);
        if (isBroad(grant, through.size())) {
          broad.add(ref(grant));
        }
        sprawled.addAll(sprawled(grant));
      }
    }
    var behind = behind(identity);
    return new Reach(
        touches, behind.minds(), behind.actors(), broad, sprawled.stream().distinct().toList());
  }

  private Reach behind(Identity identity) {
    return new Reach(
        List.of(),
        mind(identity).stream().toList(),
        List.of(
            new Reach.Actor(
                ref(identity), identity.autonomy(), identity.identityKind() == IdentityKind.AGENT)),
        List.of(),
        List.of());
  }

  private Optional<Reach.Mind> mind(Identity identity) {
    if (identity.model().isPresent()) {
      var name = identity.model().get();
      var model = registered.model(name);
      return Optional.of(
          new Reach.Mind(new Ref(Kind.MODEL, name.value()), model.map(known -> known.lifecycle())));
    }
    return switch (identity.identityKind()) {
      case SERVICE, AUTOMATION -> Optional.empty();
      case CHATBOT, AGENT -> Optional.of(new Reach.Mind(ref(identity), Optional.empty()));
    };
  }

  private List<Reach.Touch> touches(Grant grant) {
    var environment =
        registered
            .resource(grant.resource())
            .map(Resource::environment)
            .orElse(Environment.PRODUCTION);
    var touches = new ArrayList<Reach.Touch>();
    for (var tool : registered.tools(grant.resource())) {
      if (grant.names(tool)) {
        touches.add(
            new Reach.Touch(
                ref(grant),
                new Ref(Kind.TOOL, tool.key()),
                tool.effects(),
                tool.dataClasses(),
                environment));
      }
    }
    if (!grant.reads().isEmpty() || !grant.prompts().isEmpty()) {
      touches.add(other(grant, Set.of(Effect.READ), environment));
    }
    if (!grant.models().isEmpty()) {
      touches.add(other(grant, OF_MODELS, environment));
    }
    if (!grant.profiles().isEmpty()) {
      touches.add(other(grant, ofProfiles(grant.resource()), environment));
    }
    return touches;
  }

  private static Reach.Touch other(Grant grant, Set<Effect> effects, Environment environment) {
    return new Reach.Touch(
        ref(grant),
        new Ref(Kind.RESOURCE, grant.resource().value()),
        effects,
        grant.dataClasses(),
        environment);
  }

  private Set<Effect> ofProfiles(ResourceName name) {
    boolean shows =
        registered
            .resource(name)
            .filter(resource -> resource.upstream() instanceof Upstream.Http)
            .isPresent();
    return shows ? Set.of(Effect.READ, Effect.SECRETS) : OF_A_DATABASE;
  }

  private boolean isBroad(Grant grant, int touches) {
    return grant.tools() instanceof Grant.Tools.EveryPinned
        || grant.prompts().contains("*")
        || grant.models().contains("*")
        || touches > rules.broadTools();
  }

  /// Secrets of the resource that are also another's, or that are shown to whoever asks.
  private List<Reach.Sprawl> sprawled(Grant grant) {
    var resource = registered.resource(grant.resource());
    if (resource.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<Reach.Sprawl>();
    for (var secret : secrets(resource.get().upstream())) {
      var where = secretsAt.getOrDefault(secret, List.of());
      if (where.size() > 1) {
        found.add(new Reach.Sprawl(secret, where));
      }
    }
    if (resource.get().upstream() instanceof Upstream.Http http) {
      http.reveals().entrySet().stream()
          .filter(shown -> grant.namesProfile(shown.getKey()))
          .forEach(shown ->
              found.add(
                  new Reach.Sprawl(shown.getValue(), List.of(ref(grant), ref(resource.get())))));
    }
    return found;
  }

  private static Set<String> secrets(Upstream upstream) {
    return switch (upstream) {
      case Upstream.Stdio stdio -> secrets(stdio.env());
      case Upstream.Http http -> {
        var all = new TreeSet<>(secrets(http.headers()));
        all.addAll(secrets(http.query()));
        all.addAll(http.auth().secrets().values());
        all.addAll(http.reveals().values());
        yield all;
      }
      case Upstream.Models models -> {
        var all = new TreeSet<>(secrets(models.headers()));
        all.addAll(secrets(models.query()));
        all.addAll(models.auth().secrets().values());
        yield all;
      }
      case Upstream.Database database -> Set.of(database.secret());
    };
  }

  private static Set<String> secrets(Map<String, Setting> settings) {
    var names = new HashSet<String>();
    for (var setting : settings.values()) {
      if (setting instanceof Setting.Secret(var name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static Ref ref(Grant grant) {
    return new Ref(Kind.GRANT, grant.key());
  }

  private static Ref ref(Resource resource) {
    return new Ref(Kind.RESOURCE, resource.key());
  }

  private static Ref ref(Identity identity) {
    return new Ref(Kind.IDENTITY, identity.key());
  }
}
