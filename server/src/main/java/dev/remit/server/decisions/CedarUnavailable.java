package dev.remit.server.decisions;

/// cedar-java gave no answer to a request. Whoever asked for a decision must refuse.
final class CedarUnavailable extends RuntimeException {

  CedarUnavailable(String message) {
    super(message);
  }
}
