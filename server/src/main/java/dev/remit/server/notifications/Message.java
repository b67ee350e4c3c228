package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What people are told, before it is said in the way of a channel. All of it is plain text: no
/// markup, no secret, no argument of a call.
///
/// @param id the same each time it is sent, on every channel
/// @param thread what belongs together: all messages about one approval have it
/// @param title one line, of our own words and declared names only
/// @param quoted what somebody else has chosen, already [Plain#quoted]
/// @param link a page of ours; reading it changes nothing
/// @param roles the roles of whom it is meant for
/// @param to whom it is meant for, who are here now
public record Message(
    String id,
    String thread,
    About about,
    String workflow,
    Instant at,
    String title,
    List<Fact> facts,
    Optional<Fact> quoted,
    URI link,
    Set<Role> roles,
    Set<PersonName> to) {

  /// One line: what, and its value.
  public record Fact(String name, String value) {}

  public Message {
    facts = List.copyOf(facts);
    roles = Set.copyOf(roles);
    to = Set.copyOf(to);
  }

  /// Returns every line that a person reads, the quoted one last.
  List<Fact> lines() {
    return Stream.concat(facts.stream(), quoted.stream()).toList();
  }
}
