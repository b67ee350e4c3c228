package dev.remit.server.gateway;

import dev.remit.kernel.identity.SecretKind;
import dev.remit.server.decisions.SecretFacts;
import dev.remit.server.inspection.Carrier;
import dev.remit.server.inspection.Exposed;
import dev.remit.server.inspection.Flow;
import dev.remit.server.inspection.Inspection;
import java.time.InstantSource;
import java.util.List;

/// Looks for secrets in what an agent sends and in what comes back, and notes what it sees.
///
/// What policy makes of it is decided elsewhere: of arguments by [Judging], of answers by
/// [Inspected].
final class Looking {
  private final Inspection inspection;
  private final InstantSource clock;

  Looking(Inspection inspection, InstantSource clock) {
    this.inspection = inspection;
    this.clock = clock;
  }

  Inspection inspection() {
    return inspection;
  }

  /// Looks at the whole message, since `_meta` and the names of members reach the server as well.
  SecretFacts atArguments(Call call, Asked asked) {
    var found = inspection.lookAtJson(call.bytes());
    if (found.isNone()) {
      return SecretFacts.NONE;
    }
    note(call, asked.item(), Flow.ARGUMENTS, found);
    return new SecretFacts(
        List.copyOf(found.kinds()), found.count(), found.count(SecretKind.CANARY));
  }

  /// Looks at what came back. Carried out in the middle of carrying, so that noting is not
  /// interrupted.
  Exposed atResult(Call call, byte[] bytes) {
    var found = inspection.lookAtJson(bytes);
    if (!found.isNone()) {
      call.exchange()
          .undisturbed(() -> {
            note(call, named(call), Flow.RESULT, found);
            return found;
          });
    }
    return found;
  }

  /// Whether a secret that is kept here is in it.
  boolean showsKept(byte[] bytes) {
    return inspection.lookAtJson(bytes).has(SecretKind.STORED);
  }

  private void note(Call call, String target, Flow flow, Exposed found) {
    var claims = call.agent().claims();
    inspection
        .sightings()
        .note(
            new Carrier(flow, claims.identity(), claims.task(), target, call.id()),
            found,
            clock.instant());
  }

  /// As policy names it: a tool with its resource.
  private static String named(Call call) {
    var params = call.message().params();
    return call.isToolCall()
        ? call.resource().name() + "/" + params.name()
        : params.name().isEmpty() ? params.uri() : params.name();
  }
}
