package dev.remit.server.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void no_byte_is_lost_whatever_ends_a_line(String end) throws IOException {
    var text = "id: 1|data: a|data:b||: note||data|idle: x||".replace("|", end);

    var events = events(text);

    var all = new ByteArrayOutputStream();
    events.forEach(event -> all.writeBytes(event.bytes()));
    assertThat(all.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(events.getFirst().id()).isEqualTo("1");
    assertThat(new String(events.getFirst().data(), StandardCharsets.UTF_8)).isEqualTo("a\nb");
    assertThat(events.get(1).carriesMessage()).isFalse();
    assertThat(events.get(2).id()).isEmpty();
  }

  /// Tries every cut into two pieces.
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void it_does_not_matter_in_which_pieces_a_stream_comes(String end) throws IOException {
    var text = "id: 1|data: a|data:b||: note||data|idle: x||data: last||".replace("|", end);
    var whole = events(text);
    for (int cut = 1; cut < text.length(); cut++) {
      var at = cut;

      var reader = new EventReader(pieces(text.substring(0, cut), text.substring(cut)), 100);

      for (var expected : whole) {
        var found = reader.next().orElseThrow();
        assertThat(found.bytes()).as("cut at " + at).isEqualTo(expected.bytes());
        assertThat(found.data()).isEqualTo(expected.data());
      }
      assertThat(reader.next().map(Event::carriesMessage).orElse(false)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void what_has_come_whole_is_told_and_what_has_not_is_waited_for(String end) throws IOException {
    var one = "data: a" + end + end;
    var reader = new EventReader(pieces(one + one + "data: b" + end, end), 100);

    var _ = reader.next();
    boolean second = reader.isNextHere();
    var _ = reader.next();
    boolean third = reader.isNextHere();

    assertThat(second).isTrue();
    assertThat(third).isFalse();
    assertThat(new String(reader.next().orElseThrow().data(), StandardCharsets.UTF_8))
        .isEqualTo("b");
  }

  private static InputStream pieces(String first, String second) {
    return new SequenceInputStream(
        new ByteArrayInputStream(first.getBytes(StandardCharsets.UTF_8)),
        new ByteArrayInputStream(second.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void an_unfinished_event_is_dropped() throws IOException {
    assertThat(events("data: a\n\ndata: b\n")).hasSize(1);
  }

  @Test
  void an_event_that_is_too_long_fails_the_stream() {
    assertThatThrownBy(() -> events("data: " + "x".repeat(200) + "\n\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 100 bytes");
  }

  private static List<Event> events(String text) throws IOException {
    var reader =
        new EventReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 100);
    var events = new ArrayList<Event>();
    for (Optional<Event> next = reader.next(); next.isPresent(); next = reader.next()) {
      events.add(next.get());
    }
    return events;
  }
}
