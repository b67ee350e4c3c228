package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.gateway.Gateway;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registry;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway of models: one address per resource, `/llm/{resource}/v1/…`, in both dialects.
///
/// Puts its parts together by constructor. The story of one question is [GovernedQuestion]. What is
/// under way is among the exchanges of the [Gateway], so that one suspension cuts both.
public final class Models implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final String PATH = "/llm/{resource}/v1/";

  /// No task lives longer.
  private static final Duration TASK_IDLE_MAX = Duration.ofHours(25);

  private final InstantSource clock;
  private final Spending spending = new Spending();
  private final Providers providers;
  private final ModelDoor door;
  private final List<Consumer<ModelAnswer>> listeners = new CopyOnWriteArrayList<>();

  /// @param gateway whose exchanges and tasks the questions share
  /// @param decisions as they are enforced
  /// @param bindings what is known of changes of models
  /// @param inspection looks for secrets in what is asked, answered and proposed
  /// @param past what is on record of tasks that were at work before this start
  public Models(
      ModelsConfig config,
      InstantSource clock,
      Gateway gateway,
      Registry registry,
      Tokens tokens,
      Tasks tasks,
      Secrets secrets,
      UpstreamTokens upstreamTokens,
      Decisions decisions,
      Bindings bindings,
      Approvals approvals,
      Ledger ledger,
      LedgerReader past,
      Inspection inspection) {
    this.clock = clock;
    this.providers = new Providers(secrets, upstreamTokens, clock);
    var proposals = gateway.proposals();
    var looking = new Looking(inspection, clock);
    var records = new QuestionRecords(ledger, looking);
    var fulfilling = new Fulfilling(looking);
    var questions = new Questions(proposals);
    var budget = new Budget(spending, config.outputTokensMax());
    var asking =
        new Asking(
            clock,
            config,
            providers,
            tokens,
            records,
            new ProposedCalls(
                clock, proposals, new Undeclared(decisions, questions), looking, records),
            looking,
            budget,
            proposals,
            this::answered);
    var held =
        new HeldQuestion(
            clock,
            registry,
            bindings,
            approvals,
            decisions,
            fulfilling,
            questions,
            records,
            asking,
            config.holdFor());
    this.door =
        new ModelDoor(
            clock,
            config,
            tokens,
            registry,
            gateway.exchanges(),
            records,
            new GovernedQuestion(
                clock,
                bindings,
                budget,
                questions,
                decisions,
                fulfilling,
                records,
                looking,
                held,
                asking),
            new ModelList(registry, decisions, proposals),
            gateway::used);
    tasks.onEnded(this::ended);
    recover(registry, tasks, past);
  }

  private void recover(Registry registry, Tasks tasks, LedgerReader past) {
    var now = clock.instant();
    var minuteAgo = now.minusSeconds(60);
    var since = tasks.oldestAlive(now).filter(start -> start.isBefore(minuteAgo)).orElse(minuteAgo);
    spending.recover(
        past,
        DecisionId.fresh(since).value(),
        id -> registry.current().identity(new SpiffeId(id)).map(Identity::name));
  }

  /// Tells `listener` of every question that was sent and is over. It must not block.
  public void onAnswered(Consumer<ModelAnswer> listener) {
    listeners.add(listener);
  }

  private void answered(ModelAnswer answer) {
    for (var listener : listeners) {
      try {
        listener.accept(answer);
      } catch (RuntimeException e) {
        LOG.error("whoever listens to answers of models failed", e);
      }
    }
  }

  private void ended(TaskId task) {
    spending.forget(task);
  }

  /// Forgets tasks that cannot be at work any more.
  public void sweep(Instant now) {
    spending.forgetIdle(now.minus(TASK_IDLE_MAX), now);
  }

  public List<Operation> operations() {
    var all = new ArrayList<Operation>();
    Arrays.stream(Endpoint.values())
        .forEach(endpoint ->
            all.add(
                Operation.streaming(
                    Method.POST,
                    PATH + endpoint.path(),
                    "Ask a model at " + endpoint.path(),
                    (request, response) -> door.ask(endpoint, request, response))));
    all.add(
        Operation.streaming(
            Method.GET, PATH + "models", "List the models that may be asked", door::list));
    for (var method : List.of(Method.DELETE, Method.GET, Method.POST)) {
      all.add(
          Operation.streaming(
              method,
              "/llm/{resource}/{+rest}",
              "Refuse whatever else a provider of models offers",
              door::unknown));
    }
    return all;
  }

  /// Takes no new questions; those under way end with the gateway's.
  public void drain() {
    door.close();
  }

  @Override
  public void close() {
    door.close();
    providers.close();
  }
}
