package dev.remit.conformance.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.HeldKey;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guide `docs/guides/federation.md`, «Who the agent is, for others», at a built server that
/// demands bound tokens of everybody.
class CertificateOnALaptopTest {
  private static final Workload AGENT = Workload.fresh("spiffe://remit.local/trial/trial-agent");

  @Test
  @Tag("R57")
  @Tag("R62")
  @Tag("R65")
  void a_program_gets_a_certificate_for_one_task_that_openssl_believes_until_the_task_ends(
      @TempDir Path folder) throws Exception {
    assumeTrue(hasOpenSsl(), "openssl is not installed: install it to run this");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var binding =
        Files.writeString(
            folder.resolve("remit.yaml"), "tokens: {binding: {autonomies: [acts-alone]}}\n");
    try (var remit = RemitProcess.start(folder.resolve("data"), "--config", binding.toString())) {
      remit
          .admin()
          .apply(
              Declared.agent(AGENT)
                  + Declared.resource(
                      "files", "{\"http\": {\"url\": \"http://127.0.0.1:1/mcp\"}}", List.of()));
      var cli =
          Cli.of(
              Files.createDirectories(folder.resolve("home")),
              remit.address(),
              remit.admin().token());
      HeldKey.write(cli, "trial-agent", "try", AGENT);
      var check =
          "curl=$(openssl x509 -in $SVID_CERTIFICATE -noout -ext crlDistributionPoints"
              + " | grep -o 'http[^ ]*'); echo list=$curl; cp $SVID_CERTIFICATE $SVID_BUNDLE "
              + folder
              + "; openssl verify -CAfile $SVID_BUNDLE $SVID_CERTIFICATE;"
              + " openssl x509 -in $SVID_CERTIFICATE -noout -ext subjectAltName";

      var used = cli.run("credential", "certificate", "files", "--", "sh", "-c", check);
      var listed = cli.run("credential", "list", "--all");
      var state = cli.run("verify", "--state");

      assertThat(used.status()).as(used.output()).isZero();
      assertThat(used.output())
          .contains("svid.pem: OK")
          .contains("URI:spiffe://remit.local/trial/trial-agent")
          .contains("its certificate is revoked");
      assertThat(listed.output())
          .contains("certificate")
          .contains("revoked")
          .contains("task-ended");
      assertThat(state.status()).as(state.output()).isZero();
      var list = Pattern.compile("list=(\\S+)").matcher(used.output());
      assertThat(list.find()).isTrue();
      fetch(list.group(1), folder.resolve("svid.crl"));
      assertThat(verified(folder)).contains("certificate revoked");
    }
  }

  private static void fetch(String url, Path to) throws IOException {
    try (var in = URI.create(url).toURL().openStream()) {
      Files.copy(in, to);
    }
  }

  private static String verified(Path folder) throws Exception {
    var process =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "verify",
                    "-crl_check",
                    "-CAfile",
                    "bundle.pem",
                    "-CRLfile",
                    "svid.crl",
                    "svid.pem"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static boolean hasOpenSsl() throws InterruptedException {
    try {
      return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
