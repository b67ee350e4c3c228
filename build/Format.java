import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;

/// Formats Java sources with google-java-format, or checks that they are formatted.
///
/// Runs on the toolchain's JDK 25, outside Maven's own JVM: inside it, on Java 17, the formatter
/// borrows that JVM's parser and cannot read record patterns.
///
/// Usage: `java -cp google-java-format.jar:guava.jar build/Format.java check|write DIRECTORY…`
final class Format {

  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    int unformatted = 0;
    for (int i = 1; i < args.length; i++) {
      if (!Files.isDirectory(Path.of(args[i]))) {
        continue;
      }
      try (var files = Files.walk(Path.of(args[i]))) {
        for (var file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          unformatted += format(file, write) ? 0 : 1;
        }
      }
    }
    if (unformatted > 0 && !write) {
      System.err.println(unformatted + " files are not formatted; mend them with: mvn -q -N -Pformat");
      System.exit(1);
    }
  }

  private static boolean format(Path file, boolean write) throws Exception {
    var source = Files.readString(file);
    var formatter = new Formatter();
    var formatted =
        formatter.formatSource(
            ImportOrderer.reorderImports(
                RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE));
    if (formatted.equals(source)) {
      return true;
    }
    if (write) {
      Files.writeString(file, formatted);
    }
    System.err.println((write ? "formatted " : "not formatted: ") + file);
    return false;
  }
}
