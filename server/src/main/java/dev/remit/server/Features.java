package dev.remit.server;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.approvals.ApprovalRoutes;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.Part;
import dev.remit.server.approvals.Separation;
import dev.remit.server.assumptions.Present;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.authzen.AuthZen;
import dev.remit.server.certificates.Certificates;
import dev.remit.server.changes.ChangePlanning;
import dev.remit.server.changes.ChangeRoutes;
import dev.remit.server.changes.Changes;
import dev.remit.server.changes.Rollback;
import dev.remit.server.changes.Watch;
import dev.remit.server.console.Console;
import dev.remit.server.console.Sources;
import dev.remit.server.credentials.SecretRoutes;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.decisions.DecisionMeters;
import dev.remit.server.decisions.DecisionRoutes;
import dev.remit.server.decisions.Explanations;
import dev.remit.server.decisions.PassedGate;
import dev.remit.server.decisions.PolicyDecisions;
import dev.remit.server.detection.Detection;
import dev.remit.server.drills.DrillRoutes;
import dev.remit.server.drills.Drills;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.emergency.EmergencyDecisions;
import dev.remit.server.emergency.EmergencyRoutes;
import dev.remit.server.enforcement.EnforcedDecisions;
import dev.remit.server.enforcement.Enforcement;
import dev.remit.server.enforcement.EnforcementRoutes;
import dev.remit.server.erasure.Erasure;
import dev.remit.server.erasure.ErasureRoutes;
import dev.remit.server.erasure.LegalHolds;
import dev.remit.server.erasure.Retention;
import dev.remit.server.evaluations.ChatClient;
import dev.remit.server.evaluations.DriftWatch;
import dev.remit.server.evaluations.Endpoints;
import dev.remit.server.evaluations.EvaluationRoutes;
import dev.remit.server.evaluations.Evaluations;
import dev.remit.server.evaluations.Labelling;
import dev.remit.server.evaluations.LedgerOracle;
import dev.remit.server.evaluations.Recorded;
import dev.remit.server.evaluations.Suites;
import dev.remit.server.evaluations.Verdicts;
import dev.remit.server.evidence.CourseRoutes;
import dev.remit.server.evidence.Courses;
import dev.remit.server.evidence.EvidenceRoutes;
import dev.remit.server.evidence.LiveEvidence;
import dev.remit.server.exceptions.ExceptionRoutes;
import dev.remit.server.exceptions.Exceptions;
import dev.remit.server.export.ExportRoutes;
import dev.remit.server.export.Exports;
import dev.remit.server.findings.FindingRoutes;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.Gateway;
import dev.remit.server.http.Callers;
import dev.remit.server.http.Operation;
import dev.remit.server.http.PageDoor;
import dev.remit.server.inspection.Canaries;
import dev.remit.server.inspection.CanaryRoutes;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.inspection.PersonalCredentials;
import dev.remit.server.inspection.Sightings;
import dev.remit.server.ledger.Cosignatures;
import dev.remit.server.ledger.Crashes;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.LedgerRoutes;
import dev.remit.server.ledger.LogLook;
import dev.remit.server.ledger.LogRoutes;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.ledger.RootFence;
import dev.remit.server.ledger.StateRoutes;
import dev.remit.server.ledger.Timestamps;
import dev.remit.server.lending.CredentialRoutes;
import dev.remit.server.lending.Lending;
import dev.remit.server.lending.LendingCrashes;
import dev.remit.server.lending.LinkRoutes;
import dev.remit.server.measures.MeasureRoutes;
import dev.remit.server.models.Models;
import dev.remit.server.notifications.NotificationRoutes;
import dev.remit.server.notifications.Notifications;
import dev.remit.server.notifications.WorkflowWatch;
import dev.remit.server.page.PageRoutes;
import dev.remit.server.promotion.Decay;
import dev.remit.server.promotion.Exercise;
import dev.remit.server.promotion.LiveGate;
import dev.remit.server.promotion.PromotionRoutes;
import dev.remit.server.promotion.Promotions;
import dev.remit.server.registry.ApplyRequestRoutes;
import dev.remit.server.registry.OwnAccount;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryRoutes;
import dev.remit.server.registry.ScopeReviewRoutes;
import dev.remit.server.risk.CurrentRisks;
import dev.remit.server.risk.RiskRoutes;
import dev.remit.server.risk.RiskWeights;
import dev.remit.server.rootlog.RootLog;
import dev.remit.server.signals.Signals;
import dev.remit.server.signin.SignInRoutes;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.witness.Witnesses;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Everything the product does, built in the order of its arrows: each line of the constructor
/// takes only what stands above it, and closing goes the other way.
final class Features implements AutoCloseable {
  /// How old the counts of the newest records may be on a page; counting takes part of a second.
  private static final Duration COUNTS_FRESH_FOR = Duration.ofSeconds(10);

  private static final Duration WATCH_EVERY = Duration.ofMinutes(1);

  private final Teardown opened = new Teardown();
  private final List<Operation> operations = new ArrayList<>();
  private final Gateway gateway;
  private final Models models;
  private final Callers callers;
  private final PageDoor pages;
  private final Console console;
  private final List<MeterBinder> measured;
  private final Map<String, BooleanSupplier> needs;

  Features(
      Config config,
      Map<String, String> environment,
      Database database,
      MasterKey master,
      InstantSource clock) {
    try {
      var wrap = KeyWrap.of(master);
      var ledger =
          opened.add(
              Ledger.open(database, Limits.ledger(config), wrap, clock, Crashes.ofProperty()));
      var evidence = new LedgerReader(database, ledger, wrap);
      opened.add(Timestamps.start(Limits.timestamps(config), database, ledger));
      var secrets =
          new Secrets(
              database, ledger, master, opened.add(SecretPlaces.of(config, environment, clock)));
      var upstreamTokens = new UpstreamTokens(clock, Limits.outside(config), secrets, ledger);
      var findings = new Findings(database, ledger);
      var personal = new PersonalCredentials(database, ledger, secrets, findings);
      Function<Ledger, Witnesses> witnessing =
          log ->
              new Witnesses(
                  Limits.witnesses(config),
                  config.ledger().witnessEvery(),
                  new Cosignatures(database, log),
                  findings,
                  clock);
      opened.add(witnessing.apply(ledger));
      var logs = new NodeLogs(database, ledger, wrap);
      var rootLog =
          opened.add(
              RootLog.start(
                  Limits.rootLog(config),
                  new RootFence(
                      database, Limits.ledger(config), Limits.rootOrigin(config), wrap, clock),
                  logs,
                  new LogLook(database),
                  ledger,
                  findings,
                  witnessing,
                  clock));
      var decisions =
          opened.add(
              new PolicyDecisions(Limits.decisions(config), database, ledger, evidence, clock));
      var registry =
          opened.add(
              Registry.open(
                  database,
                  ledger,
                  Limits.registry(config),
                  decisions,
                  new StoredSecrets(secrets, personal),
                  new RiskWeights(Limits.risk(config)),
                  clock.instant()));
      decisions.onDisagreement(new EnginesDisagree(findings, registry, clock)::raise);
      registry.onChange(decisions::activate);
      var risks = new CurrentRisks(registry::current, Limits.risk(config), clock);
      ledger.keys().actingFor(workflow -> owner(registry, workflow));
      var authorization =
          opened.add(
              new Authorization(
                  Limits.tokens(config),
                  Limits.suspension(config),
                  database,
                  ledger,
                  master,
                  registry::current,
                  clock));
      var exports =
          opened.add(
              new Exports(
                  ExportSettings.of(config, environment),
                  database,
                  ledger,
                  evidence,
                  findings,
                  new OwnSecurityEvents(config.publicUrl(), authorization, registry),
                  clock));
      var told = NotificationSettings.of(config, environment);
      var notifications =
          opened.add(
              new Notifications(
                  told,
                  database,
                  ledger,
                  evidence,
                  findings,
                  new OwnSecurityEvents(config.publicUrl(), authorization, registry),
                  registry::current,
                  clock));
      opened
          .add(new WorkflowWatch(told.pilotAhead(), findings, registry::current))
          .every(WATCH_EVERY, clock);
      personal.lookWhenStored(registry::current, clock);
      authorization.sweepToo(now -> personal.look(registry.current(), now));
      authorization.operators().bootstrap(config.data(), clock.instant());
      var signals =
          new Signals(
              Limits.signals(config, environment),
              database,
              ledger,
              authorization.standings(),
              authorization.tasks(),
              registry::current);
      authorization.sweepToo(signals::forget);
      authorization.sweepToo(registry.requests()::sweep);
      var approvals =
          opened.add(
              new Approvals(
                  database,
                  ledger,
                  findings,
                  Limits.approvals(config),
                  () -> new Present(registry.current(), decisions.version(), classes(risks)),
                  new Separation(Limits.apart(config), registry::current),
                  Part.by(registry)));
      var enforcement =
          opened.add(
              new Enforcement(
                  database, ledger, Limits.enforcement(config), registry::current, clock));
      var canaries = new Canaries(database, ledger, master);
      var sightings = new Sightings(database, findings, canaries);
      var inspection = opened.add(new Inspection(secrets, canaries, sightings));
      var suites = new Suites(Limits.suites(config));
      var chat =
          opened.add(
              new ChatClient(
                  secrets,
                  config.evaluations().within(),
                  config.evaluations().tries(),
                  config.evaluations().answerMax().asInt()));
      var endpoints = new Endpoints(Limits.evaluations(config), registry::current, registry::model);
      var evaluations =
          opened.add(
              new Evaluations(
                  database,
                  ledger,
                  suites,
                  chat,
                  new LedgerOracle(
                      evidence,
                      registry::current,
                      (identity, since) -> !inspection.sightings().seen(identity, since).isEmpty(),
                      clock),
                  Limits.evaluations(config),
                  endpoints,
                  registry::current,
                  clock));
      var drift =
          opened.add(
              new DriftWatch(
                  database,
                  ledger,
                  findings,
                  suites,
                  chat,
                  Limits.evaluations(config),
                  endpoints,
                  registry::current,
                  clock));
      var changes =
          opened.add(
              new Changes(
                  database,
                  ledger,
                  registry,
                  Limits.changes(config),
                  Limits.risk(config),
                  Verdicts.of(evaluations, new Recorded(database, evidence)),
                  clock));
      evaluations.onJudged(changes::judged);
      var rollback = new Rollback(changes, registry, clock);
      var watch = opened.add(new Watch(database, registry, changes, rollback, findings, clock));
      watch.every(config.changes().sweepEvery(), clock);
      var emergencies =
          opened.add(
              new Emergencies(
                  database, ledger, findings, Limits.emergency(config), registry::current));
      authorization.sweepToo(emergencies::sweep);
      this.gateway =
          opened.add(
              new Gateway(
                  Limits.gateway(config),
                  clock,
                  registry,
                  changes.bindings(),
                  authorization.tokens(),
                  authorization.tasks(),
                  authorization.standings(),
                  secrets,
                  upstreamTokens,
                  new EmergencyDecisions(
                      new EnforcedDecisions(decisions, enforcement), emergencies),
                  emergencies,
                  approvals,
                  ledger,
                  evidence,
                  wrap,
                  config.data().resolve("upstreams"),
                  inspection));
      var modelChanges =
          new ModelChanges(changes.bindings(), watch, drift, registry::current, clock);
      var models =
          opened.add(
              new Models(
                  Limits.models(config),
                  clock,
                  gateway,
                  registry,
                  authorization.tokens(),
                  authorization.tasks(),
                  secrets,
                  upstreamTokens,
                  new EnforcedDecisions(decisions, enforcement),
                  modelChanges.bindings(),
                  approvals,
                  ledger,
                  evidence));
      this.models = models;
      models.onAnswered(modelChanges::answered);
      authorization.sweepToo(models::sweep);
      var lending =
          opened.add(
              new Lending(
                  Limits.lending(config),
                  clock,
                  database,
                  ledger,
                  registry,
                  secrets,
                  findings,
                  authorization.tasks(),
                  authorization.standings(),
                  authorization.tokens(),
                  gateway.credentials(),
                  LendingCrashes.ofProperty()));
      var certificates =
          opened.add(
              new Certificates(
                  Limits.certificates(config),
                  clock,
                  database,
                  ledger,
                  master,
                  registry::current,
                  authorization,
                  findings));
      authorization.tasks().followedBy(certificates.aftermath());
      authorization.tasks().followedBy(lending.aftermath());
      var detection =
          opened.add(
              new Detection(
                  Limits.detection(config),
                  database,
                  ledger.origin(),
                  evidence,
                  registry,
                  authorization.tasks(),
                  findings,
                  clock));
      gateway.onUse(detection.places());
      var drills =
          opened.add(
              new Drills(
                  Limits.drills(config),
                  config.publicUrl(),
                  clock,
                  database,
                  ledger,
                  registry::current,
                  secrets,
                  findings,
                  authorization.standings()));
      var exceptions =
          new Exceptions(database, ledger, findings, registry::current, Limits.exceptions(config));
      authorization.sweepToo(exceptions::sweep);
      var gate =
          new LiveGate(
              new LiveEvidence(logs, registry, config.promotion().entriesMax()),
              registry,
              findings,
              exceptions,
              Limits.promotion(config),
              changes);
      var promotions = new Promotions(database, ledger, registry, gate, Limits.promotion(config));
      opened
          .add(
              new Decay(
                  database, ledger, registry, findings, gate, promotions, Limits.promotion(config)))
          .every(config.promotion().sweepEvery(), clock);
      var exercise = new Exercise(registry, findings, ledger, Limits.promotion(config), clock);
      var authzen =
          new AuthZen(
              Limits.authzen(config), registry, authorization.tokens(), decisions, ledger, master);

      var signIn =
          new SignInRoutes(
              Limits.signIn(config, environment),
              database,
              ledger,
              authorization,
              findings,
              registry::current,
              workflow -> risks.now().of(workflow).riskClass());
      var fresh = signIn.freshTokens();

      // First, since a request is compared with one path after the other.
      operations.addAll(gateway.operations());
      operations.addAll(models.operations());
      operations.addAll(new LedgerRoutes(ledger, evidence, logs).operations());
      operations.addAll(new LogRoutes(logs).operations());
      operations.addAll(new StateRoutes(database, GovernedTables.ALL).operations());
      operations.addAll(
          new EvidenceRoutes(
                  logs,
                  rootLog::catchUp,
                  ledger,
                  registry,
                  authorization.tasks(),
                  Limits.evidence(config))
              .operations());
      var courses = new Courses(logs);
      operations.addAll(new CourseRoutes(courses, authorization.tasks()).operations());
      var holds = new LegalHolds(database, ledger);
      operations.addAll(
          new ErasureRoutes(
                  new Erasure(database, ledger, registry, authorization.tasks(), holds), holds)
              .operations());
      opened
          .add(
              new Retention(
                  database,
                  ledger,
                  registry,
                  authorization.tasks(),
                  holds,
                  config.ledger().expireMax()))
          .every(config.ledger().expireEvery(), clock);
      operations.addAll(new ExportRoutes(exports).operations());
      operations.addAll(new NotificationRoutes(notifications).operations());
      operations.addAll(new CanaryRoutes(canaries, sightings, registry::current).operations());
      operations.addAll(
          new SecretRoutes(secrets, registry::current, personal::warning).operations());
      operations.addAll(
          new CredentialRoutes(lending, certificates, registry::current).operations());
      operations.addAll(certificates.operations());
      operations.addAll(new LinkRoutes(lending).operations());
      operations.addAll(new FindingRoutes(findings, accepted(exceptions)).operations());
      operations.addAll(new ExceptionRoutes(exceptions, fresh).operations());
      operations.addAll(new PromotionRoutes(promotions, exercise, fresh).operations());
      var labelling = new Labelling(database, ledger, evaluations, suites);
      operations.addAll(new EvaluationRoutes(evaluations, labelling, drift).operations());
      operations.addAll(
          new ChangeRoutes(
                  changes,
                  new ChangePlanning(changes, evaluations, endpoints, Limits.changes(config)),
                  watch,
                  rollback,
                  registry::current,
                  fresh)
              .operations());
      operations.addAll(new DrillRoutes(drills).operations());
      operations.addAll(new RiskRoutes(risks, registry::current).operations());
      operations.addAll(new StatusRoutes(decisions, findings, enforcement).operations());
      operations.addAll(new EnforcementRoutes(enforcement, fresh).operations());
      operations.addAll(new EmergencyRoutes(emergencies, registry::current, fresh).operations());
      var explanations = new Explanations(evidence, logs, decisions, registry::find);
      operations.addAll(new DecisionRoutes(evidence, explanations).operations());
      operations.addAll(
          new RegistryRoutes(
                  registry,
                  decisions,
                  authorization.standings()::suspension,
                  changes::foresee,
                  config.decisions().replay(),
                  config.decisions().replayMax())
              .operations());
      operations.addAll(new ScopeReviewRoutes(registry).operations());
      operations.addAll(
          new MeasureRoutes(
                  new LiveEvidence(logs, registry, config.promotion().entriesMax()),
                  registry::current)
              .operations());
      operations.addAll(new ApplyRequestRoutes(registry.requests()).operations());
      operations.addAll(authorization.operations(fresh));
      operations.addAll(signals.operations());
      operations.addAll(new PageRoutes().operations());
      operations.addAll(signIn.operations());
      this.pages = signIn.visits();
      this.console =
          opened.add(
              new Console(
                  new Sources(
                      registry::current,
                      authorization,
                      approvals,
                      findings,
                      lending,
                      drills,
                      enforcement,
                      emergencies,
                      decisions,
                      () -> PassedGate.of(database, decisions.version()),
                      explanations,
                      risks::now,
                      promotions,
                      exercise,
                      exceptions,
                      registry.requests(),
                      changes,
                      rollback,
                      evaluations,
                      labelling,
                      new OwnAccount(registry),
                      logs,
                      courses,
                      COUNTS_FRESH_FOR),
                  signIn.visits()));
      operations.addAll(console.operations());
      operations.addAll(new ApprovalRoutes(approvals, fresh).operations());
      operations.addAll(authzen.operations());
      this.callers = authorization.callers();
      this.measured = List.of(findings, notifications, new DecisionMeters(decisions));
      this.needs = Map.of("the database", database::isReachable, "the ledger", ledger::isOurs);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static Function<Instant, Map<FindingId, FindingRoutes.Accepted>> accepted(
      Exceptions exceptions) {
    return now -> {
      var accepted = new HashMap<FindingId, FindingRoutes.Accepted>();
      exceptions
          .accepted(now)
          .forEach((finding, one) ->
              one.expiresAt()
                  .ifPresent(until ->
                      accepted.put(finding, new FindingRoutes.Accepted(one.id().value(), until))));
      return accepted;
    };
  }

  /// The classes of risk, for what approvals rest on.
  private static RiskClasses classes(CurrentRisks risks) {
    return new RiskClasses(
        Arrays.stream(RiskClass.values()).map(RiskClass::word).toList(),
        identity -> risks.now().of(identity).riskClass().word());
  }

  private static Optional<String> owner(Registry registry, String workflow) {
    return registry
        .current()
        .workflow(new WorkflowName(workflow))
        .map(known -> known.owner().value());
  }

  /// Adds the figures of all features.
  void measure(MeterRegistry registry) {
    measured.forEach(feature -> feature.bindTo(registry));
  }

  /// What can be asked, of all features.
  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /// Who tells one caller from another.
  Callers callers() {
    return callers;
  }

  /// Who knows whoever is signed in.
  PageDoor pages() {
    return pages;
  }

  /// Lets the calls that are under way finish and takes no more.
  void drain(Duration max) {
    console.close();
    models.drain();
    gateway.drain(max);
  }

  /// What must be there for calls to be served.
  Map<String, BooleanSupplier> needs() {
    return needs;
  }

  @Override
  public void close() {
    opened.close();
  }
}
