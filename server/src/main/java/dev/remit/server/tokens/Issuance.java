package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.task.TaskScope;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Identity;
import dev.remit.server.tokens.proof.ProofCheck;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes exchanges durable: spends the proof, starts or continues the task, records the token. All
/// of one exchange, and all exchanges that wait at the same time, are one transaction.
final class Issuance implements AutoCloseable {
  private static final int TOGETHER_MAX = 256;
  private static final int WAITING_MAX = 10_000;

  private final ProofStore proofs = new ProofStore();
  private final TaskStore tasks = new TaskStore();
  private final StatusPages pages = new StatusPages();
  private final StatusStore statuses = new StatusStore();
  private final RefreshStore refreshes = new RefreshStore();
  private final Together<Order, Outcome> together;

  Issuance(Ledger ledger) {
    this.together =
        new Together<>(
            "issuance",
            WAITING_MAX,
            TOGETHER_MAX,
            orders -> ledger.transact(recording -> issue(recording, orders)));
  }

  /// One token to be recorded.
  ///
  /// @param once what must not have been seen before, none of it
  /// @param credential what proved who it is for
  /// @param asked the narrowing that this token carries, with the token's own end
  /// @param delegators who delegated the work, the first of them first
  /// @param epochs the standings it is minted under
  /// @param onBehalf the person for whom it is done
  /// @param next with what the token after this one will be asked for
  record Order(
      Identity identity,
      List<ProofCheck.Once> once,
      Digest credential,
      Work work,
      TaskScope asked,
      URI audience,
      String jti,
      Binding binding,
      List<Delegator> delegators,
      Epochs epochs,
      Optional<OnBehalf> onBehalf,
      Optional<RefreshStore.Next> next,
      Instant at) {

    /// The task of which the work is a part.
    Optional<TaskId> parent() {
      return delegators.isEmpty() ? Optional.empty() : Optional.of(delegators.getLast().task());
    }
  }

  /// The task that a token is for.
  sealed interface Work {

    /// A new one, as it will be.
    record Start(Task task) implements Work {}

    /// One that was started before.
    ///
    /// @param intent what the caller believes it is for, if it says so
    record Continue(TaskId task, Optional<String> intent) implements Work {}
  }

  sealed interface Outcome {

    /// Durable. The token may be signed and handed out.
    ///
    /// @param scope what it carries
    /// @param status where it is listed once it does not hold any more
    record Recorded(Task task, TaskScope scope, StatusPlace status) implements Outcome {}

    record Replayed() implements Outcome {}

    /// There is no such task, or it is another identity's.
    record NoSuchTask(TaskId task) implements Outcome {}

    record Ended(TaskId task) implements Outcome {}

    record OtherIntent(String declared) implements Outcome {}
  }

  /// Blocks until the order is durable or refused.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it is not known to be durable: nothing
  ///   may be handed out, and the proof may have been spent
  Outcome issue(Order order) {
    return together.run(order);
  }

  @Override
  public void close() {
    together.close();
  }

  private List<Outcome> issue(Recording recording, List<Order> orders) {
    var unspent = spend(recording, orders);
    var continued = continued(recording, orders);
    var outcomes = new ArrayList<Outcome>();
    var started = new ArrayList<Task>();
    var listed = new ArrayList<Listed>();
    var places = pages.draw(orders.size(), orders.getFirst().at()).iterator();
    for (var order : orders) {
      var outcome =
          unspent.contains(order)
              ? outcome(order, continued, places.next())
              : new Outcome.Replayed();
      outcomes.add(outcome);
      if (outcome instanceof Outcome.Recorded(var task, var scope, var status)) {
        if (order.work() instanceof Work.Start) {
          started.add(task);
          recording.append(started(order, task));
        }
        recording.append(issued(order, task, scope));
        listed.add(new Listed(order, task, scope, status));
      }
    }
    if (!started.isEmpty()) {
      tasks.add(recording.tx(), started);
    }
    list(recording, listed);
    refresh(recording, orders, outcomes);
    return outcomes;
  }

  /// After the tasks, to which they belong.
  private void refresh(Recording recording, List<Order> orders, List<Outcome> outcomes) {
    for (int i = 0; i < orders.size(); i++) {
      var next = orders.get(i).next();
      if (next.isPresent() && outcomes.get(i) instanceof Outcome.Recorded(var task, _, _)) {
        refreshes.add(recording.tx(), next.get(), task);
      }
    }
  }

  /// A token that gets a place in the status list.
  private record Listed(Order order, Task task, TaskScope scope, StatusPlace status) {

    StatusStore.Listed stored() {
      var holder =
          new Delegator(
              order.identity().name(),
              order.identity().spiffeId(),
              task.workflow(),
              task.id(),
              scope.callsMax(),
              order.epochs());
      var links = Stream.concat(order.delegators().stream(), Stream.of(holder)).toList();
      return new StatusStore.Listed(status.index(), order.jti(), links);
    }
  }

  /// One row for all of them: an exchange pays no row of its own.
  private void list(Recording recording, List<Listed> listed) {
    if (!listed.isEmpty()) {
      statuses.add(
          recording.tx(),
          listed.getFirst().status().page(),
          listed.stream().map(Listed::stored).toList(),
          listed.stream()
              .map(one -> one.scope().expiresAt())
              .max(Instant::compareTo)
              .orElseThrow());
    }
  }

  /// Returns the orders of whose proofs none was seen before; of two with the same, the first.
  private Set<Order> spend(Recording recording, List<Order> orders) {
    var onces = new LinkedHashMap<String, ProofCheck.Once>();
    var first = new HashMap<String, Integer>();
    for (int i = 0; i < orders.size(); i++) {
      for (var once : orders.get(i).once()) {
        onces.putIfAbsent(once.proof().value(), once);
        first.putIfAbsent(once.proof().value(), i);
      }
    }
    var unseen =
        onces.isEmpty()
            ? Set.<String>of()
            : Set.copyOf(proofs.spend(recording.tx(), List.copyOf(onces.values())));
    Set<Order> unspent = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < orders.size(); i++) {
      var mine = i;
      if (orders.get(i).once().stream()
          .map(once -> once.proof().value())
          .allMatch(proof -> unseen.contains(proof) && Objects.equals(first.get(proof), mine))) {
        unspent.add(orders.get(i));
      }
    }
    return unspent;
  }

  private Map<TaskId, Task> continued(Recording recording, List<Order> orders) {
    var ids = orders.stream().flatMap(order -> continued(order.work())).distinct().toList();
    return ids.isEmpty()
        ? Map.of()
        : tasks.held(recording.tx(), ids).stream()
            .collect(Collectors.toMap(Task::id, Function.identity()));
  }

  private static Stream<TaskId> continued(Work work) {
    return switch (work) {
      case Work.Start _ -> Stream.empty();
      case Work.Continue(var task, _) -> Stream.of(task);
    };
  }

  private static Outcome outcome(Order order, Map<TaskId, Task> known, StatusPlace place) {
    return switch (order.work()) {
      case Work.Start(var task) ->
          new Outcome.Recorded(task, task.scope().narrowedBy(order.asked()), place);
      case Work.Continue(var id, var intent) -> continued(order, id, intent, known.get(id), place);
    };
  }

  private static Outcome continued(
      Order order, TaskId id, Optional<String> intent, @Nullable Task task, StatusPlace place) {
    if (task == null
        || !task.identity().equals(order.identity().name())
        || !task.parent().equals(order.parent())
        || !task.person().equals(order.onBehalf().map(OnBehalf::person))) {
      return new Outcome.NoSuchTask(id);
    }
    if (!task.isAlive(order.at()) || !task.workflow().equals(order.identity().workflow())) {
      return new Outcome.Ended(id);
    }
    if (intent.isPresent() && !intent.get().equals(task.intent())) {
      return new Outcome.OtherIntent(task.intent());
    }
    return new Outcome.Recorded(task, task.scope().narrowedBy(order.asked()), place);
  }

  private static Entry started(Order order, Task task) {
    return about(EntryType.TASK_STARTED, order, task)
        .with("id", task.id().value())
        .with("scope", TaskStore.scope(task))
        .with("expiresAt", task.scope().expiresAt());
  }

  private static Entry issued(Order order, Task task, TaskScope scope) {
    var entry =
        about(EntryType.TOKEN_ISSUED, order, task)
            .with("id", order.jti())
            .with("audience", order.audience().toString())
            .with("credential", order.credential())
            .with("expiresAt", scope.expiresAt());
    return (order.once().isEmpty() ? entry : entry.with("proof", order.once().getFirst().proof()))
        .withMaybe("holder", order.binding().confirmation());
  }

  private static Entry about(EntryType type, Order order, Task task) {
    var entry =
        Entry.of(type, order.at())
            .with("identity", order.identity().spiffeId().value())
            .with("workflow", task.workflow().value())
            .with("task", task.id().value())
            .with("intent", task.intent())
            .withMaybe("parent", task.parent().map(TaskId::value))
            .withMaybe("person", order.onBehalf().map(one -> one.person().value()))
            .withMaybe("client", order.onBehalf().map(OnBehalf::client));
    return order.delegators().isEmpty()
        ? entry
        : entry.with(
            "delegators", order.delegators().stream().map(one -> one.subject().value()).toList());
  }
}
