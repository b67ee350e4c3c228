package dev.remit.cli.operate;

import dev.remit.kernel.identity.Word;

/// What can be suspended.
enum PartyKind implements Word {
  IDENTITY("identities"),
  WORKFLOW("workflows"),
  PERSON("people");

  private final String plural;

  PartyKind(String plural) {
    this.plural = plural;
  }

  /// Returns how a path writes it.
  String plural() {
    return plural;
  }
}
