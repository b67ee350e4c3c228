package dev.remit.server.lending;

import java.util.Arrays;
import java.util.Locale;

/// A place where a process can die between two steps of lending a credential or taking it back.
///
/// Written `issue-after-role`. After every one of them the next start, or another node, leaves no
/// role behind.
public enum LendingCrash {
  /// The intent is durable; nothing was done at the database.
  ISSUE_AFTER_INTENT,
  /// The role is made within a transaction that is still open.
  ISSUE_BEFORE_COMMIT,
  /// The role is there; nobody has its password.
  ISSUE_AFTER_ROLE,
  /// It is recorded as issued; nobody was answered.
  ISSUE_AFTER_ACTIVE,
  /// It is recorded that it is to be taken away; nothing was done.
  REVOKE_AFTER_MARK,
  /// Nobody can log in as it any more; sessions still run.
  REVOKE_AFTER_LOCK,
  /// No session is left; the role is there.
  REVOKE_AFTER_TERMINATE,
  /// The role is gone; nobody has looked, nothing is recorded.
  REVOKE_AFTER_DROP,
  /// It is recorded that it is gone.
  REVOKE_AFTER_END;

  /// Reads a point as it is written.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static LendingCrash parse(String text) {
    return Arrays.stream(values())
        .filter(point -> point.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "`" + text + "` is not a crash point; one is written like `issue-after-role`"));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
