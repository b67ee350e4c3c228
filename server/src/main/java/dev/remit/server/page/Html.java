package dev.remit.server.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A piece of a page. There is no way to put text into one that is not escaped.
///
/// Characters that steer instead of showing (controls, direction overrides, zero-width ones) are
/// written as `U+202E`, so that what others chose is inert and seen for what it is.
public sealed interface Html {

  /// Text, whatever it holds.
  record Text(String text) implements Html {}

  /// One element.
  ///
  /// @param name lower-case letters and digits
  record Element(String name, Map<String, String> attributes, List<Html> content) implements Html {
    private static final Set<String> ADDRESSES = Set.of("href", "action", "src");

    /// To a place of this server or of this page, or to another site with TLS; never to a scheme
    /// that runs something.
    private static final Pattern LEADS = Pattern.compile("/(?!/)|#[a-z]|https://");

    public Element {
      attributes = Map.copyOf(attributes);
      content = List.copyOf(content);
      if (!name.matches("[a-z][a-z0-9]*")) {
        throw new IllegalArgumentException("no element is called `" + name + "`");
      }
      attributes.forEach(Element::check);
    }

    private static void check(String name, String value) {
      if (!name.matches("[a-z][a-z-]*") || name.startsWith("on") || name.equals("style")) {
        throw new IllegalArgumentException("no attribute is called `" + name + "` here");
      }
      if (ADDRESSES.contains(name) && !LEADS.matcher(value).lookingAt()) {
        throw new IllegalArgumentException("`" + name + "` leads to nothing that a page may name");
      }
    }

    /// Returns this element with one more attribute.
    public Element with(String attribute, String value) {
      var more = new LinkedHashMap<>(attributes);
      more.put(attribute, value);
      return new Element(name, more, content);
    }

    /// Returns this element with more in it.
    public Element holding(Html... added) {
      return holding(List.of(added));
    }

    public Element holding(List<? extends Html> added) {
      var more = new ArrayList<>(content);
      more.addAll(added);
      return new Element(name, attributes, more);
    }

    /// Returns this element with more text in it.
    public Element saying(String text) {
      return holding(new Text(text));
    }
  }

  /// An element of this name with nothing in it.
  static Element element(String name) {
    return new Element(name, Map.of(), List.of());
  }

  static Element p(String text) {
    return element("p").saying(text);
  }

  static Html text(String text) {
    return new Text(text);
  }

  /// A field that a form carries along.
  static Element hidden(String name, String value) {
    return element("input").with("type", "hidden").with("name", name).with("value", value);
  }

  /// Returns `text` with what steers instead of showing written out, for programs that put it into
  /// a page as text by themselves.
  static String visible(String text) {
    return HtmlText.visible(text);
  }

  /// Writes it as HTML.
  static String write(Html html) {
    var out = new StringBuilder();
    HtmlText.write(html, out);
    return out.toString();
  }
}
