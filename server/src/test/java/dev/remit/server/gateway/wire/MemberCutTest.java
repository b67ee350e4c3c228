package dev.remit.server.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberCutTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"params\":{\"s\":\"x\"},\"id\":1} | {\"params\":{},\"id\":1}",
        "{\"params\":{\"s\":\"x\" , \"a\":1}} | {\"params\":{ \"a\":1}}",
        "{\"params\":{\"a\":1.10 , \"s\":\"x\" }} | {\"params\":{\"a\":1.10 }}",
        "{\"params\":{\"a\":\"ü\",\"s\":{\"b\":[1,{}]},\"c\":2}} | {\"params\":{\"a\":\"ü\",\"c\":2}}",
        "{\"s\":1,\"params\":{\"a\":{\"s\":1}}} | {\"s\":1,\"params\":{\"a\":{\"s\":1}}}",
        "{\"id\":1} | {\"id\":1}",
        "{\"params\":{\"a\":1,\"s\":12}} | {\"params\":{\"a\":1}}",
        "{\"params\":{\"a\":1,\"s\":true}} | {\"params\":{\"a\":1}}"
      })
  void one_member_goes_and_every_other_byte_stays(String message, String left) {
    var cut = MemberCut.withoutParam(message.getBytes(UTF_8), "s");

    assertThat(new String(cut, UTF_8)).isEqualTo(left);
  }
}
