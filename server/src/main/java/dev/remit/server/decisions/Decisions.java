package dev.remit.server.decisions;

import java.util.List;

/// The point of decision. Every governed action is asked here, on every path.
public interface Decisions {

  /// Answers one question in microseconds, without I/O. Never throws: doubt is a deny.
  Decided decide(Question question);

  /// Answers many questions by one policy set version, in their order; for filtering lists.
  List<Decided> decideAll(List<Question> questions);
}
