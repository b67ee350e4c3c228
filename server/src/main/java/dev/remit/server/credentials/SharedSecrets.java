package dev.remit.server.credentials;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Which upstream secrets stand for more than one workload, environment or place, or stand for too
/// long, and what that breaks at the upstream.
///
/// Agents never see these secrets, and Remit tells the agents apart whatever they share. The
/// upstream cannot: in its own log all of them are one caller, and whoever gets hold of the secret
/// is all of them. The administrator's secret of a database is left out, since each task gets a
/// role of its own there.
final class SharedSecrets {
  /// After this a secret that nobody has replaced counts as long-lived.
  static final Duration OLD = Duration.ofDays(90);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Registered registered;
  private final Instant now;

  private SharedSecrets(Registered registered, Instant now) {
    this.registered = registered;
    this.now = now;
  }

  /// What a secret that is used breaks.
  enum Breaks {
    /// The upstream sees one caller for several workloads.
    ATTRIBUTION,
    /// Changing it stops all of them, so nobody changes it to stop one.
    REVOCATION,
    /// They are granted different things, and the upstream would let each do what any may.
    SCOPE,
    /// Whoever runs the lesser environment can use it in the other.
    ENVIRONMENTS,
    /// Whoever runs one of the servers can use it at the others.
    PLACES,
    /// Nobody has replaced it for longer than [#OLD].
    LIFETIME;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Where a secret is used, and by whom.
  private record Use(String secret, List<Resource> resources, List<Grant> grants) {

    Set<IdentityName> identities() {
      return grants.stream()
          .map(Grant::identity)
          .collect(
              Collectors.toCollection(
                  () -> new TreeSet<>(Comparator.comparing(IdentityName::value))));
    }

    Set<Environment> environments() {
      return resources.stream()
          .map(Resource::environment)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> places() {
      return resources.stream()
          .map(resource -> place(resource.upstream()))
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What each workload is granted at each resource, but for the limits.
    long differentGrants() {
      return grants.stream()
          .collect(
              Collectors.groupingBy(
                  Grant::identity,
                  Collectors.mapping(
                      grant ->
                          List.of(grant.resource(), grant.tools(), grant.prompts(), grant.reads()),
                      Collectors.toSet())))
          .values()
          .stream()
          .distinct()
          .count();
    }
  }

  /// @param storedAt when each secret was stored; one that is kept elsewhere is not in it
  static ObjectNode of(Registered registered, Map<String, Instant> storedAt, Instant now) {
    var report = new SharedSecrets(registered, now);
    var json = JSON.createObjectNode();
    var items = json.putArray("items");
    for (var use : report.uses()) {
      var breaks = report.breaks(use, storedAt);
      if (!breaks.isEmpty()) {
        var item = items.addObject().put("secret", use.secret);
        var stored = storedAt.get(use.secret);
        if (stored != null) {
          item.put("storedAt", stored.toString());
        }
        fill(item, "resources", use.resources.stream().map(one -> one.name().value()));
        fill(item, "environments", use.environments().stream().map(Environment::word));
        fill(item, "identities", use.identities().stream().map(IdentityName::value));
        fill(item, "breaks", breaks.stream().map(Breaks::word));
      }
    }
    return json;
  }

  private static void fill(ObjectNode item, String name, Stream<String> words) {
    var array = item.putArray(name);
    words.forEach(array::add);
  }

  private List<Use> uses() {
    var resources = new TreeMap<String, List<Resource>>();
    for (var resource : registered.resources()) {
      for (var secret : resource.upstream().secrets()) {
        resources.computeIfAbsent(secret, _ -> new ArrayList<>()).add(resource);
      }
    }
    return resources.entrySet().stream()
        .map(entry -> new Use(entry.getKey(), entry.getValue(), grants(entry.getValue())))
        .toList();
  }

  private List<Grant> grants(List<Resource> resources) {
    Set<ResourceName> names = resources.stream().map(Resource::name).collect(Collectors.toSet());
    return registered.grants().stream()
        .filter(grant -> names.contains(grant.resource()))
        .filter(grant -> grant.grantsUse() && !grant.isExpired(now))
        .toList();
  }

  private List<Breaks> breaks(Use use, Map<String, Instant> storedAt) {
    var breaks = new ArrayList<Breaks>();
    if (use.identities().size() > 1) {
      breaks.add(Breaks.ATTRIBUTION);
      breaks.add(Breaks.REVOCATION);
      if (use.differentGrants() > 1) {
        breaks.add(Breaks.SCOPE);
      }
    }
    if (use.environments().size() > 1) {
      breaks.add(Breaks.ENVIRONMENTS);
    }
    if (use.places().size() > 1) {
      breaks.add(Breaks.PLACES);
    }
    if (storedAt.getOrDefault(use.secret, now).plus(OLD).isBefore(now)) {
      breaks.add(Breaks.LIFETIME);
    }
    return breaks;
  }

  private static String place(Upstream upstream) {
    return switch (upstream) {
      case Upstream.Stdio stdio -> stdio.command();
      case Upstream.Http http -> http.url().getAuthority();
      case Upstream.Models models -> models.url().getAuthority();
      case Upstream.Database database -> database.host() + ":" + database.port();
    };
  }
}
