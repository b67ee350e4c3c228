package dev.remit.server.http;

/// Ends a call early with a problem: a body that is not JSON, a path segment that is no name.
///
/// Thrown by [Call] while a request is being read, never for a feature's refusals, which are
/// values.
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
