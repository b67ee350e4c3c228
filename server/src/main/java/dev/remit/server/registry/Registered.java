package dev.remit.server.registry;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Everything that is declared and not retired, at one version. Immutable; every lookup is one hash
/// access, so it belongs on the path of each call. A workflow whose owner has left is owned by its
/// successor here, if it names one ([Succession]).
public final class Registered {
  private final long version;
  private final List<Declared> all;
  private final Map<WorkflowName, Workflow> workflows;
  private final Map<IdentityName, Identity> identities;
  private final Map<SpiffeId, Identity> bySpiffeId;
  private final Map<Subject, Identity> bySubject;
  private final Map<ResourceName, Resource> resources;
  private final Map<ToolName, Tool> tools;
  private final Map<ResourceName, List<Tool>> toolsOf;
  private final Map<IdentityName, List<Grant>> grantsOf;
  private final Map<PersonName, Person> people;
  private final Map<ModelName, Model> models;
  private final Map<ResourceName, List<Model>> modelsAt;

  private record Subject(URI issuer, String subject) {}

  /// Makes the snapshot of `all`, in which no two things of a kind share a name.
  ///
  /// @param version counts changes of the registry from 0; each apply adds one
  public Registered(long version, Collection<? extends Declared> all) {
    this.version = version;
    this.all = Succession.in(all);
    this.workflows = by(Workflow.class, Workflow::name);
    this.identities = by(Identity.class, Identity::name);
    this.bySpiffeId = by(Identity.class, Identity::spiffeId);
    this.bySubject = subjects();
    this.resources = by(Resource.class, Resource::name);
    this.tools = by(Tool.class, Tool::name);
    this.toolsOf = grouped(Tool.class, tool -> tool.name().resource());
    this.grantsOf = grouped(Grant.class, Grant::identity);
    this.people = by(Person.class, Person::name);
    this.models = by(Model.class, Model::name);
    this.modelsAt =
        Map.copyOf(
            models.values().stream()
                .filter(model -> model.resource().isPresent())
                .collect(groupingBy(model -> model.resource().orElseThrow())));
  }

  public long version() {
    return version;
  }

  public Collection<Declared> all() {
    return all;
  }

  public Optional<Workflow> workflow(WorkflowName name) {
    return Optional.ofNullable(workflows.get(name));
  }

  public Optional<Identity> identity(IdentityName name) {
    return Optional.ofNullable(identities.get(name));
  }

  public Optional<Identity> identity(SpiffeId id) {
    return Optional.ofNullable(bySpiffeId.get(id));
  }

  /// Finds the one identity that a platform's `issuer` vouches for under `subject`. Audience and
  /// claims are still to be checked.
  public Optional<Identity> identity(URI issuer, String subject) {
    return Optional.ofNullable(bySubject.get(new Subject(issuer, subject)));
  }

  public Optional<Resource> resource(ResourceName name) {
    return Optional.ofNullable(resources.get(name));
  }

  public Optional<Tool> tool(ToolName name) {
    return Optional.ofNullable(tools.get(name));
  }

  public Optional<Tool> tool(ResourceName resource, String wireName) {
    return tool(new ToolName(resource, wireName));
  }

  public List<Grant> grants(IdentityName identity) {
    return grantsOf.getOrDefault(identity, List.of());
  }

  public Optional<Person> person(PersonName name) {
    return Optional.ofNullable(people.get(name));
  }

  public Collection<Workflow> workflows() {
    return workflows.values();
  }

  public Collection<Identity> identities() {
    return identities.values();
  }

  public Collection<Resource> resources() {
    return resources.values();
  }

  public Collection<Tool> tools() {
    return tools.values();
  }

  public Collection<Tool> tools(ResourceName resource) {
    return toolsOf.getOrDefault(resource, List.of());
  }

  public List<Grant> grants() {
    return only(Grant.class);
  }

  public Collection<Person> people() {
    return people.values();
  }

  public Optional<Model> model(ModelName name) {
    return Optional.ofNullable(models.get(name));
  }

  /// Returns the models that answer at `resource`.
  public Collection<Model> models(ResourceName resource) {
    return modelsAt.getOrDefault(resource, List.of());
  }

  public List<DataClass> dataClasses() {
    return only(DataClass.class);
  }

  public Collection<Model> models() {
    return models.values();
  }

  public List<PolicyText> policies() {
    return only(PolicyText.class);
  }

  private Map<Subject, Identity> subjects() {
    var found = new HashMap<Subject, Identity>();
    for (var identity : identities.values()) {
      for (var way : identity.authenticatesBy()) {
        if (way instanceof Authentication.Oidc oidc) {
          found.putIfAbsent(new Subject(oidc.issuer(), oidc.subject()), identity);
        }
      }
    }
    return Map.copyOf(found);
  }

  private <T extends Declared> List<T> only(Class<T> type) {
    var found = new ArrayList<T>();
    for (var declared : all) {
      if (type.isInstance(declared)) {
        found.add(type.cast(declared));
      }
    }
    return List.copyOf(found);
  }

  /// Of two with one key, which the rules refuse but a proposal may hold, the first is found.
  private <K, T extends Declared> Map<K, T> by(Class<T> type, Function<T, K> key) {
    return only(type).stream()
        .collect(toUnmodifiableMap(key, Function.identity(), (first, _) -> first));
  }

  private <K, T extends Declared> Map<K, List<T>> grouped(Class<T> type, Function<T, K> key) {
    return Map.copyOf(only(type).stream().collect(groupingBy(key)));
  }
}
