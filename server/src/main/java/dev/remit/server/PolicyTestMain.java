package dev.remit.server;

import dev.remit.server.decisions.PolicyTests;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.section.LoggingSection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `remit policy test` starts: reads manifests and cases as one JSON object from standard
/// input, tries them, and writes the answer of [PolicyTests#run] to standard output.
///
/// Opens no port, file or database. Exit status 0, whatever the cases say.
public final class PolicyTestMain {
  private PolicyTestMain() {}

  public static void main(String[] arguments) throws IOException {
    OutputStream out = System.out;
    System.setOut(System.err); // The answer stands alone, whatever a library has to say.
    Logs.setUp(new LoggingSection(LoggingSection.Format.TEXT, LoggingSection.Level.WARN));
    var asked = JsonMapper.shared().readTree(System.in.readAllBytes());
    var answer = PolicyTests.run(files(asked.path("manifests")), files(asked.path("tests")));
    out.write(answer.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static List<ManifestFile> files(JsonNode array) {
    var files = new ArrayList<ManifestFile>();
    array.forEach(file ->
        files.add(
            new ManifestFile(file.path("name").asString(""), file.path("text").asString(""))));
    return files;
  }
}
