package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;

/// Something that can be stopped as a whole: one identity, all of a workflow, everything a person
/// answers for, whatever goes to a resource, whoever a model decides for, or what one key of an
/// identity has vouched for.
public record Party(Kind kind, String name) {

  /// What sort of thing is stopped.
  public enum Kind implements Word {
    IDENTITY,
    WORKFLOW,
    PERSON,
    RESOURCE,
    MODEL,
    /// A registered public key, named by its thumbprint (RFC 7638, SHA-256, base64url).
    KEY
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

  public static Party of(ResourceName resource) {
    return new Party(Kind.RESOURCE, resource.value());
  }

  public static Party of(ModelName model) {
    return new Party(Kind.MODEL, model.value());
  }

  /// The key with this thumbprint.
  public static Party key(String thumbprint) {
    return new Party(Kind.KEY, thumbprint);
  }

  /// Reads what [#path] writes.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Party parse(String path) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("`" + path + "` is not KIND/NAME");
    }
    return new Party(Word.parse(Kind.class, path.substring(0, slash)), path.substring(slash + 1));
  }

  /// Returns `kind/name`.
  public String path() {
    return kind.word() + "/" + name;
  }

  @Override
  public String toString() {
    return kind.word() + " " + name;
  }
}
