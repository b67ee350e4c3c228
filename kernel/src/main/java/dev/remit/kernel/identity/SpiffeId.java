package dev.remit.kernel.identity;

import java.util.regex.Pattern;

/// The name of a workload identity outside Remit: a SPIFFE ID.
///
/// Shape: `spiffe://<trust domain>/<path>`, at most 2,048 bytes, path not empty, no `.` or `..`
/// segments, no trailing slash, no query or fragment.
///
/// Source: the SPIFFE ID and Verifiable Identity Document specification, section 2.
public record SpiffeId(String value) implements Comparable<SpiffeId> {
  private static final int LENGTH_MAX = 2048;
  private static final Pattern FORM =
      Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+");

  public SpiffeId {
    if (value.length() > LENGTH_MAX || !FORM.matcher(value).matches() || hasDotSegment(value)) {
      throw new IllegalArgumentException(
          "`"
              + shortened(value)
              + "` is not a SPIFFE ID such as spiffe://remit.local/invoices/bot");
    }
  }

  /// Returns the id that an identity has when its manifest names none.
  public static SpiffeId of(String trustDomain, WorkflowName workflow, IdentityName identity) {
    return new SpiffeId("spiffe://" + trustDomain + "/" + workflow + "/" + identity);
  }

  public String trustDomain() {
    int start = "spiffe://".length();
    return value.substring(start, value.indexOf('/', start));
  }

  @Override
  public int compareTo(SpiffeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean hasDotSegment(String value) {
    return value.endsWith("/.")
        || value.endsWith("/..")
        || value.contains("/./")
        || value.contains("/../");
  }

  private static String shortened(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "…";
  }
}
