package dev.remit.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The version that `remit --version` prints: the one in the jar's manifest.
final class Version implements IVersionProvider {

  static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("built from source");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"remit " + text()};
  }
}
