package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import java.time.Instant;

/// Lets something go on as it takes two to do.
public final class TwoPeople {

  private TwoPeople() {}

  /// sam asks and the administrator agrees.
  public static void resume(Authorization authorization, Party party, Instant now) {
    var resumptions = authorization.resumptions();
    var asked = resumptions.ask(party, new PersonName("sam"), "looked", now);
    assertThat(asked).isInstanceOf(Resumptions.Asked.Open.class);
    var id = ((Resumptions.Asked.Open) asked).resumption().id();
    assertThat(resumptions.answer(id, new PersonName("admin"), true, now)).isTrue();
  }
}
