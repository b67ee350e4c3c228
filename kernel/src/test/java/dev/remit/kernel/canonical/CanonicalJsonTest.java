package dev.remit.kernel.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CanonicalJsonTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// RFC 8785, section 3.2.2: the example with its expected output.
  @Test
  void the_example_of_the_rfc_gives_the_output_of_the_rfc() {
    var input =
        """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
          "literals": [null, true, false]
        }
        """;

    var canonical = CanonicalJson.text(JSON.readTree(input));

    assertThat(canonical)
        .isEqualTo(
            "{\"literals\":[null,true,false],"
                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  /// RFC 8785, section 3.2.3: members are sorted by their UTF-16 code units, not by code points.
  @Test
  void members_are_sorted_by_their_utf_16_code_units() {
    var input =
        """
        {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",
         "1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control",
         "\\u00f6":"Latin Small Letter O With Diaeresis"}
        """;

    var canonical = CanonicalJson.text(JSON.readTree(input));

    assertThat(JSON.readTree(canonical).propertyNames())
        .containsExactly("\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33");
  }

  /// RFC 8785, appendix B: doubles by their bits and how they are written.
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2",
  })
  void numbers_are_written_as_ecmascript_writes_them(String bits, String written) {
    double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

    var canonical = CanonicalJson.text(JSON.getNodeFactory().numberNode(value));

    assertThat(canonical).isEqualTo(written);
  }

  @Test
  void a_value_without_a_canonical_form_is_refused() {
    var infinite = JSON.getNodeFactory().numberNode(Double.POSITIVE_INFINITY);
    var lone = JSON.getNodeFactory().stringNode("\ud83d");

    assertThatThrownBy(() -> CanonicalJson.text(infinite)).hasMessageContaining("double");
    assertThatThrownBy(() -> CanonicalJson.text(lone)).hasMessageContaining("surrogate");
  }

  /// The law that pinning rests on: layout and member order never matter, and canonical text is its
  /// own canonical form.
  @Test
  void canonical_text_is_a_fixed_point_whatever_the_order_of_members() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var value = anyValue(random, 3);

      var canonical = CanonicalJson.text(value);

      assertThat(CanonicalJson.text(JSON.readTree(canonical)))
          .as("seed %d", seed)
          .isEqualTo(canonical);
      assertThat(CanonicalJson.text(reversed(value))).as("seed %d", seed).isEqualTo(canonical);
    }
  }

  private static JsonNode anyValue(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> JSON.getNodeFactory().nullNode();
      case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 2 -> JSON.getNodeFactory().numberNode(random.nextGaussian() * 1e9);
      case 3 -> JSON.getNodeFactory().stringNode(anyText(random));
      case 4 -> {
        var array = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(anyValue(random, depth - 1));
        }
        yield array;
      }
      case 5 -> {
        var object = JSON.createObjectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
          object.set(anyText(random), anyValue(random, depth - 1));
        }
        yield object;
      }
      default -> throw new IllegalStateException("out of range");
    };
  }

  private static String anyText(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      int codePoint = random.nextInt(0x2_0000);
      text.appendCodePoint(Character.isSurrogate((char) codePoint) ? 'x' : codePoint);
    }
    return text.toString().replaceAll("[\\ud800-\\udfff](?![\\udc00-\\udfff])", "x");
  }

  private static JsonNode reversed(JsonNode value) {
    if (!value.isObject()) {
      return value;
    }
    var names = new java.util.ArrayList<>(value.propertyNames()).reversed();
    var object = JSON.createObjectNode();
    names.forEach(name -> object.set(name, reversed(value.get(name))));
    return object;
  }
}
