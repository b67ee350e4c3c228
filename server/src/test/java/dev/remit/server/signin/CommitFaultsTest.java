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
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is stored when somebody signs in or agrees may be lost, or stored and reported failed:
/// what is handed out is stored, and the ledger agrees with what is there.
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
  void a_session_is_handed_out_only_if_it_is_stored(CommitFaults.Fault fault) {
    var people = world.authorization.operators();
    var sessions =
        new Sessions(SignInConfig.of(SignInWorld.ISSUER), world.database, world.ledger, people);
    var person = people.active(SAM).orElseThrow();

    var started =
        despite(
            0,
            fault,
            () ->
                sessions.start(
                    person, "password", Optional.of(world.now()), Browser.fresh(), world.now()));

    started.ifPresent(browser ->
        assertThat(sessions.of(new Browser(browser.secret(), true), world.now())).isPresent());
    assertThat(world.entries("session.started")).hasSize((int) world.count("sign_in_session"));
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void a_password_is_set_once_and_the_ledger_knows(CommitFaults.Fault fault) {
    var accounts = new Accounts(world.database, world.ledger, world.authorization.operators());
    var link = accounts.invite(SAM, new PersonName("admin"), world.now());

    var chosen = despite(0, fault, () -> accounts.choose(link, PASSWORD, world.now()));

    long stored = world.count("sign_in_account");
    assertThat(world.entries("account.set")).hasSize((int) stored);
    chosen.ifPresent(_ -> assertThat(stored).isEqualTo(1));
    assertThat(accounts.invited(link, world.now()).isPresent()).isEqualTo(stored == 0);
  }

  @ParameterizedTest
  @EnumSource(CommitFaults.Fault.class)
  void a_code_is_handed_out_only_if_it_is_stored(CommitFaults.Fault fault) {
    var pkce = Pkce.fresh();
    var consent =
        new Consent(
            world.client,
            SignInWorld.REDIRECT,
            pkce.challenge(),
            URI.create(SignInWorld.RESOURCE),
            SAM,
            new IdentityName("desk-agent"),
            "read-invoices");

    var code = despite(0, fault, () -> world.authorization.consents().give(consent, world.now()));

    assertThat(world.entries("consent.given")).hasSize((int) world.count("authorization_code"));
    code.ifPresent(given ->
        assertThat(world.token(world.redeeming(given.orElseThrow(), pkce)).status())
            .isEqualTo(200));
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

  /// Returns what came of work whose commit failed: nothing, or what the ledger made of it, which
  /// reads back whether it was stored and tries again what was lost.
  private <T> Optional<T> despite(int commits, CommitFaults.Fault fault, Supplier<T> work) {
    world.failCommitAfter(commits, fault);
    try {
      return Optional.of(work.get());
    } catch (DatabaseUnavailable e) {
      return Optional.empty();
    }
  }
}
