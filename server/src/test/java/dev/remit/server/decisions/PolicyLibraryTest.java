package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.registry.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The starter policies do what their page says, for and against.
@Tag("R99")
class PolicyLibraryTest {
  private static final Path LIBRARY = Path.of("..", "docs", "library");

  private static ManifestFile file(String name) throws IOException {
    return new ManifestFile(name, Files.readString(LIBRARY.resolve(name)));
  }

  @Test
  void every_case_of_the_library_is_decided_as_it_says() throws IOException {
    var answer =
        PolicyTests.run(
            List.of(file("policies.yaml"), file("test/world.yaml")),
            List.of(file("test/library.test.yaml")));

    assertThat(answer.path("problems")).as(answer.path("problems").toString()).isEmpty();
    assertThat(answer.path("cases").valueStream().filter(one -> !one.path("passed").asBoolean()))
        .isEmpty();
    assertThat(answer.path("passed").intValue()).isEqualTo(48);
  }
}
