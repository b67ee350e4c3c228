package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.evaluations.Trial.Side;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How people label answers without knowing whose they are.
///
/// Which of two answers is shown first is drawn from the secret of the evaluation, which is told
/// only once nothing is left to label. Several people may label one case; where they differ it is
/// unscored, which counts against the candidate.
public final class Labelling {
  private final Database database;
  private final Ledger ledger;
  private final Evaluations evaluations;
  private final Suites suites;
  private final EvaluationStore store = new EvaluationStore();

  public Labelling(Database database, Ledger ledger, Evaluations evaluations, Suites suites) {
    this.database = database;
    this.ledger = ledger;
    this.evaluations = evaluations;
    this.suites = suites;
  }

  /// One case to look at.
  ///
  /// @param pair `SUITE/CASE`
  /// @param question what was asked, if its suite is still there
  /// @param first the answers of one version, one for each repeat
  /// @param second of the other; empty if there is only one version
  /// @param left cases that this person has not labelled, this one included
  public record Item(
      String pair, Optional<String> question, List<String> first, List<String> second, int left) {
    public Item {
      first = List.copyOf(first);
      second = List.copyOf(second);
    }
  }

  /// What became of a label.
  public enum Labelled {
    /// It counts, and what the evaluation shows was judged again.
    TAKEN,

    /// This person has labelled the case, and a label is not changed.
    AGAIN,

    /// The case is not one that people label, or there is no such evaluation.
    NOT_ASKED
  }

  /// Returns a case that `person` has not labelled yet; empty if there is none.
  public Optional<Item> next(EvaluationId id, PersonName person) {
    return database.transact(tx ->
        store
            .find(tx, id)
            .flatMap(one -> {
              var left =
                  toLabel(tx, one).stream().filter(pair -> !has(tx, one, pair, person)).toList();
              return left.stream().findFirst().map(pair -> item(tx, one, pair, left.size()));
            }));
  }

  /// Takes what a person says of the two answers of a case, in the order in which they were shown.
  ///
  /// @param said `passed`, `failed` or `unsure` of the first and, if there is one, of the second
  /// @throws IllegalArgumentException if it is none of these, or too few or many
  public Labelled label(
      EvaluationId id, String pair, List<String> said, PersonName by, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var labelled = ledger.transact(recording -> labelled(recording, id, pair, said, by, now));
    if (labelled == Labelled.TAKEN) {
      evaluations.judged(id);
    }
    return labelled;
  }

  private Labelled labelled(
      Recording recording,
      EvaluationId id,
      String pair,
      List<String> said,
      PersonName by,
      Instant now) {
    var tx = recording.tx();
    var found = store.find(tx, id).filter(one -> toLabel(tx, one).contains(pair));
    if (found.isEmpty()) {
      return Labelled.NOT_ASKED;
    }
    var one = found.get();
    var sides = order(one, pair);
    if (said.size() != sides.size()) {
      throw new IllegalArgumentException("this case has " + sides.size() + " answers to label");
    }
    for (int i = 0; i < sides.size(); i++) {
      var label = new Label(pair, sides.get(i), by, word(said.get(i)), now);
      if (!store.label(tx, id, label)) {
        return Labelled.AGAIN;
      }
      recording.append(
          Entry.of(EntryType.EVALUATION_LABELLED, now)
              .with("of", id.value())
              .with("trial", label.key())
              .with("by", by.value())
              .with("label", label.said().word()));
    }
    evaluations.judge(recording, id, one.state(), now);
    return Labelled.TAKEN;
  }

  private static Label.Said word(String text) {
    for (var said : Label.Said.values()) {
      if (said.word().equals(text)) {
        return said;
      }
    }
    throw new IllegalArgumentException("`" + text + "` is not passed, failed or unsure");
  }

  /// Nothing is labelled before every answer is there: whoever labels could steer what is asked.
  private List<String> toLabel(Tx tx, Planned one) {
    return one.state() == Planned.State.PLANNED
        ? List.of()
        : evaluations.results(tx, one).stream()
            .flatMap(result -> result.toLabel().stream())
            .toList();
  }

  private boolean has(Tx tx, Planned one, String pair, PersonName person) {
    return store.labels(tx, one.id()).stream()
        .anyMatch(label -> label.pair().equals(pair) && label.by().equals(person));
  }

  private static List<Side> order(Planned one, String pair) {
    if (one.plan().baseline().isEmpty()) {
      return List.of(Side.CANDIDATE);
    }
    return one.blind().candidateFirst("label " + pair)
        ? List.of(Side.CANDIDATE, Side.BASELINE)
        : List.of(Side.BASELINE, Side.CANDIDATE);
  }

  private Item item(Tx tx, Planned one, String pair, int left) {
    var sides = order(one, pair);
    return new Item(
        pair,
        question(pair),
        texts(tx, one, pair, sides.getFirst()),
        sides.size() == 1 ? List.of() : texts(tx, one, pair, sides.getLast()),
        left);
  }

  private Optional<String> question(String pair) {
    int cut = pair.indexOf('/');
    return suites
        .find(pair.substring(0, cut))
        .flatMap(suite -> suite.find(pair.substring(cut + 1)))
        .map(asked -> asked.messages().getLast().text());
  }

  /// Without what would tell which version it is: the model's own name, and the time.
  private List<String> texts(Tx tx, Planned one, String pair, Side side) {
    return store.answers(tx, one.id()).stream()
        .filter(answer -> answer.trial().pair().equals(pair) && answer.trial().side() == side)
        .sorted(Comparator.comparingInt(answer -> answer.trial().repeat()))
        .map(answer -> {
          var content = CanonicalJson.parse(answer.content());
          var tools = new StringBuilder();
          for (var call : content.path("tools")) {
            tools
                .append("\n[asks for ")
                .append(call.path("name").asString(""))
                .append(' ')
                .append(call.path("arguments").asString(""))
                .append(']');
          }
          return content.path("text").asString("") + tools;
        })
        .toList();
  }
}
