package dev.remit.server;

import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.section.ApprovalsSection;
import dev.remit.server.section.AuthzenSection;
import dev.remit.server.section.CertificatesSection;
import dev.remit.server.section.CredentialsSection;
import dev.remit.server.section.DatabaseSection;
import dev.remit.server.section.DecisionsSection;
import dev.remit.server.section.DetectionSection;
import dev.remit.server.section.DrillsSection;
import dev.remit.server.section.EnforcementSection;
import dev.remit.server.section.EvaluationsSection;
import dev.remit.server.section.ExceptionsSection;
import dev.remit.server.section.ExportSection;
import dev.remit.server.section.GatewaySection;
import dev.remit.server.section.LedgerSection;
import dev.remit.server.section.LoggingSection;
import dev.remit.server.section.ModelsSection;
import dev.remit.server.section.NotificationsSection;
import dev.remit.server.section.PromotionSection;
import dev.remit.server.section.RegistrySection;
import dev.remit.server.section.RiskSection;
import dev.remit.server.section.SecretsSection;
import dev.remit.server.section.ServerSection;
import dev.remit.server.section.SignInSection;
import dev.remit.server.section.SignalsSection;
import dev.remit.server.section.SuspensionSection;
import dev.remit.server.section.TokensSection;
import dev.remit.server.settings.HostPort;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Everything that can be set, read once at start by [ConfigSource] and never again.
///
/// One YAML file, command-line options over it, and the environment for secrets. A key that is not
/// here stops the start. `docs/reference/configuration.md` is written from this file; how to add a
/// key stands in [dev.remit.server.settings].
public record Config(
    @Setting(value = "127.0.0.1:8480", says = "where the server listens; port 0 takes a free one")
        HostPort listen,
    @Setting(
            says =
                "how callers reach the server, without a slash at the end; token issuer and audience"
                    + " begin with it. By default `http://` and `listen`")
        URI publicUrl,
    @Setting(value = "data", says = "directory for keys and, with the private PostgreSQL, all data")
        Path data,
    @Setting(value = "remit.local", says = "SPIFFE trust domain of the identities")
        String trustDomain,
    @Setting(
            value = "node-1",
            says = "name of this node; of several nodes over one database, each needs its own")
        String node,
    DatabaseSection database,
    RegistrySection registry,
    RiskSection risk,
    PromotionSection promotion,
    ExceptionsSection exceptions,
    TokensSection tokens,
    SignInSection signIn,
    GatewaySection gateway,
    ModelsSection models,
    ApprovalsSection approvals,
    CredentialsSection credentials,
    CertificatesSection certificates,
    SecretsSection secrets,
    LedgerSection ledger,
    DecisionsSection decisions,
    AuthzenSection authzen,
    EnforcementSection enforcement,
    SuspensionSection suspension,
    DrillsSection drills,
    EvaluationsSection evaluations,
    @Setting(says = "where the ledger's entries are sent to others, each at least once")
        List<ExportSection> exports,
    NotificationsSection notifications,
    SignalsSection signals,
    DetectionSection detection,
    ServerSection server,
    LoggingSection logging) {
  public Config {
    if (node.equals(LedgerConfig.ROOT)) {
      throw new IllegalArgumentException(
          "`node` is `root`, which is the name of the log over all nodes; name it otherwise");
    }
    exports = List.copyOf(exports);
    var names = exports.stream().map(ExportSection::name).toList();
    if (names.size() != Set.copyOf(names).size()) {
      throw new IllegalArgumentException("two exports have one name: " + names);
    }
    if (names.size() > 32) {
      throw new IllegalArgumentException("`exports` has at most 32 of them, was " + names.size());
    }
  }

  /// The same, reachable at the address that was really taken: `listen` for a free port, and the
  /// public URL that follows from it unless one was given.
  Config listeningAt(HostPort address) {
    var url =
        publicUrl.toString().isEmpty()
            ? URI.create((server.tls().isOn() ? "https://" : "http://") + address)
            : publicUrl;
    return new Config(
        address,
        url,
        data,
        trustDomain,
        node,
        database,
        registry,
        risk,
        promotion,
        exceptions,
        tokens,
        signIn,
        gateway,
        models,
        approvals,
        credentials,
        certificates,
        secrets,
        ledger,
        decisions,
        authzen,
        enforcement,
        suspension,
        drills,
        evaluations,
        exports,
        notifications,
        signals,
        detection,
        server,
        logging);
  }
}
