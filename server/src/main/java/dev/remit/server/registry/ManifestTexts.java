package dev.remit.server.registry;

import static dev.remit.server.registry.shape.Field.required;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.MapOf;
import dev.remit.server.registry.shape.Shape.SetOf;
import dev.remit.server.registry.shape.Shape.Text;
import dev.remit.server.registry.shape.Shape.TextOr;
import java.net.URI;
import java.util.function.Consumer;

/// What a text in a manifest may be: names, amounts and addresses, each with the check that reading
/// makes of it.
final class ManifestTexts {
  private static final String LABEL = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

  // What a name may be is the same for every noun; whose message it is does not matter here.
  static final Text NAME = new Text("a name", LABEL, 1, 63, ManifestTexts::name);

  static final Text WORD =
      new Text("a lower-case word with inner hyphens", LABEL, 1, 63, ManifestTexts::name);

  static final Text SECRET_NAME =
      checked(
          "a secret's name",
          "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
          128,
          text -> {
            if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
              throw new IllegalArgumentException(
                  "a secret's name is letters, digits, `.`, `_` and `-`");
            }
          });

  static final Shape SETTING =
      new TextOr(
          Shape.text("text that is not confidential", 0, 8_192),
          new Fields(required("secret", SECRET_NAME, "the secret in Remit's store to put here")));

  static final Shape DATA_CLASSES = new SetOf(WORD, 0, 64);

  static final Shape TEXTS =
      new MapOf(Shape.text("a setting's name", 1, 120), Shape.text("text", 0, 1_000), 64);

  static final Text MONEY =
      new Text(
          "an amount of money such as `2.50`",
          "^[0-9]{1,9}([.][0-9]{1,6})?$",
          1,
          16,
          ManifestTexts::money);

  private ManifestTexts() {}

  static Text checked(String what, String pattern, int lengthMax, Consumer<String> check) {
    return new Text(what, pattern, 1, lengthMax, check);
  }

  private static void name(String text) {
    new PersonName(text);
  }

  private static void money(String text) {
    if (!text.matches("[0-9]{1,9}([.][0-9]{1,6})?")) {
      throw new IllegalArgumentException(
          "an amount of money is written as `2.50`, with up to six decimal places");
    }
  }

  static void http(String text) {
    var uri = URI.create(text);
    var scheme = uri.getScheme();
    if ((!"http".equals(scheme) && !"https".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException("an address starts with http:// or https:// and a host");
    }
  }

  static void header(String text) {
    if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw new IllegalArgumentException("`" + text + "` cannot name a header");
    }
  }
}
