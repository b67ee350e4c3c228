package dev.remit.conformance.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TourTest {

  /// The main job, from a client's configuration to evidence that verifies without the server.
  @Test
  @Tag("R1")
  @Tag("R57")
  @Tag("R80")
  @Tag("R86")
  @Tag("R87")
  @Tag("R102")
  @Tag("R189")
  @Tag("R200")
  @Tag("R201")
  @Tag("R202")
  void the_tour_goes_as_it_tells() {
    var told = new ByteArrayOutputStream();

    assertThatNoException()
        .as(() -> told.toString(StandardCharsets.UTF_8))
        .isThrownBy(() ->
            assertThat(Tour.tell(new PrintStream(told, true, StandardCharsets.UTF_8))).isEmpty());
  }
}
