package dev.remit.server.export;

import static dev.remit.server.export.ExportWorld.config;
import static dev.remit.server.export.ExportWorld.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.export.Receiver.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// OCSF events over HTTP and in a file.
@Tag("R200")
class OcsfExportTest {
  @TempDir private Path directory;
  private final ExportWorld world = new ExportWorld();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    world.close();
    receiver.close();
  }

  @Test
  void events_arrive_many_at_once_in_the_order_of_the_ledger() {
    for (int i = 0; i < 10; i++) {
      world.call("payments");
    }

    world.begin(config("siem", new Target.OcsfLines(receiver.url(), Optional.empty())));

    world.settle();
    assertThat(receiver.taken().size()).isLessThan(world.all().size());
    var lines = receiver.taken().stream().flatMap(got -> got.text().lines()).toList();
    assertThat(indexes(lines)).isEqualTo(world.all().stream().map(one -> one.index()).toList());
    assertThat(receiver.taken())
        .allMatch(got -> "application/x-ndjson".equals(got.headers().getFirst("Content-Type")));
  }

  @Test
  void one_event_at_fault_in_a_batch_is_set_aside_alone() {
    world.call("payments");
    world.decided("dec_poison", "payments");
    world.call("payments");
    receiver.behaves(body ->
        body.contains("dec_poison") ? new Behaviour.Answer(413) : new Behaviour.Answer(204));

    world.begin(config("siem", new Target.OcsfLines(receiver.url(), Optional.empty())));

    world.settle();
    until(() -> world.standing().asides().size() == 1);
    var lines = receiver.taken().stream().flatMap(got -> got.text().lines()).toList();
    assertThat(indexes(lines)).doesNotContain(world.standing().asides().getFirst().index());
    assertThat(lines).noneMatch(line -> line.contains("dec_poison"));
  }

  @Test
  void a_line_that_a_crash_has_cut_off_is_written_whole_after_the_next_start() throws IOException {
    var file = directory.resolve("events.ndjson");
    world.call("payments");
    world.begin(config("file", new Target.OcsfFile(file)));
    world.settle();
    world.end();
    Files.writeString(file, "{\"half\":", StandardOpenOption.APPEND);

    world.call("travel");
    world.begin(config("file", new Target.OcsfFile(file)));

    world.settle();
    assertThat(indexes(Files.readAllLines(file)))
        .isEqualTo(world.all().stream().map(one -> one.index()).toList());
    assertThat(Files.getPosixFilePermissions(file)).hasSize(3);
  }

  @Test
  void a_file_may_be_renamed_at_any_time() throws IOException {
    var file = directory.resolve("events.ndjson");
    world.begin(config("file", new Target.OcsfFile(file)));
    world.settle();
    Files.move(file, directory.resolve("events.1"));

    var receipt = world.decided("dec_after", "payments");

    world.settle();
    assertThat(indexes(Files.readAllLines(file))).containsExactly(receipt.index());
  }

  private static List<Long> indexes(List<String> lines) {
    return lines.stream()
        .map(line -> JsonMapper.shared().readTree(line).at("/metadata/sequence").longValue())
        .toList();
  }
}
