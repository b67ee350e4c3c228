package dev.remit.server.ledger;

import java.net.URI;
import java.time.Duration;

/// Whom to ask for timestamps, and how often.
///
/// @param url of an RFC 3161 authority; empty for none
/// @param interval least time between two that are asked for, at least a second
/// @param answerWithin longest wait for an answer
public record TimestampConfig(URI url, Duration interval, Duration answerWithin) {

  boolean isOn() {
    return !url.toString().isEmpty();
  }
}
