package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A policy that is a function. Remembers what it was asked.
final class RuledDecisions implements Decisions {
  static final Decision ALLOW = new Decision.Allow(List.of(new PolicyId("test-allows")), List.of());
  static final Decision DENY =
      new Decision.Deny(List.of(new PolicyId("test-forbids")), List.of(), List.of());

  final List<Question> asked = new CopyOnWriteArrayList<>();
  volatile Function<Question, Decision> rule = _ -> ALLOW;
  volatile Digest version = Digest.of("one");

  @Override
  public Decided decide(Question question) {
    asked.add(question);
    return new Decided(rule.apply(question), version);
  }

  @Override
  public List<Decided> decideAll(List<Question> questions) {
    return questions.stream().map(this::decide).toList();
  }
}
