package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PolicyName;
import java.util.List;

/// What the registry asks of the policy engine before it lets anything become current: whether the
/// policies of a proposed state hold against the tools, workflows and people of that same state.
///
/// Called on plan and on apply, before the transaction; changes nothing. Once the state is durable
/// it arrives through [Registry#onChange], and that is when the policies become active.
@FunctionalInterface
public interface PolicyCheck {

  Verdict check(Registered proposed);

  sealed interface Verdict {

    /// They hold.
    ///
    /// @param version digest of the policy set and of all it was validated against
    /// @param findings what is odd about them and keeps nobody from applying
    record Valid(Digest version, List<Problem> findings) implements Verdict {
      public Valid {
        findings = List.copyOf(findings);
      }
    }

    /// They do not, and nothing of the proposed state may become current.
    record Invalid(List<Problem> problems) implements Verdict {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// What is wrong with one policy.
  ///
  /// @param line 1-based, within the Cedar text
  /// @param column 1-based
  record Problem(PolicyName policy, int line, int column, String message, String remedy) {}
}
