package dev.remit.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {

  @Test
  void text_is_text_wherever_it_stands() {
    var hostile = "\"><script>alert('1')</script>&amp;";

    var html = Html.write(Html.element("p").with("title", hostile).saying(hostile));

    var inert = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;";
    assertThat(html).isEqualTo("<p title=\"" + inert + "\">" + inert + "</p>");
  }

  @Test
  void what_steers_is_shown() {
    assertThat(Html.write(Html.p("a\u0000b\u202ec\u200bd\u2028e\ufefff\ud800g\u00e9😀")))
        .isEqualTo("<p>aU+0000bU+202EcU+200BdU+2028eU+FEFFfU+D800gé😀</p>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "http://a.example/", "data:text/html,x", "x", ""})
  void an_address_leads_to_a_place_that_a_page_may_name(String address) {
    assertThatIllegalArgumentException().isThrownBy(() -> Html.element("a").with("href", address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"onclick", "style", "a b", "\"x", ""})
  void an_attribute_runs_nothing(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Html.element("p").with(name, "x"));
  }

  @Test
  void a_page_says_what_went_wrong_and_what_to_do() {
    var reply = Page.refusal(403, "No", "It is so.", "Do that.").reply();

    assertThat(reply.status()).isEqualTo(403);
    assertThat(new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("<!doctype html><html lang=\"en\">")
        .contains("<h1>No</h1><p>It is so.</p><p class=\"next\">Do that.</p>");
  }
}
