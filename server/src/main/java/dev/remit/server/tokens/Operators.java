package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.http.Presented;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import dev.remit.server.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The tokens that people show to the API: `rop_` and 256 random bits, of which only the SHA-256 is
/// kept.
///
/// `admin` exists from the first start with every role, declared or not, so that there is somebody
/// who can declare the others. A declared person's roles are those of the current registry; whoever
/// left or is suspended is nobody.
public final class Operators {
  /// In place of a time, of a token that does not expire.
  static final String NEVER = "never";

  private static final String PREFIX = "rop_";
  private static final String FILE = "operator.token";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Ledger ledger;
  private final Supplier<Registered> registered;
  private final Standings standings;
  private final OperatorStore store = new OperatorStore();

  public Operators(
      Database database, Ledger ledger, Supplier<Registered> registered, Standings standings) {
    this.database = database;
    this.ledger = ledger;
    this.registered = registered;
    this.standings = standings;
  }

  /// A new token, shown this once.
  public record IssuedToken(String token, Optional<Instant> expiresAt) {

    @Override
    public String toString() {
      return "IssuedToken[redacted, expiresAt=" + expiresAt + "]";
    }
  }

  /// Who a token belongs to.
  sealed interface Known {

    /// An active person.
    ///
    /// @param roles what they may do now; may be empty
    record Operator(PersonName name, Set<Role> roles) implements Known {}

    record Unknown(String why) implements Known {}
  }

  /// Writes a token for `admin` to `operator.token` in `data` (mode 0600), unless the file is
  /// there.
  ///
  /// It does not expire. To replace it, delete the file, withdraw the administrator's tokens over
  /// the API, and start again.
  ///
  /// @return the file
  public Path bootstrap(Path data, Instant now) {
    var file = data.resolve(FILE);
    if (Files.exists(file)) {
      return file;
    }
    var token = issue(Standing.BUILT_IN, Standing.BUILT_IN, Optional.empty(), now).token();
    try {
      write(file, token + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the administrator's token to " + file, e);
    }
    return file;
  }

  /// Issues a token for a person, for whom whoever issues it vouches.
  ///
  /// @param expiresAt first instant at which it is refused; never, for the first administrator only
  public IssuedToken issue(
      PersonName person, PersonName by, Optional<Instant> expiresAt, Instant now) {
    return issue(person, by, Optional.of(now), expiresAt, now);
  }

  /// The same for somebody who issues it to themselves: it tells nothing new of who they are.
  ///
  /// @param shownAt when they last showed that; empty where nobody knows
  public IssuedToken issue(
      PersonName person,
      PersonName by,
      Optional<Instant> shownAt,
      Optional<Instant> expiresAt,
      Instant now) {
    var token = fresh();
    var hash = OperatorStore.hash(token);
    var entry =
        Entry.of(EntryType.OPERATOR_ISSUED, now)
            .with("token", hash)
            .with("person", person.value())
            .with("by", by.value())
            .withMaybe("shownAt", shownAt.map(Instant::toString));
    ledger.transact(recording -> {
      store.add(recording.tx(), hash, person, by, now, shownAt, expiresAt);
      recording.append(
          expiresAt
              .map(at -> entry.with("expiresAt", at))
              .orElseGet(() -> entry.with("expiresAt", NEVER)));
      return person;
    });
    return new IssuedToken(token, expiresAt);
  }

  /// Returns when the person whose token is presented has shown who they are, for it to be issued;
  /// empty where nobody knows, as of what is no operator token.
  public Optional<Instant> shownAt(Presented presented, Instant now) {
    var bearer = presented.credential();
    return presented.isOf("Bearer") && isShapedLikeOne(bearer)
        ? database
            .transact(tx -> store.shownAt(tx, OperatorStore.hash(bearer)))
            .filter(at -> !at.isAfter(now))
        : Optional.empty();
  }

  /// Whether two names are two people.
  boolean areTwo(PersonName one, PersonName other) {
    return TwoPeople.are(one, other, registered.get());
  }

  /// Withdraws every token of a person, at every node at once.
  ///
  /// @return how many there were
  public int withdraw(PersonName person, PersonName by, Instant now) {
    return ledger.transact(recording -> {
      int count = store.delete(recording.tx(), person);
      recording.append(
          Entry.of(EntryType.TOKEN_REVOKED, now)
              .with("person", person.value())
              .with("by", by.value())
              .with("count", count));
      return count;
    });
  }

  /// A person who may act now.
  ///
  /// @param roles what they may do; may be empty
  /// @param epoch of their standing: another one after each suspension
  public record Active(PersonName name, Set<Role> roles, long epoch) {}

  /// Returns the person of that name if they may act now: declared and active, and not suspended.
  public Optional<Active> active(PersonName person) {
    return isActive(person)
        ? Optional.of(new Active(person, roles(person), standings.losses().epoch(Party.of(person))))
        : Optional.empty();
  }

  /// Whether somebody of that name may be given a token.
  boolean isActive(PersonName person) {
    return Standing.isActive(registered.get(), person) && !standings.isSuspended(Party.of(person));
  }

  static boolean isShapedLikeOne(String bearer) {
    return bearer.startsWith(PREFIX);
  }

  Known who(String bearer, Instant now) {
    var person = database.transact(tx -> store.find(tx, OperatorStore.hash(bearer), now));
    if (person.isEmpty()) {
      return new Known.Unknown("the operator token is unknown, withdrawn or expired");
    }
    if (!isActive(person.get())) {
      return new Known.Unknown("the operator token belongs to somebody who is not active");
    }
    return new Known.Operator(person.get(), roles(person.get()));
  }

  private Set<Role> roles(PersonName name) {
    return name.equals(Standing.BUILT_IN)
        ? EnumSet.allOf(Role.class)
        : registered.get().person(name).map(person -> person.roles()).orElseGet(Set::of);
  }

  private static String fresh() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Aside first and then into place, so that a file that is there is whole.
  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var aside = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(aside);
    Files.createFile(
        aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(aside, text, StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
