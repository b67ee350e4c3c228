package dev.remit.server.notifications;

import dev.remit.kernel.identity.Role;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where people are told, and how hard it is tried.
///
/// @param channels their names differ
/// @param publicUrl what links begin with
/// @param pilotAhead how long before its end a pilot is a finding
/// @param answerWithin longest wait for what a channel answers
/// @param triesMax refusals of one message after which it is set aside
/// @param brokenAfter how long a channel may take nothing before that is a finding
/// @param breakers who may answer somebody else's wish to break glass
public record NotificationConfig(
    List<Channel> channels,
    URI publicUrl,
    Duration pilotAhead,
    Duration answerWithin,
    Duration pollEvery,
    Duration retryMin,
    Duration retryMax,
    int triesMax,
    Duration brokenAfter,
    Set<Role> breakers) {
  public NotificationConfig {
    channels = List.copyOf(channels);
    breakers = Set.copyOf(breakers);
  }
}
