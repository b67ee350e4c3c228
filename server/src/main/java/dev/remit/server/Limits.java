package dev.remit.server;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.promotion.GateRules;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.authzen.AuthZenConfig;
import dev.remit.server.certificates.CertificateConfig;
import dev.remit.server.changes.ChangesConfig;
import dev.remit.server.changes.Triggers;
import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.decisions.DecisionConfig;
import dev.remit.server.detection.DetectionConfig;
import dev.remit.server.drills.DrillConfig;
import dev.remit.server.emergency.EmergencyConfig;
import dev.remit.server.enforcement.EnforcementConfig;
import dev.remit.server.evaluations.Endpoint;
import dev.remit.server.evaluations.EvaluationConfig;
import dev.remit.server.evidence.EvidenceLimits;
import dev.remit.server.exceptions.ExceptionsConfig;
import dev.remit.server.gateway.GatewayConfig;
import dev.remit.server.gateway.upstream.StdioLimits;
import dev.remit.server.http.ServerTls;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.TimestampConfig;
import dev.remit.server.lending.LendingConfig;
import dev.remit.server.models.ModelsConfig;
import dev.remit.server.promotion.PromotionConfig;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.rootlog.RootLogConfig;
import dev.remit.server.section.DrillsSection;
import dev.remit.server.section.EvaluationsSection;
import dev.remit.server.section.PromotionSection;
import dev.remit.server.section.SignalsSection;
import dev.remit.server.section.TokensSection;
import dev.remit.server.settings.SettingsWrong;
import dev.remit.server.signals.SignalConfig;
import dev.remit.server.signin.SignInConfig;
import dev.remit.server.tokens.HolderConfig;
import dev.remit.server.tokens.KeyTimes;
import dev.remit.server.tokens.Lifetimes;
import dev.remit.server.tokens.SuspensionConfig;
import dev.remit.server.tokens.SvidConfig;
import dev.remit.server.tokens.TokenConfig;
import dev.remit.server.tokens.proof.PemCertificates;
import dev.remit.server.tokens.proof.ProofConfig;
import dev.remit.server.witness.Witness;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Says the configuration in the words of each feature, so that no feature knows [Config].
final class Limits {
  private Limits() {}

  static LedgerConfig ledger(Config config) {
    var ledger = config.ledger();
    var origin =
        ledger.origin().isEmpty()
            ? config.trustDomain() + "/ledger/" + config.node()
            : ledger.origin();
    return new LedgerConfig(
        config.node(),
        origin,
        ledger.batchMax(),
        ledger.queueMax(),
        ledger.queueWaitMax(),
        ledger.heartbeatEvery(),
        ledger.checkpointEvery(),
        ledger.closeWaitMax(),
        Optional.empty());
  }

  static RootLogConfig rootLog(Config config) {
    var root = config.ledger().root();
    return new RootLogConfig(root.every(), root.takeOverAfter(), root.silentAfter());
  }

  static String rootOrigin(Config config) {
    var origin = config.ledger().root().origin();
    return origin.isEmpty() ? config.trustDomain() + "/ledger/root" : origin;
  }

  static List<Witness> witnesses(Config config) {
    return config.ledger().witnesses().stream()
        .map(witness -> new Witness(witness.url(), NoteKey.parse(witness.key())))
        .toList();
  }

  static TimestampConfig timestamps(Config config) {
    var timestamps = config.ledger().timestamps();
    return new TimestampConfig(timestamps.url(), timestamps.interval(), timestamps.answerWithin());
  }

  static EvidenceLimits evidence(Config config) {
    return new EvidenceLimits(
        config.ledger().bundleMax(), config.ledger().bundleBodiesMax().bytes());
  }

  static RegistryConfig registry(Config config) {
    var registry = config.registry();
    return new RegistryConfig(
        config.trustDomain(),
        registry.pilotMax(),
        registry.grantMax(),
        registry.pilotHighMax(),
        registry.grantHighMax(),
        config.promotion().gate() == PromotionSection.Gate.REQUIRED,
        registry.filesMax(),
        registry.declaredMax(),
        switch (registry.secondPerson()) {
          case PRODUCTION -> RegistryConfig.SecondPerson.PRODUCTION;
          case ALWAYS -> RegistryConfig.SecondPerson.ALWAYS;
          case NEVER -> RegistryConfig.SecondPerson.NEVER;
        },
        registry.agreeWithin(),
        registry.delegationMax());
  }

  static ChangesConfig changes(Config config) {
    var changes = config.changes();
    return new ChangesConfig(
        switch (changes.approval()) {
          case PRODUCTION -> ChangesConfig.Approval.PRODUCTION;
          case ALWAYS -> ChangesConfig.Approval.ALWAYS;
        },
        changes.lasts(),
        changes.highRiskLasts(),
        changes.canary(),
        changes.rollbackWithin(),
        changes.approvalWithin(),
        changes.withdrawalAhead(),
        changes.triggers().isEmpty() ? Triggers.DEFAULT : triggers(Path.of(changes.triggers())));
  }

  private static Triggers triggers(Path file) {
    try {
      return Triggers.read(Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "`changes.triggers` names `" + file + "`, which cannot be read: " + e.getMessage(), e);
    }
  }

  static PromotionConfig promotion(Config config) {
    var promotion = config.promotion();
    return new PromotionConfig(
        promotion.gate() == PromotionSection.Gate.REQUIRED,
        new GateRules(
            promotion.completenessMin(),
            promotion.provenWithin(),
            promotion.unusedPercentMax(),
            promotion.retentionMin(),
            promotion.telemetryMin(),
            promotion.modelSafety() == PromotionSection.Gate.REQUIRED),
        promotion.lookBack(),
        promotion.answerWithin(),
        promotion.grace(),
        promotion.demotedFor(),
        promotion.alertWithin());
  }

  static ExceptionsConfig exceptions(Config config) {
    var exceptions = config.exceptions();
    return new ExceptionsConfig(exceptions.lastsMax(), exceptions.answerWithin());
  }

  static RiskRules risk(Config config) {
    var risk = config.risk();
    return new RiskRules(
        risk.dataPoints(),
        risk.effectPoints(),
        risk.productionPoints(),
        risk.autonomyPoints(),
        risk.modelPoints(),
        risk.compoundPoints(),
        risk.sensitiveFrom(),
        risk.broadTools(),
        risk.moderateFrom(),
        risk.highFrom(),
        risk.criticalFrom());
  }

  static EmergencyConfig emergency(Config config) {
    var emergency = config.enforcement().emergency();
    return new EmergencyConfig(
        emergency.roles().isEmpty()
            ? EmergencyConfig.DEFAULT.roles()
            : Set.copyOf(emergency.roles()),
        emergency.alone(),
        emergency.lastsMax(),
        emergency.callsMax(),
        emergency.answerWithin(),
        emergency.reviewWithin());
  }

  static EnforcementConfig enforcement(Config config) {
    var enforcement = config.enforcement();
    return new EnforcementConfig(enforcement.observeMax(), enforcement.answerWithin());
  }

  static DecisionConfig decisions(Config config) {
    var decisions = config.decisions();
    return new DecisionConfig(
        decisions.engine(),
        decisions.gateRequests(),
        decisions.gateDecisions(),
        decisions.replay(),
        decisions.replayMax(),
        decisions.secondOpinionEvery(),
        decisions.secondOpinionsWaitingMax(),
        risk(config));
  }

  static CertificateConfig certificates(Config config) {
    var certificates = config.certificates();
    return new CertificateConfig(
        config.publicUrl(),
        config.trustDomain(),
        config.tokens().clockSkew(),
        certificates.lifetimeMax(),
        certificates.perTaskMax(),
        certificates.rotateEvery(),
        certificates.publishAhead(),
        certificates.listFor());
  }

  static SuspensionConfig suspension(Config config) {
    var suspension = config.suspension();
    return new SuspensionConfig(suspension.resumeWithin(), suspension.measureWithin());
  }

  static Optional<Path> suites(Config config) {
    return given(config.evaluations().suites()).map(Path::of);
  }

  static EvaluationConfig evaluations(Config config) {
    var evaluations = config.evaluations();
    return new EvaluationConfig(
        evaluations.endpoints().stream().map(Limits::endpoint).toList(),
        evaluations.concurrency(),
        Duration.ofSeconds(30),
        evaluations.probes().stream()
            .map(probe ->
                new EvaluationConfig.Probes(
                    probe.name(),
                    probe.endpoint(),
                    probe.suite(),
                    probe.approvedPercent() / 100.0,
                    probe.falseAlarmDays(),
                    probe.every()))
            .toList());
  }

  private static Endpoint endpoint(EvaluationsSection.Endpoint endpoint) {
    return new Endpoint(
        endpoint.name(),
        endpoint.url(),
        endpoint.model(),
        given(endpoint.declared()).map(ModelName::new),
        given(endpoint.secret()).map(SecretName::new),
        given(endpoint.identity()).map(IdentityName::new),
        endpoint.centsIn(),
        endpoint.centsOut());
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(given -> !given.isEmpty());
  }

  static DrillConfig drills(Config config) {
    var drills = config.drills();
    var nodes = drills.nodes().isEmpty() ? List.of(config.publicUrl().toString()) : drills.nodes();
    return new DrillConfig(
        drills.canaries().stream().map(Limits::canary).toList(),
        nodes.stream().map(URI::create).toList(),
        drills.every(),
        drills.rounds(),
        drills.target(),
        drills.within());
  }

  private static DrillConfig.Canary canary(DrillsSection.Canary canary) {
    return new DrillConfig.Canary(
        new IdentityName(canary.identity()),
        new SecretName(canary.key()),
        new ResourceName(canary.resource()),
        canary.databases().stream().map(Limits::database).toList());
  }

  private static DrillConfig.Database database(String path) {
    int slash = path.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException(
          "a canary's database is written RESOURCE/PROFILE, not `" + path + "`");
    }
    return new DrillConfig.Database(
        new ResourceName(path.substring(0, slash)), path.substring(slash + 1));
  }

  static TokenConfig tokens(Config config) {
    var tokens = config.tokens();
    return new TokenConfig(
        config.publicUrl(),
        tokens.clockSkew(),
        lifetimes(tokens.lifetimes(), risk(config)),
        tokens.checkedMax(),
        tokens.feedStaleAfter(),
        tokens.feedPollEvery(),
        tokens.operatorLifetime(),
        tokens.operatorLifetimeMax(),
        tokens.delegationsMax(),
        proofs(config),
        new HolderConfig(
            Set.copyOf(tokens.binding().autonomies()),
            Set.copyOf(tokens.binding().environments()),
            tokens.binding().proofWithin(),
            tokens.binding().nonceFor(),
            config.server().tls().clients()),
        new KeyTimes(tokens.keys().rotateEvery(), tokens.keys().publishAhead()),
        tokens.statusTtl(),
        new SvidConfig(config.trustDomain(), tokens.svidLifetime()));
  }

  static SignalConfig signals(Config config, Map<String, String> secrets) {
    var transmitters =
        config.signals().transmitters().stream()
            .map(one -> transmitter(config, one, secrets))
            .toList();
    return new SignalConfig(
        config.publicUrl(),
        config.tokens().clockSkew(),
        config.signals().ageMax(),
        proofs(config).fetch(),
        transmitters);
  }

  private static SignalConfig.Source transmitter(
      Config config, SignalsSection.TransmittedBy one, Map<String, String> secrets) {
    var variable = one.name().toUpperCase(Locale.ROOT).replace('-', '_');
    return new SignalConfig.Source(
        one.name(),
        one.issuer(),
        one.jwks(),
        one.audience().isEmpty()
            ? config.publicUrl() + "/v1/signals/" + one.name()
            : one.audience(),
        Optional.ofNullable(secrets.get("REMIT_SIGNALS_" + variable + "_TOKEN"))
            .filter(value -> !value.isBlank())
            .map(String::strip));
  }

  static SignInConfig signIn(Config config, Map<String, String> secrets) {
    var signIn = config.signIn();
    var secret =
        Optional.ofNullable(secrets.get("REMIT_SIGNIN_SECRET"))
            .filter(value -> !value.isBlank())
            .map(value -> new SignInConfig.Secret(value.strip()));
    var by =
        switch (signIn.findsBy()) {
          case EMAIL -> SignInConfig.FoundBy.EMAIL;
          case SUBJECT -> SignInConfig.FoundBy.SUBJECT;
        };
    return new SignInConfig(
        config.publicUrl(),
        signIn.passwords(),
        signIn.idleFor(),
        signIn.sessionMax(),
        signIn.freshFor(),
        signIn.freshFrom(),
        signIn.issuer().toString().isEmpty()
            ? Optional.empty()
            : Optional.of(new SignInConfig.Provider(signIn.issuer(), signIn.client(), secret, by)),
        signIn.privateClients(),
        proofs(config));
  }

  static DetectionConfig detection(Config config) {
    var detection = config.detection();
    return new DetectionConfig(
        detection.every(),
        detection.keyWithin(),
        detection.lateAfter(),
        detection.outsideMin(),
        detection.outsideWithin(),
        detection.placesWithin());
  }

  static ModelsConfig models(Config config) {
    var models = config.models();
    return new ModelsConfig(
        config.publicUrl(),
        models.requestMax().asInt(),
        models.answerMax().asInt(),
        models.eventMax().asInt(),
        models.streamMax().bytes(),
        models.withheldMax().asInt(),
        models.depthMax(),
        models.toolsMax(),
        models.proposalsMax(),
        models.outputTokensMax(),
        models.answerWithin(),
        models.wholeWithin(),
        models.holdFor());
  }

  static GatewayConfig gateway(Config config) {
    var gateway = config.gateway();
    return new GatewayConfig(
        config.publicUrl(),
        Set.copyOf(gateway.sites()),
        gateway.messageMax().asInt(),
        gateway.resultMax().asInt(),
        gateway.depthMax(),
        gateway.answerWithin(),
        gateway.listenFor(),
        new GatewayConfig.Holding(
            gateway.holdFor(),
            gateway.holdCountedFor(),
            gateway.holdTellEvery(),
            gateway.holdRoundsMax()),
        gateway.attendAfter(),
        gateway.unattendedMax(),
        gateway.definitionsFor(),
        gateway.sessionsPerTaskMax(),
        new StdioLimits(
            gateway.processesPerResourceMax(), gateway.discoverWithin(), gateway.definitionsFor()));
  }

  static AuthZenConfig authzen(Config config) {
    var authzen = config.authzen();
    return new AuthZenConfig(
        config.publicUrl(),
        authzen.requestMax().asInt(),
        authzen.depthMax(),
        authzen.evaluationsMax(),
        authzen.pageMax(),
        authzen.searchMax());
  }

  static LendingConfig lending(Config config) {
    var credentials = config.credentials();
    return new LendingConfig(
        credentials.perTaskMax(),
        credentials.lifetimeMax(),
        credentials.within(),
        credentials.stuckAfter(),
        credentials.sweepEvery(),
        credentials.revocationsAtOnce(),
        credentials.connectionsMax(),
        credentials.completionWait(),
        credentials.linkFor());
  }

  static OutsideConfig outside(Config config) {
    var secrets = config.secrets();
    return new OutsideConfig(
        secrets.within(), secrets.answerMax().asInt(), secrets.tokenLifeMax(), secrets.staleFor());
  }

  static ApprovalsConfig approvals(Config config) {
    return new ApprovalsConfig(
        config.approvals().outcomeFor(),
        config.approvals().outcomeMax().asInt(),
        new ApprovalsConfig.Reminding(
            config.approvals().remindAfterPercent(), config.approvals().escalateAfterPercent()),
        new ApprovalsConfig.ForTask(
            config.approvals().forTask().usesMax(), config.approvals().forTask().lastsMax()),
        new ApprovalsConfig.Crowding(
            config.approvals().crowding().taskMax(),
            config.approvals().crowding().identityMax(),
            config.approvals().crowding().workflowMax(),
            config.approvals().crowding().askedMax(),
            config.approvals().crowding().askedWithin()));
  }

  /// Which duties are apart from approving, beside those that always are.
  static Set<Duty> apart(Config config) {
    return Set.copyOf(config.approvals().apart());
  }

  private static ProofConfig proofs(Config config) {
    var proofs = config.tokens().proofs();
    return new ProofConfig(
        config.publicUrl(),
        config.tokens().clockSkew(),
        proofs.ownLifetimeMax(),
        proofs.platformLifetimeMax(),
        new ProofConfig.Fetch(
            proofs.fetchTimeout(),
            proofs.fetchMax().asInt(),
            proofs.keysFreshFor(),
            proofs.keysUsableFor(),
            proofs.fetchAgainAfter()),
        named(() -> PemCertificates.read(proofs.clientAuthorities())),
        proofs.bundles().stream().map(Limits::bundle).toList());
  }

  private static ProofConfig.Bundle bundle(TokensSection.Bundle bundle) {
    return new ProofConfig.Bundle(
        bundle.trustDomain(),
        bundle.file().toString().isEmpty()
            ? new ProofConfig.Bundle.From.Endpoint(bundle.url())
            : new ProofConfig.Bundle.From.File(bundle.file()));
  }

  private static Lifetimes lifetimes(TokensSection.Lifetimes lifetimes, RiskRules rules) {
    var rows = new ArrayList<Lifetimes.Row>();
    rows.addAll(rows(IdentityKind.SERVICE, lifetimes.service()));
    rows.addAll(rows(IdentityKind.AUTOMATION, lifetimes.automation()));
    rows.addAll(rows(IdentityKind.CHATBOT, lifetimes.chatbot()));
    rows.addAll(rows(IdentityKind.AGENT, lifetimes.agent()));
    return new Lifetimes(
        rows, new Lifetimes.ByRisk(lifetimes.highPercent(), lifetimes.criticalPercent(), rules));
  }

  private static List<Lifetimes.Row> rows(IdentityKind kind, TokensSection.Life life) {
    return List.of(
        new Lifetimes.Row(kind, Autonomy.ANSWERS_ONLY, life.answersOnly(), life.task()),
        new Lifetimes.Row(
            kind, Autonomy.ACTS_WITH_CONFIRMATION, life.actsWithConfirmation(), life.task()),
        new Lifetimes.Row(kind, Autonomy.ACTS_ALONE, life.actsAlone(), life.task()));
  }

  /// Returns by what the server shows itself, if it speaks TLS itself.
  ///
  /// @throws SettingsWrong if a file that is named is not there or holds something else
  static Optional<Tls> tls(Config config) {
    var tls = config.server().tls();
    return tls.isOn()
        ? Optional.of(named(new ServerTls(tls.certificate(), tls.key(), tls.clients())::load))
        : Optional.empty();
  }

  /// A file that a setting names is a part of the setting: what is wrong with it is told like that.
  private static <T> T named(Supplier<T> file) {
    try {
      return file.get();
    } catch (IllegalArgumentException e) {
      throw new SettingsWrong(List.of(String.valueOf(e.getMessage())));
    }
  }
}
