package dev.remit.server.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
  @TempDir Path data;

  @Test
  void the_key_is_made_once_for_its_owner_only_and_kept() throws Exception {
    var wrapped = MasterKey.open(data, Map.of()).wrap("x".getBytes(UTF_8), "a");

    var again = MasterKey.open(data, Map.of());

    assertThat(again.unwrap(wrapped, "a")).isEqualTo("x".getBytes(UTF_8));
    var file = data.resolve("master.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(data)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void what_is_wrapped_opens_for_its_purpose_only() {
    var key = MasterKey.open(data, Map.of());
    var wrapped = key.wrap("x".getBytes(UTF_8), "a");

    assertThatThrownBy(() -> key.unwrap(wrapped, "b")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void the_environment_is_read_before_the_file(@TempDir Path elsewhere) throws Exception {
    var wrapped = MasterKey.open(elsewhere, Map.of()).wrap("x".getBytes(UTF_8), "a");
    var given =
        Base64.getEncoder().encodeToString(Files.readAllBytes(elsewhere.resolve("master.key")));

    var key = MasterKey.open(data, Map.of(MasterKey.VARIABLE, given));

    assertThat(key.unwrap(wrapped, "a")).isEqualTo("x".getBytes(UTF_8));
    assertThat(data.resolve("master.key")).doesNotExist();
  }

  @Test
  void a_key_that_others_may_read_or_that_is_none_stops_the_start() throws Exception {
    MasterKey.open(data, Map.of());
    var file = data.resolve("master.key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> MasterKey.open(data, Map.of())).hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> MasterKey.open(data, Map.of(MasterKey.VARIABLE, "%")))
        .hasMessageContaining("not base64");
    assertThatThrownBy(() -> MasterKey.open(data, Map.of(MasterKey.VARIABLE, "e30=")))
        .hasMessageContaining(MasterKey.VARIABLE);
  }

  @Test
  void p256_is_never_computed_by_the_jdk_itself() throws Exception {
    var first = Crypto.install();

    assertThat(Signature.getInstance("SHA256withECDSA").getProvider()).isSameAs(first);
    assertThat(first.getName()).isNotEqualTo("SunEC");
  }
}
