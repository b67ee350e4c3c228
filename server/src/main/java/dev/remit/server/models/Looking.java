package dev.remit.server.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.SecretKind;
import dev.remit.server.decisions.ExactJson;
import dev.remit.server.decisions.SecretFacts;
import dev.remit.server.inspection.Carrier;
import dev.remit.server.inspection.Exposed;
import dev.remit.server.inspection.Flow;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.inspection.Watch;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Looks for secrets in what a model is asked, in what it answers and in the calls that it
/// proposes, and notes what it sees.
///
/// What policy makes of it is decided elsewhere: of the question in [GovernedQuestion], of answers
/// in [Texts], of proposals in [ProposedCalls].
final class Looking {
  private final Inspection inspection;
  private final InstantSource clock;

  Looking(Inspection inspection, InstantSource clock) {
    this.inspection = inspection;
    this.clock = clock;
  }

  /// Which secrets are cut out of an answer: where policy wants it every one, else those that Remit
  /// itself keeps, since no agent may ever have them.
  static Set<SecretKind> cutting(boolean isOfSecrets) {
    return isOfSecrets ? Inspection.everything() : EnumSet.of(SecretKind.STORED);
  }

  /// Looks at the whole question, names and parameters included.
  SecretFacts atPrompt(Asked asked) {
    var found = inspection.lookAtJson(asked.bytes());
    note(asked, Flow.PROMPT, asked.model().name().value(), found);
    return facts(found);
  }

  /// The question with every secret cut out; empty if one stands where it cannot be.
  Optional<Withouts> without(Asked asked) {
    var clean = inspection.cut(asked.json().deepCopy(), Inspection.everything());
    byte[] bytes = ExactJson.bytes(clean.json());
    return clean.json() instanceof ObjectNode json && inspection.lookAtJson(bytes).isNone()
        ? Optional.of(new Withouts(asked.saying(json, bytes), clean.count()))
        : Optional.empty();
  }

  /// A question whose secrets were cut out.
  ///
  /// @param count how many of its texts were changed
  record Withouts(Asked asked, int count) {}

  /// Looks without noting.
  Exposed again(byte[] json) {
    return inspection.lookAtJson(json);
  }

  /// Notes what was seen in an answer. Done in the middle of carrying, so it is not interrupted.
  void noteAnswer(Asked asked, Exposed found) {
    undisturbed(asked, Flow.ANSWER, asked.model().name().value(), found);
  }

  /// Looks at a call that is proposed.
  ///
  /// @param target the tool as policy names it, or as the model does
  Exposed atProposal(Asked asked, String target, ProposedCalls.Call call) {
    var found = again(call);
    undisturbed(asked, Flow.ARGUMENTS, found.isNone() ? target : without(target), found);
    return found;
  }

  /// Looks without noting; at its name too, which is the model's word as well.
  Exposed again(ProposedCalls.Call call) {
    return inspection
        .lookAtJson(call.arguments().getBytes(UTF_8))
        .and(inspection.look(call.name()));
  }

  /// Returns `text` without secrets, for what is on record and in refusals.
  String without(String text) {
    return inspection.cut(text, Inspection.everything());
  }

  String cut(String text, Set<SecretKind> kinds) {
    return inspection.cut(text, kinds);
  }

  int cut(JsonNode json, Set<SecretKind> kinds) {
    return inspection.cut(json, kinds).count();
  }

  Watch watch(Set<SecretKind> kinds) {
    return inspection.watch(kinds);
  }

  static SecretFacts facts(Exposed found) {
    return found.isNone()
        ? SecretFacts.NONE
        : new SecretFacts(
            List.copyOf(found.kinds()), found.count(), found.count(SecretKind.CANARY));
  }

  static boolean mustCut(Exposed found, Set<SecretKind> kinds) {
    return found.found().stream().anyMatch(one -> kinds.contains(one.kind()));
  }

  private void undisturbed(Asked asked, Flow flow, String target, Exposed found) {
    if (!found.isNone()) {
      asked
          .exchange()
          .undisturbed(() -> {
            note(asked, flow, target, found);
            return found;
          });
    }
  }

  private void note(Asked asked, Flow flow, String target, Exposed found) {
    if (!found.isNone()) {
      var claims = asked.claims();
      inspection
          .sightings()
          .note(
              new Carrier(flow, claims.identity(), claims.task(), target, asked.id()),
              found,
              clock.instant());
    }
  }
}
