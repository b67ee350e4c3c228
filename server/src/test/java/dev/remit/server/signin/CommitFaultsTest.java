package dev.remit.server.signin;

import static dev.remit.server.signin.SignInWorld.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.signin.SignInWorld.Pkce;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.Consent;
import java.net.URI;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is stored when somebody signs in or agrees may be lost, or stored and reported failed:
/// nothing is handed out either time, and the ledger agrees with what is there.
@Tag("R65")
class CommitFaultsTest {
  private static final PersonName SAM = new PersonName("sam");

  private final SignInWorld world = new SignInWorld();

  @AfterEach
  void ends_with_its_checks() {
    world.close();
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void a_session_whose_commit_is_in_doubt_is_not_handed_out(CommitFaults.Fault fault) {
    var people = world.authorization.operators();
    var sessions =
        new Sessions(SignInConfig.of(SignInWorld.ISSUER), world.database, world.ledger, people);
    var person = people.active(SAM).orElseThrow();

    untilItFails(0, fault, () -> sessions.start(person, "password", Browser.fresh(), world.now()));

    var next = sessions.start(person, "password", Browser.fresh(), world.now());
    assertThat(sessions.of(new Browser(next.secret(), true), world.now())).isPresent();
    assertThat(world.entries("session.started")).hasSize((int) world.count("sign_in_session"));
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void a_password_whose_commit_is_in_doubt_is_set_or_not_and_the_ledger_knows(
      CommitFaults.Fault fault) {
    var accounts = new Accounts(world.database, world.ledger, world.authorization.operators());

    untilItFails(
        1, // the invitation's own
        fault,
        () ->
            accounts.choose(
                accounts.invite(SAM, new PersonName("admin"), world.now()), PASSWORD, world.now()));

    assertThat(world.entries("account.set").isEmpty())
        .isEqualTo(world.count("sign_in_account") == 0);
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void a_code_whose_commit_is_in_doubt_is_not_handed_out(CommitFaults.Fault fault) {
    var consent =
        new Consent(
            world.client,
            SignInWorld.REDIRECT,
            Pkce.fresh().challenge(),
            URI.create(SignInWorld.RESOURCE),
            SAM,
            new IdentityName("desk-agent"),
            "read-invoices");

    untilItFails(
        0, fault, () -> world.authorization.consents().give(consent, world.now()).orElseThrow());

    assertThat(world.entries("consent.given")).hasSize((int) world.count("authorization_code"));
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void a_token_whose_commit_is_in_doubt_is_not_handed_out(CommitFaults.Fault fault) {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(world.signedIn("sam"), pkce), pkce);
    world.failCommitAfter(1, fault);

    var first = world.token(form);
    var second = world.token(form);

    assertThat(first.status()).isIn(200, 503);
    if (first.status() == 503) {
      assertThat(first.text()).doesNotContain("access_token");
      // Lost, and it is issued now; stored, and the code counts as used.
      assertThat(second.status()).isIn(200, 400);
    } else {
      assertThat(second.reason()).isEqualTo("used-twice");
    }
    assertThat(world.entries("task.started")).hasSize((int) world.count("task"));
  }

  /// What happens in the background may take the fault; then it is tried once more.
  private void untilItFails(int commits, CommitFaults.Fault fault, Supplier<Object> work) {
    boolean failed = false;
    while (!failed) {
      world.failCommitAfter(commits, fault);
      try {
        assertThat(work.get()).isNotNull();
      } catch (DatabaseUnavailable e) {
        failed = true;
      }
    }
  }
}
