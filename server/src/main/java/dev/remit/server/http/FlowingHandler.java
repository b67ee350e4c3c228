package dev.remit.server.http;

/// What an operation does whose answer is long. Refusals are thrown as [ProblemException] before
/// anything was written.
@FunctionalInterface
public interface FlowingHandler {
  Flow handle(Call call);
}
