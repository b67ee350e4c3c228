package dev.remit.cli.policy;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import dev.remit.cli.registry.YamlFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tries cases on the policies of manifests, without a server.
@Command(
    name = "test",
    header = "Try cases on policies, without a server.",
    description = {
      "Reads manifests and, beside them, cases (files that end in .test.yaml), and decides each",
      "case by the evaluator of the server. Nothing is applied, and no server is asked. Says which",
      "policies and conditions no case exercises.",
      "",
      "Exit codes: 0 every case passed, 1 error, 2 a case failed or too little is covered."
    },
    footer = {"", "Example:", "  remit policy test remit/ --min-coverage 90"})
final class PolicyTestCommand extends ServerCommand {
  private static final int PASSED = 0;
  private static final int ERROR = 1;
  private static final int FAILED = 2;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description =
          "Manifests and cases: files, or directories (every .yaml, .yml and .json below them). The"
              + " directory remit if there is one, else this one, if not given.")
  private List<String> paths = List.of();

  @Option(
      names = "--min-coverage",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Fail below this coverage of policies and conditions.")
  private int coverageMin;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Also write the results as JUnit XML.")
  private String junit = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  PolicyTestCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (coverageMin < 0 || coverageMin > 100) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--min-coverage is a number from 0 to 100");
    }
    var answer = ServerCode.run(terminal, "dev.remit.server.PolicyTestMain", body());
    YamlFiles.printProblems(terminal.err(), answer.path("problems"));
    if (!answer.has("cases")) {
      return ERROR;
    }
    int percent = answer.path("coverage").path("percent").asInt(0);
    answer.put("coverageMin", coverageMin);
    tell(answer, out -> new PolicyTestView(out).print(answer, coverageMin));
    if (!junit.isEmpty()) {
      write(answer);
    }
    return answer.path("failed").asInt(0) > 0 || percent < coverageMin ? FAILED : PASSED;
  }

  private ObjectNode body() {
    var body = JsonMapper.shared().createObjectNode();
    var manifests = body.putArray("manifests");
    var tests = body.putArray("tests");
    for (var path : asked()) {
      for (var file : YamlFiles.found(terminal, path)) {
        var into = file.isTest() ? tests : manifests;
        into.addObject().put("name", file.name()).put("text", file.text());
      }
    }
    if (tests.isEmpty()) {
      throw new CommandFailed(
          "no cases in " + String.join(", ", asked()),
          "write some beside the policies, in a file that ends in .test.yaml; docs/guides/policy.md"
              + " shows how");
    }
    return body;
  }

  private List<String> asked() {
    if (!paths.isEmpty()) {
      return paths;
    }
    return List.of(Files.isDirectory(terminal.resolve("remit")) ? "remit" : ".");
  }

  private void write(JsonNode answer) {
    try {
      Files.writeString(terminal.resolve(junit), JUnitXml.text(answer));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + junit, e);
    }
  }
}
