package dev.remit.server.console;

import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import java.util.Optional;

/// Something that one person asks for and another one has to agree to, held calls aside: one shape
/// for all of them, so that each is found in one place and answered in one way.
///
/// @param kind what sort of wish it is, in a word or two
/// @param says what is asked for, continuing «Anna asks …»
/// @param because why, in the words of who asks; may be empty
/// @param lapsesAt first instant at which nobody may agree any more; empty where it waits until it
///   is answered
/// @param path where it is shown with what it rests on, and answered
/// @param asksVisitor whether the visitor's agreement would count now
record Wish(
    String kind,
    PersonName by,
    String says,
    String because,
    Optional<Instant> lapsesAt,
    String path,
    boolean asksVisitor) {

  boolean waits(Instant now) {
    return lapsesAt.isEmpty() || now.isBefore(lapsesAt.get());
  }
}
