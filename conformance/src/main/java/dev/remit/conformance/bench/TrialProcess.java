package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.PrivateDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The server's `LedgerTrial` as a process, with the Java options of `remit serve`.
record TrialProcess(Process process, Writer in, BufferedReader out) implements AutoCloseable {
  private static final String MAIN = "dev.remit.server.ledger.LedgerTrial";

  static TrialProcess start(PrivateDatabase database, Path folder) throws IOException {
    var options = Home.directory().resolve("build").resolve("serve.options");
    var command = new ArrayList<>(List.of(Home.java(), "@" + options));
    command.addAll(List.of("-cp", Home.classPath("server"), MAIN));
    command.addAll(List.of(database.url("remit"), "remit", folder.toString()));
    var process =
        new ProcessBuilder(command).redirectError(folder.resolve("trial.log").toFile()).start();
    var trial =
        new TrialProcess(
            process,
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8),
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    trial.send(database.password());
    return trial;
  }

  Measured run(int callers, int millis, int bodyBytes) {
    try {
      send(callers + " " + millis + " " + bodyBytes);
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("{\"n\"")) { // what libraries say comes before
          return measured(line);
        }
      }
      throw new IllegalStateException(
          "the ledger's trial ended; see trial.log beside its database");
    } catch (IOException e) {
      throw new UncheckedIOException("talk to the ledger's trial", e);
    }
  }

  private static Measured measured(String line) {
    var json = JsonMapper.shared().readTree(line);
    long n = json.get("n").longValue();
    return new Measured(
        n,
        json.get("p50Us").doubleValue(),
        json.get("p99Us").doubleValue(),
        n / json.get("seconds").doubleValue(),
        json.get("cpuUs").doubleValue());
  }

  private void send(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  @Override
  public void close() {
    try {
      in.close();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("end the ledger's trial", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
    }
  }
}
