package dev.remit.conformance.authzen;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// The fixture of the certification scenario, as `examples/authzen/records.yaml` declares it, with
/// a key for its enforcement point and dates that have not passed.
public final class Records {
  private static final String EDGE_PROOF =
      "oidc: {issuer: \"https://cluster.example.org\", audience: remit, subject:"
          + " \"system:serviceaccount:records:edge\"}";

  private Records() {}

  /// Returns an enforcement point with a fresh key.
  public static Workload edge() {
    return Workload.fresh("spiffe://remit.local/edge/edge-gateway");
  }

  /// Returns the manifests, in which `edge` is the enforcement point.
  public static String text(Workload edge) {
    try {
      return Files.readString(Home.directory().resolve("examples/authzen/records.yaml"))
          .replace(EDGE_PROOF, "privateKeyJwt: {jwks: {keys: [" + edge.jwk() + "]}}")
          .replace("owner: anna", "owner: admin")
          .replace("approvedBy: ben", "approvedBy: admin")
          .replace("2027-03-01", LocalDate.now(ZoneOffset.UTC).plusDays(60).toString());
    } catch (IOException e) {
      throw new UncheckedIOException("read the example", e);
    }
  }
}
