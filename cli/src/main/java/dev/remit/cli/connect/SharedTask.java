package dev.remit.cli.connect;

import dev.remit.kernel.identity.TaskId;
import java.util.Optional;
import java.util.function.Function;

/// The task that one or several tokens are for. The first of them that is issued starts it, and
/// every other continues it, so that what an agent asks its model and what it does with tools are
/// one piece of work.
///
/// Safe for use by many threads.
final class SharedTask {
  private Optional<TaskId> id = Optional.empty();

  /// Asks for a token, knowing which task it continues; of several at once, one after the other, so
  /// that two never start one each.
  ///
  /// @param started says which task an answer is for
  synchronized <A> A asked(Function<Optional<TaskId>, A> exchange, Function<A, TaskId> started) {
    var answer = exchange.apply(id);
    id = Optional.of(started.apply(answer));
    return answer;
  }

  /// It is over; whatever is asked for next starts another.
  synchronized void over() {
    id = Optional.empty();
  }
}
