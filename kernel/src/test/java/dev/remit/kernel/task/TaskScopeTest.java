package dev.remit.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.task.TaskScope.Tools;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TaskScopeTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<ToolName> TOOLS =
      List.of(
          ToolName.parse("files/read"),
          ToolName.parse("files/write"),
          ToolName.parse("mail/send"),
          ToolName.parse("crm/find"));

  /// The one property delegation rests on. The seed is in the message.
  @Test
  @Tag("R60")
  void narrowing_never_adds_authority() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      var parent = anyScope(random);
      var asked = anyScope(random);

      var child = parent.narrowedBy(asked);

      assertThat(child.isWithin(parent)).as("wider than its parent; seed %d", seed).isTrue();
      assertThat(child.isWithin(asked)).as("wider than what was asked; seed %d", seed).isTrue();
      assertThat(asked.narrowedBy(parent)).as("order mattered; seed %d", seed).isEqualTo(child);
      assertThat(child.narrowedBy(asked)).as("repeating mattered; seed %d", seed).isEqualTo(child);
    }
  }

  @Test
  void a_scope_that_names_no_tool_allows_none() {
    var nothing = new Tools.Named(Set.of());

    assertThat(TOOLS).noneMatch(nothing::allows);
    assertThat(nothing.reaches(TOOLS.getFirst().resource())).isFalse();
  }

  @Test
  void a_scope_reaches_the_resources_of_its_tools_and_no_others() {
    var files = new Tools.Named(Set.of(ToolName.parse("files/read")));

    assertThat(files.reaches(TOOLS.getFirst().resource())).isTrue();
    assertThat(files.reaches(TOOLS.getLast().resource())).isFalse();
  }

  @Test
  void a_negative_number_of_calls_is_a_bug() {
    assertThatThrownBy(() -> new TaskScope(new Tools.AllGranted(), NOON, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TaskScope anyScope(Random random) {
    var tools =
        random.nextInt(4) == 0
            ? new Tools.AllGranted()
            : new Tools.Named(
                TOOLS.stream().filter(_ -> random.nextBoolean()).collect(Collectors.toSet()));
    return new TaskScope(tools, NOON.plusSeconds(random.nextInt(100)), random.nextInt(50));
  }
}
