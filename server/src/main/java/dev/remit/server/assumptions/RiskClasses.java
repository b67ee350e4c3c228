package dev.remit.server.assumptions;

import dev.remit.kernel.identity.IdentityName;
import java.util.List;
import java.util.function.Function;

/// The classes of risk, and of which class each identity is now.
///
/// @param fromLowest every class there is; empty where nobody computes any
/// @param of the class of an identity; one that is not in `fromLowest` means that it is not known
public record RiskClasses(List<String> fromLowest, Function<IdentityName, String> of) {

  /// Nobody computes any risk, so nothing is assumed of one.
  public static final RiskClasses NOT_COMPUTED = new RiskClasses(List.of(), _ -> "");

  public RiskClasses {
    fromLowest = List.copyOf(fromLowest);
  }

  /// Whether `identity` is known to be of class `most` or a lower one.
  boolean isAtMost(IdentityName identity, String most) {
    int now = fromLowest.indexOf(of.apply(identity));
    return now >= 0 && now <= fromLowest.indexOf(most);
  }
}
