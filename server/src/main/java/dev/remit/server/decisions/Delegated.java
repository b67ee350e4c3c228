package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/// One question for everybody who answers for it: whoever asks, and each who delegated the work, as
/// if they asked it themselves. The strictest answer counts, so what a chain of delegation may do
/// is never more than any of its links may.
final class Delegated {

  /// An answer, and to which of the questions it is.
  record Answered(Question question, Decision decision) {}

  private Delegated() {}

  static Decision decide(Question question, Function<Question, Decision> alone) {
    return question.task().delegators().isEmpty()
        ? alone.apply(question)
        : answered(question, alone).decision();
  }

  /// Returns the strictest answer and whose it is; of those alike, the asker's.
  static Answered answered(Question question, Function<Question, Decision> alone) {
    var strictest = new Answered(question, alone.apply(question));
    for (int i = 0; i < question.task().delegators().size(); i++) {
      var asDelegator = question.asDelegator(i);
      strictest = stricter(strictest, new Answered(asDelegator, alone.apply(asDelegator)));
    }
    return strictest;
  }

  private static Answered stricter(Answered one, Answered other) {
    int order = Integer.compare(rank(one.decision), rank(other.decision));
    if (order != 0) {
      return order > 0 ? one : other;
    }
    return new Answered(one.question, together(one.decision, other.decision));
  }

  private static int rank(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> 0;
      case Decision.Modify _ -> 1;
      case Decision.Hold _ -> 2;
      case Decision.Defer _ -> 3;
      case Decision.Deny _ -> 4;
    };
  }

  /// Two answers of one kind, as one.
  private static Decision together(Decision one, Decision other) {
    return switch (one) {
      case Decision.Modify modify when other instanceof Decision.Modify more ->
          Fulfilment.together(modify, more);
      case Decision.Hold(var because, var terms, var patience, var errors)
          when other instanceof Decision.Hold more ->
          new Decision.Hold(
              both(because, more.because()),
              terms.and(more.terms()),
              patience.compareTo(more.patience()) < 0 ? patience : more.patience(),
              both(errors, more.errors()));
      case Decision.Allow _,
          Decision.Modify _,
          Decision.Hold _,
          Decision.Defer _,
          Decision.Deny _ ->
          one;
    };
  }

  private static <T> List<T> both(Collection<T> one, Collection<T> other) {
    var all = new LinkedHashSet<>(one);
    all.addAll(other);
    return new ArrayList<>(all);
  }
}
