package dev.remit.server.risk;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.DataClass;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Weighs a [Reach]. This file is the whole list of what counts, and what each is worth; ADR 0110
/// says why.
///
/// Points add up to the score. Some reasons set a least class besides, so that no harmless rest
/// dilutes them.
final class Weighing {
  /// What a model that may change overnight must not be near (R106 to R109).
  private static final Set<Effect> PRIVILEGED =
      EnumSet.of(Effect.SECRETS, Effect.TICKETS, Effect.CLOUD_API, Effect.CODE_EXECUTION);

  private static final Comparator<Reason> HEAVIEST_FIRST =
      Comparator.comparing((Reason reason) -> reason.atLeast().orElse(RiskClass.LOW))
          .thenComparingInt(Reason::points)
          .reversed()
          .thenComparing(Reason::rule);

  private final RiskRules rules;
  private final Map<String, Long> sensitivities;
  private final Reach reach;
  private final List<Reason> reasons = new ArrayList<>();

  private Weighing(RiskRules rules, Map<String, Long> sensitivities, Reach reach) {
    this.rules = rules;
    this.sensitivities = sensitivities;
    this.reach = reach;
  }

  /// @param sensitivities of the classes of data that are declared
  static Risk of(Reach reach, Map<String, Long> sensitivities, RiskRules rules) {
    if (reach.touches().isEmpty()) {
      return Risk.NONE;
    }
    var weighing = new Weighing(rules, sensitivities, reach);
    weighing.data();
    weighing.effects();
    weighing.autonomy();
    weighing.models();
    weighing.compound();
    return weighing.weighed();
  }

  private Risk weighed() {
    long points = reasons.stream().mapToLong(Reason::points).sum();
    long score = Math.min(RiskRules.SCORE_MAX, points);
    var least =
        reasons.stream()
            .flatMap(reason -> reason.atLeast().stream())
            .max(Comparator.naturalOrder())
            .orElse(RiskClass.LOW);
    var byScore = rules.of(score);
    return new Risk(
        score,
        byScore.isAtLeast(least) ? byScore : least,
        reasons.stream().sorted(HEAVIEST_FIRST).toList());
  }

  private void data() {
    var classes = new TreeSet<String>();
    reach.touches().forEach(touch -> classes.addAll(touch.dataClasses()));
    var worst = classes.stream().max(Comparator.comparingLong(this::sensitivity));
    if (worst.isEmpty() || sensitivity(worst.get()) == 0) {
      return;
    }
    var name = worst.get();
    long sensitivity = sensitivity(name);
    var rows = new ArrayList<Ref>(rows(touch -> touch.dataClasses().contains(name)));
    boolean known = sensitivities.containsKey(name);
    if (known) {
      rows.add(new Ref(Kind.DATA_CLASS, name));
    }
    var says =
        known
            ? "reaches data of class `%s`, of sensitivity %d".formatted(name, sensitivity)
            : "reaches data of class `%s`, which nobody has declared: it counts as 100"
                .formatted(name);
    reasons.add(
        new Reason(
            "data-within-reach",
            says,
            (int) (rules.dataPoints() * sensitivity / DataClass.UNKNOWN),
            sensitivity >= rules.sensitiveFrom()
                ? Optional.of(RiskClass.MODERATE)
                : Optional.empty(),
            rows));
  }

  private long sensitivity(String name) {
    return sensitivities.getOrDefault(name, DataClass.UNKNOWN);
  }

  private void effects() {
    var worst =
        reach.touches().stream()
            .flatMap(touch -> touch.effects().stream())
            .max(
                Comparator.comparingInt((Effect effect) -> rules.of(effect))
                    .thenComparing(Comparator.naturalOrder()));
    if (worst.isEmpty() || worst.get() == Effect.READ) {
      return;
    }
    var effect = worst.get();
    reasons.add(
        new Reason(
            "side-effects",
            "can do more than read: " + effect.word(),
            rules.of(effect),
            Optional.of(RiskClass.MODERATE),
            rows(touch -> touch.effects().contains(effect))));
    Predicate<Reach.Touch> inProduction =
        touch -> touch.acts() && touch.environment() == Environment.PRODUCTION;
    if (reach.touches().stream().anyMatch(inProduction)) {
      reasons.add(
          Reason.points(
              "acts-in-production",
              "its side effects are in production, whatever stage it is called",
              rules.productionPoints(),
              rows(inProduction)));
    }
  }

  private void autonomy() {
    var boldest = boldest();
    if (boldest.isEmpty()) {
      return;
    }
    var actor = boldest.get();
    int points =
        switch (believed(actor)) {
          case ANSWERS_ONLY -> 0;
          case ACTS_WITH_CONFIRMATION -> rules.autonomyPoints() / 3;
          case ACTS_ALONE -> rules.autonomyPoints();
        };
    if (points > 0) {
      var says =
          actor.autonomy() == believed(actor)
              ? "its autonomy is " + actor.autonomy().word()
              : "is said to be `answers-only`, and can do more than that";
      reasons.add(Reason.points("autonomy", says, points, List.of(actor.identity())));
    }
    Predicate<Reach.Touch> destroys =
        touch ->
            touch.environment() == Environment.PRODUCTION
                && touch.effects().contains(Effect.DESTRUCTIVE);
    if (believed(actor) == Autonomy.ACTS_ALONE && reach.touches().stream().anyMatch(destroys)) {
      reasons.add(
          Reason.atLeast(
              RiskClass.HIGH,
              "destroys-alone",
              "can destroy something in production and asks nobody",
              with(rows(destroys), actor.identity())));
    }
  }

  private Optional<Reach.Actor> boldest() {
    return reach.actors().stream()
        .max(Comparator.comparing(this::believed).thenComparing(Reach.Actor::identity));
  }

  /// Nothing keeps an identity from what its grant names, so what it says of itself is believed
  /// only while it can do no more.
  private Autonomy believed(Reach.Actor actor) {
    return actor.autonomy() == Autonomy.ANSWERS_ONLY && reach.acts()
        ? Autonomy.ACTS_ALONE
        : actor.autonomy();
  }

  private void models() {
    var shakiest = reach.minds().stream().max(Comparator.comparingInt(this::points));
    if (shakiest.isEmpty() || points(shakiest.get()) == 0) {
      return;
    }
    var mind = shakiest.get();
    reasons.add(Reason.points("unstable-model", said(mind), points(mind), List.of(mind.row())));
    if (!mind.isUnstable()) {
      return;
    }
    if (reach.actors().stream().anyMatch(Reach.Actor::chooses) || reach.acts()) {
      var actors = reach.actors().stream().map(Reach.Actor::identity).toList();
      reasons.add(
          Reason.atLeast(
              RiskClass.MODERATE,
              "unstable-model-acts",
              "an unstable model chooses what is done, and not only what is said",
              with(actors, mind.row())));
    }
    for (var effect : PRIVILEGED) {
      if (reach.touches().stream().anyMatch(touch -> touch.effects().contains(effect))) {
        reasons.add(
            Reason.atLeast(
                RiskClass.HIGH,
                effect.word() + "-within-reach",
                "an unstable model is connected to " + connected(effect),
                with(rows(touch -> touch.effects().contains(effect)), mind.row())));
      }
    }
  }

  private static String connected(Effect effect) {
    return switch (effect) {
      case SECRETS -> "secrets";
      case TICKETS -> "tickets";
      case CLOUD_API -> "a cloud API";
      case CODE_EXECUTION -> "code execution";
      case READ, WRITE, DESTRUCTIVE -> effect.word();
    };
  }

  private int points(Reach.Mind mind) {
    return mind.lifecycle().map(rules::of).orElse(rules.modelPoints());
  }

  private static String said(Reach.Mind mind) {
    return mind.lifecycle().isEmpty()
        ? "nobody has declared which model decides"
        : "the model `%s` is %s".formatted(mind.row().name(), word(mind.lifecycle().get()));
  }

  private static String word(Lifecycle lifecycle) {
    return lifecycle == Lifecycle.BETA ? "a beta" : ((Word) lifecycle).word();
  }

  /// What is bad alone is worse together: an unstable model, with more authority than a task needs,
  /// over secrets that are in several places.
  private void compound() {
    var unstable = reach.minds().stream().filter(Reach.Mind::isUnstable).toList();
    if (!reach.broad().isEmpty()) {
      reasons.add(Reason.points("broad-grant", "is granted more than it names", 0, reach.broad()));
    }
    reach
        .sprawled()
        .forEach(one ->
            reasons.add(
                Reason.points(
                    "sprawled-secret",
                    "the secret `" + one.secret() + "` is in more than one place",
                    0,
                    one.rows())));
    var models = unstable.stream().map(Reach.Mind::row).toList();
    var secrets = reach.sprawled().stream().flatMap(one -> one.rows().stream()).toList();
    int bad =
        (models.isEmpty() ? 0 : 1)
            + (reach.broad().isEmpty() ? 0 : 1)
            + (secrets.isEmpty() ? 0 : 1);
    if (bad < 2) {
      return;
    }
    int pairs = bad * (bad - 1) / 2;
    var rows = Stream.of(models, reach.broad(), secrets).flatMap(List::stream).toList();
    reasons.add(
        new Reason(
            "compounded",
            bad == 3
                ? "an unstable model has more authority than it needs, over sprawled secrets"
                : "two of these come together: unstable model, broad grant, sprawled secret",
            pairs * rules.compoundPoints(),
            bad == 3 ? Optional.of(RiskClass.CRITICAL) : Optional.empty(),
            rows));
  }

  private List<Ref> rows(Predicate<Reach.Touch> which) {
    return reach.touches().stream()
        .filter(which)
        .flatMap(touch -> Stream.of(touch.grant(), touch.thing()))
        .distinct()
        .toList();
  }

  private static List<Ref> with(List<Ref> rows, Ref another) {
    return Stream.concat(rows.stream(), Stream.of(another)).toList();
  }
}
