package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.server.settings.SettingsWrong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that settings name, and that are not what they should be.
@Tag("R62")
class NamedFilesTest {
  @TempDir Path folder;

  @Test
  void a_certificate_that_is_not_there_is_a_wrong_setting() throws IOException {
    var config = config("server: {tls: {certificate: %s/none.pem, key: %s/none.key}}");

    assertThatThrownBy(() -> Limits.tls(config))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("server.tls.certificate")
        .hasMessageContaining("none.pem");
  }

  @Test
  void a_certificate_that_is_none_is_a_wrong_setting() throws IOException {
    Files.writeString(folder.resolve("junk.pem"), "junk");
    var config = config("server: {tls: {certificate: %s/junk.pem, key: %s/junk.pem}}");

    assertThatThrownBy(() -> Limits.tls(config))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("server.tls");
  }

  @Test
  void authorities_that_are_none_are_a_wrong_setting() throws IOException {
    Files.writeString(folder.resolve("junk.pem"), "junk");
    var config = config("tokens: {proofs: {clientAuthorities: %s/junk.pem}}");

    assertThatThrownBy(() -> Limits.tokens(config))
        .isInstanceOf(SettingsWrong.class)
        .hasMessageContaining("junk.pem");
  }

  private Config config(String yaml) throws IOException {
    var file = folder.resolve("remit.yaml");
    Files.writeString(file, yaml.replace("%s", folder.toString()) + "\n");
    return ConfigSource.read(
        List.of("--data", folder.resolve("data").toString(), "--config", file.toString()));
  }
}
