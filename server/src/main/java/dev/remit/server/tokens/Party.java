package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;

/// Something that can be stopped as a whole: one identity, all of a workflow, or everything a
/// person answers for.
public record Party(Kind kind, String name) {

  /// What sort of thing is stopped.
  public enum Kind implements Word {
    IDENTITY,
    WORKFLOW,
    PERSON
  }

  public static Party of(IdentityName identity) {
    return new Party(Kind.IDENTITY, identity.value());
  }

  public static Party of(WorkflowName workflow) {
    return new Party(Kind.WORKFLOW, workflow.value());
  }

  public static Party of(PersonName person) {
    return new Party(Kind.PERSON, person.value());
  }

  @Override
  public String toString() {
    return kind.word() + " " + name;
  }
}
