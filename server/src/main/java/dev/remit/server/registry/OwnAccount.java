package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.registry.Person.Delegate;
import dev.remit.server.registry.Person.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a person says of themselves: when they are away, and who stands in for them.
///
/// It is one more revision of their manifest, applied under their own name, so every rule of the
/// registry holds of it; where production rests on people, somebody else agrees to a delegate.
public final class OwnAccount {
  private final Registry registry;

  public OwnAccount(Registry registry) {
    this.registry = registry;
  }

  /// Says when the person is away.
  ///
  /// @param period empty when they are here
  /// @throws dev.remit.server.store.DatabaseUnavailable as [Registry#apply]
  public Applied away(PersonName who, Optional<Period> period, Instant now) {
    return changed(
        who,
        now,
        spec -> {
          spec.remove("absent");
          period.ifPresent(one -> write(spec.putObject("absent"), one));
        });
  }

  /// Lets somebody stand in, beside those who do.
  public Applied delegate(PersonName who, Delegate delegate, Instant now) {
    return delegates(
        who,
        now,
        all -> {
          all.removeIf(one -> isSame(one, delegate.to(), delegate.period().from()));
          all.add(delegate);
        });
  }

  /// Lets somebody stand in no more.
  ///
  /// @param from since when they did, or would have
  public Applied endDelegate(PersonName who, PersonName to, Instant from, Instant now) {
    return delegates(who, now, all -> all.removeIf(one -> isSame(one, to, from)));
  }

  private static boolean isSame(Delegate one, PersonName to, Instant from) {
    return one.to().equals(to) && one.period().from().equals(from);
  }

  private Applied delegates(PersonName who, Instant now, Consumer<List<Delegate>> change) {
    var all =
        new ArrayList<>(registry.current().person(who).map(Person::delegates).orElseGet(List::of));
    change.accept(all);
    return changed(who, now, spec -> write(spec, all));
  }

  private static void write(ObjectNode spec, List<Delegate> all) {
    spec.remove("delegates");
    if (all.isEmpty()) {
      return;
    }
    var written = spec.putArray("delegates");
    for (var one : all) {
      var delegate = written.addObject().put("to", one.to().value());
      words(one.roles()).forEach(delegate.putArray("roles")::add);
      write(delegate, one.period());
    }
  }

  private static Set<String> words(Set<Role> roles) {
    var words = new TreeSet<String>();
    roles.forEach(role -> words.add(role.word()));
    return words;
  }

  private static void write(ObjectNode json, Period period) {
    json.put("from", period.from().toString()).put("until", period.until().toString());
  }

  private Applied changed(PersonName who, Instant now, Consumer<ObjectNode> change) {
    var ref = new Ref(Kind.PERSON, who.value());
    var stored = registry.find(ref);
    var person = registry.current().person(who).filter(Person::active);
    if (stored.isEmpty() || person.isEmpty()) {
      return new Applied.Unknown(ref);
    }
    var spec = stored.get().spec().deepCopy();
    change.accept(spec);
    var manifest =
        JsonMapper.shared()
            .createObjectNode()
            .put("apiVersion", ManifestShapes.API_VERSION)
            .put("kind", Kind.PERSON.title());
    manifest.putObject("metadata").put("name", who.value());
    manifest.set("spec", spec);
    var wish =
        new Wish(
            List.of(new ManifestFile("account", manifest.toString())),
            stored.get().set(),
            false,
            OptionalLong.empty());
    return registry.apply(wish, Author.of(person.get()), now);
  }
}
