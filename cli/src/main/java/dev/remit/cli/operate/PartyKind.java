package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Segment;
import dev.remit.kernel.identity.Word;

/// What can be suspended.
enum PartyKind implements Word {
  IDENTITY("identities"),
  WORKFLOW("workflows"),
  PERSON("people"),
  /// The same as a person, said of what they own.
  OWNER("people"),
  RESOURCE("resources"),
  MODEL("models"),
  /// One key of an identity, one task token, or one credential of a database or certificate, told
  /// apart by what their names look like.
  CREDENTIAL("");

  private static final String OF_TASK = "cred_";
  private static final int THUMBPRINT_CHARS = 43;

  private final String plural;

  PartyKind(String plural) {
    this.plural = plural;
  }

  /// Returns the path of stopping `name`.
  String suspending(String name) {
    if (this != CREDENTIAL) {
      return path(plural, name, "suspend");
    }
    if (name.startsWith(OF_TASK)) {
      return path("credentials", name, "revoke");
    }
    return name.length() == THUMBPRINT_CHARS
        ? path("keys", name, "suspend")
        : path("tokens", name, "suspend");
  }

  /// Returns the path of asking that `name` may go on.
  String resuming(String name) {
    if (this != CREDENTIAL) {
      return path(plural, name, "resume");
    }
    if (name.length() != THUMBPRINT_CHARS) {
      throw new CommandFailed(
          "a token, a certificate or a credential of a database does not come back once it was stopped",
          "ask for a new one; only a key, named by its thumbprint, can be resumed");
    }
    return path("keys", name, "resume");
  }

  /// Returns what the server calls it.
  String said() {
    return switch (this) {
      case OWNER -> "person";
      case CREDENTIAL -> "key";
      case IDENTITY, WORKFLOW, PERSON, RESOURCE, MODEL -> word();
    };
  }

  private static String path(String kinds, String name, String verb) {
    return "/v1/" + kinds + "/" + Segment.of(name) + "/" + verb;
  }
}
