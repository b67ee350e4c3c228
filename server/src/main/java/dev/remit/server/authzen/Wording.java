package dev.remit.server.authzen;

import dev.remit.server.http.Problem;

/// Says in words why a whole request is not answered.
final class Wording {
  static final String NOT_FOR_YOU =
      "you may not ask about this, or it does not exist; a grant's `asks` says what you may";

  private Wording() {}

  static Problem malformed(String what) {
    return Problem.badRequest(what, "see docs/guides/authzen.md for what a request looks like");
  }

  static Problem notForYou() {
    return new Problem(
        403,
        "not-for-you",
        NOT_FOR_YOU,
        "have the workflow and the resource named in a grant of yours (`asks`), see"
            + " docs/guides/authzen.md");
  }

  static Problem asksNothing() {
    return new Problem(
        403,
        "not-an-asker",
        "this workload may not ask for decisions",
        "declare a grant with `asks` for its identity, of kind `service`; see"
            + " docs/guides/authzen.md");
  }

  static Problem otherAudience() {
    return new Problem(
        403,
        "wrong-audience",
        "this token is for another resource",
        "exchange a proof for a token with `resource` set to this server's /access/v1");
  }
}
