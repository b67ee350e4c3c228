package dev.remit.server;

import dev.remit.kernel.identity.Role;
import dev.remit.server.decisions.Disagreement;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.QuestionJson;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Subject;
import dev.remit.server.registry.Registry;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a finding of a live decision on which the two policy engines differ. The question itself,
/// which holds the arguments of a call, is kept encrypted beside the ledger's entry.
record EnginesDisagree(Findings findings, Registry registry, InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(EnginesDisagree.class);

  void raise(Disagreement seen) {
    var question = seen.question();
    var asked = question.action().word() + " at " + question.target().resource();
    var sighting =
        new Finding.Sighting(
            "engines-disagree",
            seen.policies().value(),
            Finding.Severity.HIGH,
            "on "
                + asked
                + " a call was decided "
                + seen.decided()
                + "; the other engine says "
                + seen.otherwise(),
            "please report it; until it is mended set `decisions.engine: cedar`, or write the policy"
                + " another way",
            Role.SECURITY);
    try {
      findings.raise(
          sighting,
          about(question),
          clock.instant(),
          new Body(QuestionJson.BODY, QuestionJson.bytes(question)));
    } catch (DatabaseUnavailable e) {
      LOG.error("the policy engines disagree, and that could not be recorded: {}", seen, e);
    }
  }

  private Subject about(Question question) {
    var workflow =
        registry
            .current()
            .identity(question.identity())
            .map(identity -> identity.workflow().value());
    return new Subject(Optional.of(question.task().id().value()), workflow, Optional.empty());
  }
}
