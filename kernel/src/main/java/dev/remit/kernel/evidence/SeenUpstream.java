package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the servers behind the gateway say that they saw, to be held against the decisions of a
/// bundle: each call that was sent on carried its decision's id in the header `Remit-Decision`.
///
/// @param lists whose logs named which decisions
/// @param counts how many calls of a tool (`resource/tool`) were seen
public record SeenUpstream(List<Listed> lists, Map<String, Long> counts) {
  private static final Pattern ID = Pattern.compile("dec_[0-9a-hjkmnp-tv-z]{26}");

  /// Outcomes of a call that certainly reached its server: it answered.
  private static final Set<String> REACHED = Set.of("answered", "failed");

  private static final String NOT_SENT = "replayed";

  public SeenUpstream {
    lists = List.copyOf(lists);
    counts = Map.copyOf(counts);
  }

  /// The ids in one log.
  ///
  /// @param resource whose log it is; empty if of every server
  public record Listed(Optional<String> resource, Set<String> ids) {
    public Listed {
      ids = Set.copyOf(ids);
    }

    /// Reads whatever text holds ids: one a line, lines of JSON, lines of a log.
    public static Listed in(Optional<String> resource, String text) {
      return new Listed(
          resource,
          ID.matcher(text).results().map(found -> found.group()).collect(Collectors.toSet()));
    }
  }

  /// What does not agree.
  ///
  /// @param what a decision's id, or a tool's name
  /// @param cause why, as far as it can be told
  public record Gap(String what, String cause) {}

  /// What comparing has shown.
  ///
  /// @param sent how many calls were sent on to the servers whose logs were given
  /// @param seen how many of these they saw
  public record Report(long sent, long seen, List<Gap> gaps) {
    public Report {
      gaps = List.copyOf(gaps);
    }

    public boolean holds() {
      return gaps.isEmpty();
    }
  }

  private record Decided(RecordedEntry entry, Optional<String> outcome) {
    boolean isSent() {
      return entry.isSentOn() && !outcome.equals(Optional.of(NOT_SENT));
    }

    String unseen() {
      return outcome
          .map(how ->
              REACHED.contains(how)
                  ? "its outcome is `" + how + "`, and its server has not seen it"
                  : "its outcome is `" + how + "`: it may never have arrived")
          .orElse("no outcome is recorded: it may never have been sent");
    }

    String seenAllTheSame() {
      var decision = entry.text("decision").orElse("");
      return entry.isSentOn()
          ? "it was answered from what was kept, and arrived all the same"
          : "it was decided `" + decision + "`, and arrived all the same";
    }
  }

  /// Compares with a bundle that was verified before.
  public Report compare(BundleParts bundle) {
    var decided = decided(bundle);
    var gaps = new ArrayList<Gap>();
    long sent = 0;
    long seen = 0;
    for (var list : lists) {
      for (var one : decided.entrySet()) {
        if (one.getValue().isSent() && isOf(list, one.getValue().entry())) {
          sent++;
          if (list.ids().contains(one.getKey())) {
            seen++;
          } else {
            gaps.add(new Gap(one.getKey(), one.getValue().unseen()));
          }
        }
      }
      undecided(list, decided, gaps);
    }
    counted(decided, gaps);
    return new Report(sent, seen, gaps);
  }

  private static Map<String, Decided> decided(BundleParts bundle) {
    var decided = new LinkedHashMap<String, Decided>();
    for (var entry : TracedEntries.of(bundle).entries()) {
      if (entry.type() == EntryType.CALL_DECIDED) {
        entry.id().ifPresent(id -> decided.put(id, new Decided(entry, Optional.empty())));
      } else if (entry.type() == EntryType.CALL_ENDED) {
        entry
            .of()
            .ifPresent(of ->
                decided.computeIfPresent(
                    of, (_, before) -> new Decided(before.entry(), entry.text("outcome"))));
      }
    }
    return decided;
  }

  private static boolean isOf(Listed list, RecordedEntry decision) {
    return list.resource().isEmpty() || decision.text("resource").equals(list.resource());
  }

  private static void undecided(Listed list, Map<String, Decided> decided, List<Gap> gaps) {
    for (var id : new TreeSet<>(list.ids())) {
      var known = Optional.ofNullable(decided.get(id));
      if (known.isEmpty()) {
        gaps.add(
            new Gap(
                id,
                "it was seen, and no decision in the bundle has this id: it is of another scope or"
                    + " period, or not ours"));
      } else if (!known.get().isSent()) {
        gaps.add(new Gap(id, known.get().seenAllTheSame()));
      }
    }
  }

  private void counted(Map<String, Decided> decided, List<Gap> gaps) {
    counts.keySet().stream()
        .sorted()
        .forEach(tool -> {
          long counted = counts.getOrDefault(tool, 0L);
          long sent =
              decided.values().stream()
                  .filter(Decided::isSent)
                  .filter(one -> one.entry().text("target").equals(Optional.of(tool)))
                  .count();
          if (sent != counted) {
            gaps.add(
                new Gap(
                    tool, "%,d calls were sent on, and %,d were seen".formatted(sent, counted)));
          }
        });
  }
}
