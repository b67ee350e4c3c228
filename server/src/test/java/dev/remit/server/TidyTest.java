package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The taste of the house that a machine can check: which way the arrows point, that every package
/// is null-marked and says what it is, and which names say nothing.
class TidyTest {
  private static final String ROOT = "dev.remit.server.";

  /// What each feature may use. Upwards only; `ARCHITECTURE.md` draws it.
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("store", Set.of()),
          Map.entry("settings", Set.of()),
          Map.entry("crypto", Set.of()),
          Map.entry("http", Set.of()),
          Map.entry("page", Set.of("http")),
          Map.entry(
              "signin",
              Set.of("page", "findings", "tokens", "registry", "ledger", "store", "http")),
          Map.entry(
              "console",
              Set.of(
                  "signin",
                  "page",
                  "promotion",
                  "exceptions",
                  "changes",
                  "evaluations",
                  "evidence",
                  "lending",
                  "drills",
                  "approvals",
                  "assumptions",
                  "risk",
                  "emergency",
                  "enforcement",
                  "tokens",
                  "decisions",
                  "findings",
                  "registry",
                  "ledger",
                  "store",
                  "http")),
          Map.entry("ledger", Set.of("store", "crypto", "http")),
          Map.entry("registry", Set.of("ledger", "store", "http")),
          Map.entry("credentials", Set.of("registry", "ledger", "store", "crypto", "http")),
          Map.entry("tokens", Set.of("risk", "registry", "ledger", "store", "crypto", "http")),
          Map.entry(
              "certificates",
              Set.of("tokens", "findings", "registry", "ledger", "store", "crypto", "http")),
          Map.entry("evidence", Set.of("tokens", "registry", "ledger", "http")),
          Map.entry("erasure", Set.of("tokens", "registry", "ledger", "store", "http")),
          Map.entry("risk", Set.of("registry", "http")),
          Map.entry(
              "evaluations",
              Set.of("credentials", "findings", "registry", "ledger", "store", "http")),
          Map.entry(
              "changes",
              Set.of("evaluations", "risk", "findings", "registry", "ledger", "store", "http")),
          Map.entry("exceptions", Set.of("findings", "registry", "ledger", "store", "http")),
          Map.entry(
              "promotion",
              Set.of(
                  "changes",
                  "exceptions",
                  "evidence",
                  "findings",
                  "registry",
                  "ledger",
                  "store",
                  "http")),
          Map.entry("decisions", Set.of("risk", "registry", "ledger", "store", "http")),
          Map.entry("findings", Set.of("ledger", "store", "http")),
          Map.entry("signals", Set.of("tokens", "registry", "ledger", "store", "http")),
          Map.entry(
              "detection", Set.of("gateway", "tokens", "findings", "registry", "ledger", "store")),
          Map.entry(
              "inspection",
              Set.of("credentials", "findings", "registry", "ledger", "store", "crypto", "http")),
          Map.entry("witness", Set.of("findings", "ledger")),
          Map.entry("rootlog", Set.of("findings", "ledger", "witness")),
          Map.entry("export", Set.of("findings", "ledger", "store", "http")),
          Map.entry(
              "notifications", Set.of("export", "findings", "registry", "ledger", "store", "http")),
          Map.entry("enforcement", Set.of("decisions", "registry", "ledger", "store", "http")),
          Map.entry(
              "emergency", Set.of("findings", "decisions", "registry", "ledger", "store", "http")),
          Map.entry("assumptions", Set.of("registry")),
          Map.entry(
              "approvals",
              Set.of(
                  "assumptions",
                  "findings",
                  "tokens",
                  "credentials",
                  "decisions",
                  "registry",
                  "ledger",
                  "store",
                  "http")),
          Map.entry(
              "lending",
              Set.of(
                  "gateway",
                  "certificates",
                  "tokens",
                  "credentials",
                  "findings",
                  "registry",
                  "ledger",
                  "store",
                  "http")),
          Map.entry("measures", Set.of("evidence", "registry", "http")),
          Map.entry(
              "models",
              Set.of(
                  "gateway",
                  "approvals",
                  "assumptions",
                  "tokens",
                  "credentials",
                  "decisions",
                  "registry",
                  "ledger",
                  "store",
                  "http")),
          // Takes from features what is one of a few words only.
          Map.entry("section", Set.of("settings", "decisions", "notifications", "ledger")),
          Map.entry(
              "drills",
              Set.of("tokens", "credentials", "findings", "registry", "ledger", "store", "http")),
          Map.entry(
              "authzen",
              Set.of("tokens", "decisions", "registry", "ledger", "store", "crypto", "http")),
          Map.entry(
              "gateway",
              Set.of(
                  "inspection",
                  "approvals",
                  "assumptions",
                  "emergency",
                  "enforcement",
                  "tokens",
                  "credentials",
                  "decisions",
                  "registry",
                  "ledger",
                  "store",
                  "http")));

  private static final Pattern SAYS_NOTHING =
      Pattern.compile(
          ".*/(util|utils|common|helper|helpers|impl|manager|dto)/.*"
              + "|.*(Impl|Utils?|Helper|Manager|Dto)\\.java");

  @Test
  void arrows_between_features_point_one_way() {
    var wrong = new TreeSet<String>();
    for (var type : classes()) {
      var from = feature(type.getPackageName());
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        var to = feature(dependency.getTargetClass().getPackageName());
        if (!from.isEmpty() && !to.isEmpty() && !from.equals(to) && !mayUse(from).contains(to)) {
          wrong.add(from + " → " + to + ": " + type.getSimpleName());
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void every_package_is_null_marked_and_says_what_it_is() throws IOException {
    for (var sources : modules()) {
      for (var directory : directoriesWithJava(sources)) {
        var info = directory.resolve("package-info.java");

        assertThat(info).exists();
        assertThat(Files.readString(info)).contains("@NullMarked").startsWith("///");
      }
    }
  }

  @Test
  void no_name_says_nothing() throws IOException {
    for (var sources : modules()) {
      try (var files = Files.walk(sources)) {
        assertThat(files.map(Path::toString).filter(f -> SAYS_NOTHING.matcher(f).matches()))
            .isEmpty();
      }
    }
  }

  /// Prints, never fails: where a story may want another step with a name.
  @Test
  void the_longest_files_are_shown() throws IOException {
    for (var sources : modules()) {
      try (var files = Files.walk(sources)) {
        files
            .filter(f -> f.toString().endsWith(".java"))
            .sorted(Comparator.comparingLong(TidyTest::lines).reversed())
            .limit(3)
            .forEach(f -> System.out.println(lines(f) + " lines: " + sources.relativize(f)));
      }
    }
  }

  private static JavaClasses classes() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("dev.remit.server");
  }

  private static String feature(String packageName) {
    if (!packageName.startsWith(ROOT)) {
      return "";
    }
    var rest = packageName.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static Set<String> mayUse(String feature) {
    var allowed = MAY_USE.get(feature);
    if (allowed == null) {
      throw new IllegalStateException(
          "the package `" + feature + "` is new: say in TidyTest and ARCHITECTURE.md what it uses");
    }
    return allowed;
  }

  private static List<Path> modules() {
    return List.of(
        Path.of("../kernel/src/main/java"),
        Path.of("../server/src/main/java"),
        Path.of("../cli/src/main/java"),
        Path.of("../conformance/src/main/java"));
  }

  private static List<Path> directoriesWithJava(Path sources) throws IOException {
    try (var files = Files.walk(sources)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .sorted()
          .toList();
    }
  }

  private static long lines(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException("counting the lines of " + file, e);
    }
  }
}
