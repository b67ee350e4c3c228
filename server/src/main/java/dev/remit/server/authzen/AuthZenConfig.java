package dev.remit.server.authzen;

import java.net.URI;

/// The limits of the decision API, and the address under which callers know it.
///
/// @param publicUrl identifies the policy decision point in its metadata
/// @param requestBytesMax the longest request
/// @param depthMax how deep a request may nest
/// @param evaluationsMax the most evaluations in one request
/// @param pageMax the most results on one page of a search, also when none is asked for
/// @param searchMax the most candidates that are judged for one page
public record AuthZenConfig(
    URI publicUrl,
    int requestBytesMax,
    int depthMax,
    int evaluationsMax,
    int pageMax,
    int searchMax) {

  /// Returns the documented defaults.
  public static AuthZenConfig defaults(URI publicUrl) {
    return new AuthZenConfig(publicUrl, 1024 * 1024, 32, 100, 100, 10_000);
  }
}
