package dev.remit.server.authzen;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The fuzzer's target, run for as long as a build allows, on requests with a few bytes changed.
@Tag("R80")
class RequestFuzzTest {
  private static final List<String> SEEDS =
      List.of(
          """
          {"subject":{"type":"user","id":"alice","properties":{"role":"admin"}},
           "action":{"name":"read","properties":{"soft":true}},
           "resource":{"type":"record","id":"record-1"},
           "context":{"task":{"intent":"x","callsSoFar":3,"touched":["a"]},"arguments":{"n":1}}}
          """,
          "{\"options\":{\"evaluations_semantic\":\"execute_all\"},\"evaluations\":[{},{}]}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\","
              + "\"arguments\":{\"a\":[1,2,{\"b\":null}]}}}",
          "\ud800\udc00 [[[[[[[[1e999999999]]]]]]]]");

  @Test
  void no_bytes_make_a_reader_throw() {
    var random = new Random(20_261_121L);
    for (int i = 0; i < 20_000; i++) {
      var seed = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(6); change > 0; change--) {
        seed[random.nextInt(seed.length)] =
            random.nextBoolean() ? (byte) random.nextInt(256) : seed[random.nextInt(seed.length)];
      }
      RequestFuzz.fuzzerTestOneInput(seed);
    }
  }
}
