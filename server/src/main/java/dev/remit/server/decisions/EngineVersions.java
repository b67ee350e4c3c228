package dev.remit.server.decisions;

import com.cedarpolicy.BasicAuthorizationEngine;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.policy.PolicySet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Which code two engines are: that they agree on a policy set holds for exactly these.
///
/// @param compiled digest of the classes of our evaluator and of what asks it; a change of any of
///   them is another version, released or not
/// @param reference file name of the library that cedar-java is in, which has its version
record EngineVersions(String compiled, String reference) {

  /// Those that are running.
  ///
  /// @throws UncheckedIOException if the classes cannot be read
  static EngineVersions running() {
    var bytes = new ByteArrayOutputStream();
    for (var type : List.<Class<?>>of(PolicySet.class, EngineVersions.class)) {
      addPackage(type, bytes);
    }
    var library = Path.of(source(BasicAuthorizationEngine.class)).getFileName();
    return new EngineVersions(Digest.of(bytes.toByteArray()).value(), String.valueOf(library));
  }

  private static void addPackage(Class<?> type, ByteArrayOutputStream into) {
    var folder = type.getPackageName().replace('.', '/');
    var source = Path.of(source(type));
    try {
      if (Files.isDirectory(source)) {
        addClasses(source.resolve(folder), into);
      } else {
        try (var jar = FileSystems.newFileSystem(source)) {
          addClasses(jar.getPath(folder), into);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("read the classes in " + source, e);
    }
  }

  private static void addClasses(Path folder, ByteArrayOutputStream into) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        into.write(Files.readAllBytes(file));
      }
    }
  }

  private static URI source(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of " + type + " is no URI", e);
    }
  }
}
