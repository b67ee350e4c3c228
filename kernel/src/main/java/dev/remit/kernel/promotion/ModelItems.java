package dev.remit.kernel.promotion;

import dev.remit.kernel.promotion.DeclaredWorld.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the gate asks of the models behind a workflow: whether enough of them can be seen, and
/// whether their changes are under control.
final class ModelItems {
  /// What a vendor's endpoint may let us see of each, three words of one beginning.
  private static final List<String> ASPECTS = List.of("model", "tool", "secret");

  private static final int WORDS_EACH = 3;
  private static final Set<String> UNDER_CONTROL = Set.of("canary", "active", "retired");

  private final String workflow;
  private final DeclaredWorld world;
  private final Deeds deeds;
  private final GateRules rules;

  ModelItems(String workflow, DeclaredWorld world, Deeds deeds, GateRules rules) {
    this.workflow = workflow;
    this.world = world;
    this.deeds = deeds;
    this.rules = rules;
  }

  /// Nothing is claimed of production where the model, its tools or its secrets cannot be seen.
  GateItem telemetry() {
    var poor = new ArrayList<String>();
    var says = new ArrayList<String>();
    var places = new ArrayList<String>();
    for (var model : models()) {
      for (var aspect : ASPECTS) {
        int percent = percent(model, aspect);
        var line = "%s of `%s`: %d %%".formatted(aspect, model.name(), percent);
        says.add(line);
        if (percent < rules.telemetryMin()) {
          poor.add(line);
          places.add(model.place());
        }
      }
    }
    if (poor.isEmpty()) {
      return GateItem.met(
          "telemetry",
          says.isEmpty() ? "no model decides its identities" : String.join(", ", says),
          List.of());
    }
    return GateItem.unmet(
        "telemetry",
        "too little can be seen for a claim about production: " + String.join(", ", poor),
        places,
        "`remit apply` the model with `telemetry`, as far as its provider lets us see it; or reach it"
            + " through Remit");
  }

  /// What goes through Remit is seen whatever the provider says; of the rest his word counts.
  private int percent(Row model, String aspect) {
    boolean seen =
        switch (aspect) {
          case "model" -> deeds.asks();
          case "tool" -> !deeds.decisions().isEmpty();
          case "secret" -> deeds.standing().isEmpty();
          default -> false;
        };
    long words =
        model.texts("telemetry").stream().filter(word -> word.startsWith(aspect + "-")).count();
    return seen ? 100 : (int) (words * 100 / WORDS_EACH);
  }

  private List<Row> models() {
    return world.identities(workflow).stream()
        .map(identity -> identity.text("model"))
        .distinct()
        .map(name -> world.find("model", name))
        .flatMap(Optional::stream)
        .toList();
  }

  /// Going back and approving anew are as fast as their targets, and nothing waits.
  GateItem changeControl() {
    var open =
        deeds.changes().entrySet().stream()
            .filter(one -> !UNDER_CONTROL.contains(one.getValue().state()))
            .toList();
    if (!open.isEmpty()) {
      var first = open.getFirst();
      return GateItem.unmet(
          "change-control",
          "%d changes of what decides it are not settled; %s is %s"
              .formatted(open.size(), first.getKey(), first.getValue().state()),
          open.stream().map(one -> one.getValue().place()).toList(),
          "`remit changes show " + first.getKey() + "`, and approve it or take it back");
    }
    for (var last : List.of(deeds.reversal(), deeds.approval())) {
      if (last.filter(proof -> !proof.met()).isPresent()) {
        var proof = last.get();
        return GateItem.unmet(
            "change-control",
            "the last %s, at %s, took longer than its target".formatted(proof.says(), proof.at()),
            List.of(proof.place()),
            "`remit changes` shows what it waited for; the next one within the target counts");
      }
    }
    return GateItem.met(
        "change-control",
        deeds.changes().isEmpty()
            ? "nothing that decides it has changed"
            : "each of the %d changes of what decides it is settled, in time"
                .formatted(deeds.changes().size()),
        deeds.changes().values().stream().map(Deeds.Stand::place).toList().reversed());
  }
}
