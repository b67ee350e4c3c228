package dev.remit.server.risk;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.server.registry.Ref;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// What can really be done, by one identity or by several that serve one workflow together.
///
/// @param touches everything that a grant which has not expired lets it use
/// @param minds what decides what it does
/// @param actors who acts, each with the autonomy it declares
/// @param broad grants of more than they name
/// @param sprawled secrets that are in more than one place, each with the rows where
record Reach(
    List<Touch> touches,
    List<Mind> minds,
    List<Actor> actors,
    List<Ref> broad,
    List<Sprawl> sprawled) {
  Reach {
    touches = List.copyOf(touches);
    minds = List.copyOf(minds);
    actors = List.copyOf(actors);
    broad = List.copyOf(broad);
    sprawled = List.copyOf(sprawled);
  }

  /// One thing within reach.
  ///
  /// @param grant by which
  /// @param thing a tool, or the resource where it is no tool
  record Touch(
      Ref grant, Ref thing, Set<Effect> effects, Set<String> dataClasses, Environment environment) {
    Touch {
      effects = Set.copyOf(effects);
      dataClasses = Set.copyOf(dataClasses);
    }

    boolean acts() {
      return effects.stream().anyMatch(effect -> effect != Effect.READ);
    }
  }

  /// A model, or that nobody has said which one.
  ///
  /// @param row the model, or the identity that declares none
  /// @param lifecycle empty where no model is declared
  record Mind(Ref row, Optional<Lifecycle> lifecycle) {
    /// May change or end without notice, or is nothing that anybody knows of.
    boolean isUnstable() {
      return lifecycle
          .map(known -> known == Lifecycle.BETA || known == Lifecycle.WITHDRAWN)
          .orElse(true);
    }
  }

  record Actor(Ref identity, Autonomy autonomy, boolean chooses) {}

  record Sprawl(String secret, List<Ref> rows) {}

  boolean acts() {
    return touches.stream().anyMatch(Touch::acts);
  }

  /// What all of them together can do: one may read what another sends.
  static Reach together(Collection<Reach> all) {
    return new Reach(
        each(all, Reach::touches),
        each(all, Reach::minds),
        each(all, Reach::actors),
        each(all, Reach::broad),
        each(all, Reach::sprawled));
  }

  /// The same reach, at the hands of others as well, who can do no more with it.
  Reach handedTo(Collection<Reach> others) {
    return together(
        Stream.concat(Stream.of(this), others.stream().map(Reach::withoutTouches)).toList());
  }

  private Reach withoutTouches() {
    return new Reach(List.of(), minds, actors, List.of(), List.of());
  }

  private static <T> List<T> each(Collection<Reach> all, Function<Reach, List<T>> part) {
    return all.stream().flatMap(one -> part.apply(one).stream()).distinct().toList();
  }
}
