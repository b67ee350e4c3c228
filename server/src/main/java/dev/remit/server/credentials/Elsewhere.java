package dev.remit.server.credentials;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches the values that are not kept here, each time they are needed. Where their place cannot
/// be reached, the last value serves for [OutsideConfig#staleFor] and no longer.
public final class Elsewhere implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);
  private static final int FILE_BYTES_MAX = 64 * 1024;
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final InstantSource clock;
  private final OutsideConfig limits;
  private final Map<String, String> environment;
  private final Optional<Path> below;
  private final Optional<Vault> vault;
  private final ConcurrentHashMap<Kept, Last> last = new ConcurrentHashMap<>();

  private record Last(SecretValue value, Instant at) {}

  /// @param below the directory in which files may be; none may without
  /// @param vault the one that references mean
  public Elsewhere(
      InstantSource clock,
      OutsideConfig limits,
      Map<String, String> environment,
      Optional<Path> below,
      Optional<Vault> vault) {
    this.clock = clock;
    this.limits = limits;
    this.environment = Map.copyOf(environment);
    this.below = below;
    this.vault = vault;
  }

  /// Knows no other place.
  public static Elsewhere nowhere() {
    return new Elsewhere(
        InstantSource.system(),
        OutsideConfig.DEFAULT,
        Map.of(),
        Optional.empty(),
        Optional.empty());
  }

  /// @throws SecretUnavailable when it cannot be had, and why
  SecretValue value(SecretName name, Kept kept) {
    return switch (kept) {
      case Kept.Here(var value) -> value;
      case Kept.Environment(var variable) -> variable(name, variable);
      case Kept.File(var path) -> file(name, path);
      case Kept.VaultKv at -> lasting(name, at, () -> vault(name).kv(at));
      case Kept.VaultDynamic at -> vault(name).dynamic(at);
    };
  }

  private SecretValue variable(SecretName name, String variable) {
    var value = environment.getOrDefault(variable, "");
    if (value.isEmpty()) {
      throw new SecretUnavailable(
          "the secret `"
              + name
              + "` is in the variable `"
              + variable
              + "`, which the server was started without");
    }
    return valued(name, value);
  }

  private SecretValue file(SecretName name, Path path) {
    try {
      var real = path.toRealPath();
      if (below.isEmpty() || !real.startsWith(below.get().toRealPath())) {
        throw new SecretUnavailable(
            "the file of the secret `" + name + "` is not below `secrets.filesBelow`");
      }
      var open = Files.getPosixFilePermissions(real);
      if (TOO_OPEN.stream().anyMatch(open::contains)) {
        throw new SecretUnavailable(
            "the file of the secret `"
                + name
                + "` may be read or written by others; `chmod 600` mends that");
      }
      if (Files.size(real) > FILE_BYTES_MAX) {
        throw new SecretUnavailable("the file of the secret `" + name + "` is too long");
      }
      return valued(name, Files.readString(real).replaceFirst("\\r?\\n\\z", ""));
    } catch (NoSuchFileException e) {
      throw new SecretUnavailable("the file of the secret `" + name + "` is not there");
    } catch (CharacterCodingException e) {
      throw new SecretUnavailable("the file of the secret `" + name + "` is not UTF-8");
    } catch (IOException e) {
      throw new SecretUnavailable("the file of the secret `" + name + "` cannot be read");
    }
  }

  private Vault vault(SecretName name) {
    return vault.orElseThrow(() ->
        new SecretUnavailable(
            "the secret `" + name + "` is in a vault, and `secrets.vault.url` says none"));
  }

  private interface Fetch {
    SecretValue value();
  }

  private SecretValue lasting(SecretName name, Kept kept, Fetch fetch) {
    try {
      var value = fetch.value();
      last.put(kept, new Last(value, clock.instant()));
      return value;
    } catch (Vault.Refused e) {
      // It answers, and says no: what it said before is no longer so.
      last.remove(kept);
      throw new SecretUnavailable(String.valueOf(e.getMessage()));
    } catch (SecretUnavailable e) {
      var known = last.get(kept);
      if (known == null || known.at().plus(limits.staleFor()).isBefore(clock.instant())) {
        throw e;
      }
      LOG.warn("secret {} is the one of {}: {}", name, known.at(), e.getMessage());
      return known.value();
    }
  }

  private static SecretValue valued(SecretName name, String text) {
    try {
      return new SecretValue(text);
    } catch (IllegalArgumentException e) {
      throw new SecretUnavailable("the secret `" + name + "` is empty or too long where it is");
    }
  }

  /// Gives back what was leased.
  @Override
  public void close() {
    vault.ifPresent(Vault::close);
    last.clear();
  }
}
