package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Whether an identity may act now, as its own standing, its workflow's and its owner's say.
///
/// Asked when a token is issued and again each time it is used.
record Standing(Losses losses, Registered registered) {

  /// Why an identity may not act.
  ///
  /// @param reasonCode a stable word, for the record
  /// @param detail a sentence for whoever must mend it
  record Refusal(String reasonCode, String detail, TokenCheck check) {}

  Optional<Refusal> refusal(Identity identity, Workflow workflow, Instant now) {
    return suspended(Party.of(identity.name()))
        .or(() -> suspended(Party.of(workflow.name())))
        .or(() -> suspended(Party.of(workflow.owner())))
        .or(() -> identity.model().flatMap(model -> suspended(Party.of(model))))
        .or(() -> ended(workflow, now))
        .or(() -> ownerless(workflow));
  }

  /// Says why nothing may be done for a person (any more) by the identity that they let act.
  Optional<TokenCheck> against(OnBehalf one, Optional<Identity> lent) {
    var party = Party.of(one.person());
    if (losses.isSuspended(party)) {
      return Optional.of(new TokenCheck.Suspended(party.kind().word(), party.name()));
    }
    if (losses.epoch(party) != one.epoch()) {
      return Optional.of(new TokenCheck.Invalid("from-before-a-suspension"));
    }
    boolean may =
        isActive(registered, one.person())
            && lent.filter(identity -> identity.isLentTo(one.person(), URI.create(one.client())))
                .isPresent();
    return may ? Optional.empty() : Optional.of(new TokenCheck.Invalid("person-may-not"));
  }

  /// Whether a person may act: the built-in administrator always, others while declared active.
  static boolean isActive(Registered registered, PersonName name) {
    return registered.person(name).map(person -> person.active()).orElse(name.equals(BUILT_IN));
  }

  /// The administrator who exists from the first start, declared or not.
  static final PersonName BUILT_IN = new PersonName("admin");

  /// Why nothing is done beneath `party`; empty while it is not suspended.
  Optional<Refusal> suspended(Party party) {
    if (!losses.isSuspended(party)) {
      return Optional.empty();
    }
    var kind = party.kind().word();
    return Optional.of(
        new Refusal(
            kind + "-suspended",
            party + " is suspended; its owner or security asks to resume it, another agrees",
            new TokenCheck.Suspended(kind, party.name())));
  }

  private static Optional<Refusal> ended(Workflow workflow, Instant now) {
    if (workflow.runs(now)) {
      return Optional.empty();
    }
    return switch (workflow.stage()) {
      case PILOT, PRODUCTION ->
          Optional.of(
              new Refusal(
                  "pilot-expired",
                  "the pilot of workflow "
                      + workflow.name()
                      + " has expired; its owner must review and extend it",
                  new TokenCheck.Invalid("pilot-expired")));
      case RETIRED ->
          Optional.of(
              new Refusal(
                  "workflow-retired",
                  "workflow " + workflow.name() + " is retired",
                  new TokenCheck.Invalid("workflow-retired")));
    };
  }

  private Optional<Refusal> ownerless(Workflow workflow) {
    if (isActive(registered, workflow.owner())) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            "owner-inactive",
            "the owner of workflow "
                + workflow.name()
                + " is not an active person; declare another owner",
            new TokenCheck.Invalid("owner-inactive")));
  }
}
