package dev.remit.conformance.authzen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `docs/guides/authzen.md`, as they stand there.
@Tag("R99")
class GuideTest {
  private static final Path CURL = Path.of("/usr/bin/curl");

  @TempDir Path folder;

  @Test
  void the_commands_of_the_guide_give_the_answers_that_it_tells() throws Exception {
    assumeTrue(Files.isExecutable(CURL), "curl is not installed");
    folder.toFile().setExecutable(true, false);
    try (var remit = RemitProcess.start(folder.resolve("data"))) {
      remit.admin().apply(Records.text(Records.edge()));

      var answers = new ArrayList<String>();
      for (var command : commands()) {
        answers.add(run(command, remit));
      }

      assertThat(answers).hasSize(3);
      assertThat(answers.get(0)).contains("\"decision\":false").contains("records#");
      assertThat(answers.get(1)).contains("\"decision\":true").contains("\"decision\":false");
      assertThat(answers.get(2)).contains("\"id\":\"alice\"").doesNotContain("\"next_token\":\"\"");
    }
  }

  private static List<String> commands() throws IOException {
    var guide = Files.readString(Home.directory().resolve("docs/guides/authzen.md"));
    return Pattern.compile("^curl (?:.+\n)+?.*}'$", Pattern.MULTILINE)
        .matcher(guide)
        .results()
        .map(found -> found.group())
        .toList();
  }

  private static String run(String command, RemitProcess remit) throws Exception {
    var process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    process.environment().put("REMIT_ADDR", remit.address().toString());
    process.environment().put("REMIT_TOKEN", remit.admin().token());
    var started = process.start();
    var answer = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).as(answer).isZero();
    return answer;
  }
}
