package dev.remit.server.http;

import java.util.Optional;

/// The door of the pages: who sits before a browser, whether a form of theirs is to be believed,
/// and how they are told what went wrong. [Edge] asks it for every operation that is for whoever is
/// [signed in][Access.SignedIn], before the operation's own code runs.
public interface PageDoor {
  /// The door of a server without pages: it knows nobody.
  PageDoor CLOSED =
      new PageDoor() {
        @Override
        public Caller of(Call call) {
          return new Caller.Anonymous();
        }

        @Override
        public Optional<Problem> foreign(Call call) {
          return Optional.empty();
        }

        @Override
        public Reply says(Problem problem, Call call) {
          return Reply.problem(problem);
        }
      };

  /// Returns who is signed in. Never throws for a cookie that does not hold.
  ///
  /// @param call as it came; its caller is not known yet
  Caller of(Call call);

  /// Returns why what `call` sends was not sent from one of our pages; empty where it was, and
  /// where it only reads.
  Optional<Problem> foreign(Call call);

  /// Says a refusal or failure as a page. Whoever only wanted to read and is not signed in is sent
  /// to where they can.
  Reply says(Problem problem, Call call);
}
