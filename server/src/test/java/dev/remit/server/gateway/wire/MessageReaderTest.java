package dev.remit.server.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
  private final MessageReader reader = new MessageReader(16, 1_000);

  @Test
  void a_request_is_read_as_far_as_a_decision_needs() {
    var read =
        read(
            "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\",\"method\":\"tools/call\",\"params\":"
                + "{\"other\":[1,2],\"name\":\"t\",\"arguments\":{\"a\":1},\"_meta\":{}}}");

    assertThat(read).isInstanceOf(Reading.Read.class);
    var request = (Message.Request) ((Reading.Read) read).message();
    assertThat(request.id()).isEqualTo(RpcId.of("a"));
    assertThat(request.params().name()).isEqualTo("t");
    assertThat(request.params().arguments().path("a").asInt(0)).isEqualTo(1);
    assertThat(request.params().fields().has("other")).isFalse();
  }

  @Test
  void large_ids_keep_every_digit() {
    var one = read("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"ping\"}");
    var two = read("{\"jsonrpc\":\"2.0\",\"id\":9007199254740992,\"method\":\"ping\"}");

    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void what_a_server_asks_for_is_read_from_a_result() {
    var read =
        read(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"input_required\","
                + "\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}}");

    assertThat(read.toString()).contains("InputRequired", "roots/list");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"a\":1}{",
        "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
            + "\"params\":{\"name\":\"a\",\"Name\":\"b\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
            + "\"params\":{\"arguments\":{\"x\":{\"y\":1,\"y\":2}}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{\"z\":"
            + "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}}",
      })
  void what_two_readers_could_take_differently_is_not_json(String text) {
    assertThat(read(text)).isInstanceOf(Reading.NotJson.class);
  }

  @Test
  void other_encodings_are_refused() {
    var text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

    assertThat(reader.read(text.getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(Reading.NotJson.class);
    assertThat(reader.read(text.getBytes(StandardCharsets.UTF_16BE)))
        .isInstanceOf(Reading.NotJson.class);
    assertThat(reader.read(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'}))
        .isInstanceOf(Reading.NotJson.class);
  }

  private Reading read(String text) {
    return reader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
