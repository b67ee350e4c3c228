package dev.remit.server.gateway;

import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.decisions.ArgumentCheck;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.Routes;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registry;
import dev.remit.server.tokens.Beneath;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Taken;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The MCP gateway: one endpoint per resource, `/mcp/{resource}`, for both eras of the protocol.
///
/// Puts its parts together by constructor and listens for suspensions and ended tasks. The story of
/// one call is [GovernedCall].
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);
  private static final Duration SESSION_IDLE_MAX = Duration.ofMinutes(30);

  /// No task lives longer.
  private static final Duration TASK_IDLE_MAX = Duration.ofHours(25);

  /// Longest that a request takes to end once it is cut.
  private static final Duration CUT_MAX = Duration.ofSeconds(2);

  /// How long is waited for a cut request to end before nothing is said of it.
  private static final Duration CUT_TOLD_MAX = Duration.ofMinutes(1);

  private static final String STOPPING = "the server is stopping";
  private static final String PATH = "/mcp/{resource}";

  private final InstantSource clock;
  private final GatewayConfig config;
  private final Registry registry;
  private final Standings standings;
  private final Approvals approvals;
  private final Exchanges exchanges = new Exchanges();
  private final TaskUse use = new TaskUse();
  private final Proposals calls = new Proposals();
  private final ProposalDoor proposals;
  private final Sessions sessions;
  private final Routes routes;
  private final ServerStream serverStream;
  private final Door door;
  private final CredentialDoor credentials;
  private final Sweeping sweeping;
  private final Sweeping attention;

  /// @param upstreamTokens what upstreams want that take access tokens
  /// @param kek seals what clients carry back to us
  /// @param bindings what is approved of the models behind those who call
  /// @param past what is on record of tasks that were at work before this start
  /// @param scratch where child processes run that declare no directory of their own
  /// @param inspection looks for secrets in what flows through
  public Gateway(
      GatewayConfig config,
      InstantSource clock,
      Registry registry,
      Bindings bindings,
      Tokens tokens,
      Tasks tasks,
      Standings standings,
      Secrets secrets,
      UpstreamTokens upstreamTokens,
      Decisions decisions,
      Emergencies emergencies,
      Approvals approvals,
      Ledger ledger,
      LedgerReader past,
      KeyWrap kek,
      Path scratch,
      Inspection inspection) {
    this.clock = clock;
    this.config = config;
    this.registry = registry;
    this.standings = standings;
    this.approvals = approvals;
    this.sessions = new Sessions(config.sessionsPerTaskMax());
    var reader = new MessageReader(config.depthMax(), config.resultBytesMax());
    this.routes = new Routes(secrets, upstreamTokens, reader, scratch, clock, config.stdio());

    var records = new CallRecords(ledger, use, calls);
    this.proposals = new ProposalDoor(decisions, use, calls, bindings);
    var definitions = new Definitions(config.definitionsFor());
    var query = new DefinitionQuery(reader, config);
    var arguments = new ArgumentCheck();
    var looking = new Looking(inspection, clock);
    var judging = new Judging(clock, decisions, new Narrower(reader, arguments), use, looking);
    var glass = new Glass(clock, emergencies);
    var states = new RequestStates(kek);
    var coverage = new Coverage(clock, definitions, query, arguments, use, states);
    var asks = new ServerAsks(clock, decisions, records, use, config);
    var carriage = new Carriage(clock, reader, asks, definitions, config);
    var lastLook = new LastLook(clock, tokens, new Audience(config.publicUrl()));
    var delivery = new Delivery(clock, records, lastLook, carriage, reader, config, looking);
    var held =
        new HeldCall(
            clock,
            registry,
            coverage,
            judging,
            glass,
            approvals,
            records,
            delivery,
            states,
            config.holding());
    var filter = new ListFilter(decisions, use, definitions, reader);
    this.serverStream = new ServerStream(clock, reader, asks, carriage, records, config, looking);

    var desk =
        new Desk(
            clock,
            config,
            routes,
            sessions,
            exchanges,
            records,
            carriage,
            new GovernedCall(clock, coverage, judging, glass, records, held, delivery),
            new Listing(clock, decisions, records, use, filter, carriage, config),
            new Listening(clock, decisions, records, use, carriage, config),
            new Opening(clock, records, sessions, carriage, config),
            serverStream);
    this.door = new Door(clock, config, tokens, registry, bindings, reader, records, desk);
    this.credentials =
        new CredentialDoor(clock, config, tokens, registry, bindings, judging, records);

    use.recover(
        tasks,
        past,
        id -> registry.current().identity(new SpiffeId(id)).map(Identity::name),
        clock.instant());
    standings.onSuspended(this::suspended);
    standings.onWithdrawn(exchanges::cutBy);
    standings.controls().watchCuts();
    standings.controls().watch(approvals);
    tasks.onEnded(this::ended);
    this.sweeping = Sweeping.start(SWEEP_EVERY, this::sweep);
    this.attention =
        Sweeping.start(config.attendAfter(), () -> exchanges.attend(config.unattendedMax()));
  }

  /// Tells `listener` of every good token that is shown. It must not block.
  public void onUse(Consumer<TokenUse> listener) {
    door.onUse(listener);
  }

  /// A good token was shown to another gateway.
  public void used(TokenUse use) {
    door.used(use);
  }

  public List<Operation> operations() {
    return List.of(
        Operation.streaming(
            Method.POST, PATH, "Send one MCP message to the server behind a resource", door::post),
        Operation.streaming(
            Method.GET, PATH, "Listen to what the server sends on its own", door::get),
        Operation.streaming(Method.DELETE, PATH, "End an MCP session", door::delete));
  }

  /// Where credentials are asked for.
  public CredentialDoor credentials() {
    return credentials;
  }

  /// Where the calls that models propose are judged.
  public ProposalDoor proposals() {
    return proposals;
  }

  /// Everything that is under way, for whoever else carries something that a suspension must cut.
  public Exchanges exchanges() {
    return exchanges;
  }

  /// How many requests are under way.
  public int openExchanges() {
    return exchanges.count();
  }

  /// Must not block: the exchanges are cut here and now, what follows from it happens aside.
  private void suspended(Party party) {
    var cut = exchanges.cut(party);
    standings.of(party).ifPresent(standing -> aside(() -> tellOfCut(Taken.key(standing), cut)));
    aside(() -> {
      sessions.drop(
          party,
          session -> {
            free(session);
            routes.end(session.claims().task());
          });
      approvals.cancel(party, Beneath.identities(party, registry.current()), clock.instant());
    });
  }

  private void ended(TaskId task) {
    var cut = exchanges.cut(task);
    aside(() -> tellOfCut(task.value(), cut));
    aside(() -> {
      sessions.drop(task, this::free);
      routes.end(task);
      use.forget(task);
      calls.forget(task);
      approvals.cancel(task, clock.instant());
    });
  }

  /// Says, for the record, that what was cut has ended; a cut that takes long is told as not done.
  private void tellOfCut(String taken, List<Exchange> cut) {
    try {
      if (exchanges.awaitNone(cut, CUT_TOLD_MAX)) {
        standings.controls().cut(taken, cut.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What ended without anybody saying so: approvals nobody answered, tasks that ran out.
  private void sweep() {
    var now = clock.instant();
    sessions.used(exchanges.tasks(), now);
    sessions.dropIdle(now.minus(SESSION_IDLE_MAX), this::free);
    use.forgetIdle(now.minus(TASK_IDLE_MAX));
    calls.forgetBefore(now.minus(ProposalDoor.REMEMBERED));
    approvals.lapse(now);
  }

  /// Ends a session on both sides: ours at once, the upstream's as well as it can be reached.
  private void free(Session session) {
    serverStream.abandon(session);
    var task = session.claims().task();
    if (session.id().isEmpty()) {
      session.route().end(task);
      return;
    }
    session.route().end(session.id());
    var leave = new Departure.Leave(task, session.id(), Map.of(), config.answerWithin());
    try (var arrival = session.route().send(leave)) {
      LOG.debug("{} ended a session ({})", session.resource().name(), arrival.status());
    } catch (UpstreamFailure e) {
      LOG.debug("{} could not be told that a session ended", session.resource().name(), e);
    }
  }

  private static void aside(Runnable work) {
    Thread.ofVirtual()
        .name("gateway")
        .start(() -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.error("cleaning up after a suspension failed", e);
          }
        });
  }

  /// Takes no new requests and lets those under way finish, for at most `max`; then cuts what is
  /// left. Streams that only wait for news are cut at once. Returns when every outcome is known.
  public void drain(Duration max) {
    door.close();
    exchanges.cutStanding(STOPPING);
    try {
      if (!exchanges.awaitNone(max)) {
        LOG.warn("{} requests are cut: they took longer than {}", exchanges.count(), max);
        exchanges.cutAll(STOPPING);
        exchanges.awaitNone(CUT_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends everything that is open, child processes included.
  @Override
  public void close() {
    sweeping.close();
    attention.close();
    exchanges.cutAll(STOPPING);
    sessions.dropAll(serverStream::abandon);
    routes.close();
  }
}
