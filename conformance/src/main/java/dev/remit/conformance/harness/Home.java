package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The checkout that this code was built in, found from where it was started.
public final class Home {
  private static final int ARGUMENT_CHARS_MAX = 4_096;

  private Home() {}

  /// Returns the folder that holds the modules.
  ///
  /// @throws IllegalStateException if it is not at or above the current folder
  public static Path directory() {
    var named = System.getProperty("remit.home", "");
    var start = Path.of(named.isEmpty() ? "" : named).toAbsolutePath();
    for (var folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("kernel"))
          && Files.isDirectory(folder.resolve("server"))) {
        return folder;
      }
    }
    throw new IllegalStateException("`" + start + "` is not inside a checkout of Remit");
  }

  /// Returns the class path of a built module: its jar and its libraries.
  ///
  /// @throws IllegalStateException if the module has not been built, saying how
  public static String classPath(String module) {
    var target = directory().resolve(module).resolve("target");
    try (var jars = Files.newDirectoryStream(target, "remit-" + module + "-*.jar")) {
      for (var jar : jars) {
        return jar + ":" + target.resolve("lib") + "/*";
      }
    } catch (IOException e) {
      throw notBuilt(module, e);
    }
    throw notBuilt(module, null);
  }

  /// Returns the options under which a child runs the classes of this process. While the module's
  /// tests run in a first build there is no jar yet, and a class path of many libraries is longer
  /// than an argument in a manifest may be; it is then said by a file.
  public static List<String> ownClasses() {
    var path = System.getProperty("java.class.path");
    if (path.length() <= ARGUMENT_CHARS_MAX) {
      return List.of("-cp", path);
    }
    var file = directory().resolve("conformance").resolve("target").resolve("own-classes.args");
    try {
      Files.writeString(file, "-cp \"" + path.replace("\\", "\\\\") + "\"\n");
    } catch (IOException e) {
      throw new UncheckedIOException("write the class path of this process", e);
    }
    return List.of("@" + file);
  }

  /// Returns the Java that runs this process.
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static IllegalStateException notBuilt(
      String module, java.io.@org.jspecify.annotations.Nullable IOException cause) {
    return new IllegalStateException(
        "the module `" + module + "` is not built; run `mvn -q -DskipTests package`", cause);
  }
}
