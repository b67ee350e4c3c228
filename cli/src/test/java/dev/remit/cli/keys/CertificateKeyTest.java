package dev.remit.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The request that is written by hand, read by who has not written it.
@Tag("R62")
class CertificateKeyTest {
  @TempDir private Path directory;

  private record Said(int status, String output) {}

  private Said openssl(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), output);
  }

  @Test
  void openssl_reads_the_request_and_finds_it_signed_by_the_key() throws Exception {
    assumeTrue(isThere(), "openssl is not installed: install it to run this");
    for (int i = 0; i < 20; i++) {
      var key = CertificateKey.fresh();
      Files.writeString(directory.resolve("svid.key"), key.pem());
      Files.writeString(directory.resolve("svid.csr"), key.request());

      var verified = openssl("req", "-in", "svid.csr", "-verify", "-noout");
      var asked = openssl("req", "-in", "svid.csr", "-pubkey", "-noout");
      var has = openssl("pkey", "-in", "svid.key", "-pubout");

      assertThat(verified.status()).as(verified.output()).isZero();
      assertThat(asked.output()).isEqualTo(has.output());
    }
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
