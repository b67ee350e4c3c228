package dev.remit.server;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.server.decisions.DecisionEngine;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.notifications.About;
import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.HostPort;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

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
    Registry registry,
    Risk risk,
    Promotion promotion,
    Exceptions exceptions,
    Tokens tokens,
    SignIn signIn,
    Gateway gateway,
    Approvals approvals,
    Credentials credentials,
    Certificates certificates,
    Secrets secrets,
    Ledger ledger,
    Decisions decisions,
    Authzen authzen,
    Enforcement enforcement,
    Suspension suspension,
    Drills drills,
    @Setting(says = "where the ledger's entries are sent to others, each at least once")
        List<Export> exports,
    Notifications notifications,
    Signals signals,
    Detection detection,
    Server server,
    Logging logging) {
  public Config {
    if (node.equals(LedgerConfig.ROOT)) {
      throw new IllegalArgumentException(
          "`node` is `root`, which is the name of the log over all nodes; name it otherwise");
    }
    exports = List.copyOf(exports);
    var names = exports.stream().map(Export::name).toList();
    if (names.size() != Set.copyOf(names).size()) {
      throw new IllegalArgumentException("two exports have one name: " + names);
    }
    if (names.size() > 32) {
      throw new IllegalArgumentException("`exports` has at most 32 of them, was " + names.size());
    }
  }

  /// Where state is kept. With an empty `url` a private PostgreSQL runs inside `data`.
  public record DatabaseSection(
      @Setting(says = "JDBC URL of a PostgreSQL 15 or newer; without one a private one is started")
          String url,
      @Setting(
              value = "remit",
              says = "role that owns the schema; its password is `REMIT_DATABASE_PASSWORD`")
          String user,
      @Setting(value = "16", says = "most connections held at once") int poolMax,
      @Setting(
              value = "5s",
              says = "longest wait for a connection before the database counts as gone")
          Duration waitMax,
      @Setting(value = "30s", says = "longest that one statement may run") Duration statementMax) {
    public DatabaseSection {
      between("poolMax", poolMax, 2, 1000);
    }

    public boolean isPrivate() {
      return url.isEmpty();
    }
  }

  /// Bounds of what may be declared.
  public record Registry(
      @Setting(value = "180d", says = "how far ahead a pilot's expiry may lie") Duration pilotMax,
      @Setting(value = "366d", says = "how far ahead a grant's expiry may lie") Duration grantMax,
      @Setting(value = "120d", says = "the same for a pilot of high or critical risk")
          Duration pilotHighMax,
      @Setting(value = "120d", says = "the same for a grant in a workflow of high or critical risk")
          Duration grantHighMax,
      @Setting(value = "2000", says = "most files in one plan or apply") int filesMax,
      @Setting(value = "100000", says = "most things declared altogether") int declaredMax,
      @Setting(
              value = "production",
              says =
                  "which changes wait for a second person: `production` is those that touch what a"
                      + " workflow in production rests on")
          SecondPerson secondPerson,
      @Setting(value = "24h", says = "how long a second person may take to agree to a change")
          Duration agreeWithin,
      @Setting(value = "30d", says = "longest that a delegate stands in for somebody")
          Duration delegationMax) {
    public enum SecondPerson {
      PRODUCTION,
      ALWAYS,
      NEVER
    }

    public Registry {
      between("agreeWithin", agreeWithin, Duration.ofMinutes(1), Duration.ofDays(30));
      between("delegationMax", delegationMax, Duration.ofHours(1), Duration.ofDays(366));
    }
  }

  /// How pilots come into production, and how long they stay there when proofs decay.
  public record Promotion(
      @Setting(
              value = "required",
              says =
                  "`required`: a workflow comes into production by promotion only, and is demoted when"
                      + " its proofs decay; `advisory`: manifests may say `production`, and what"
                      + " decays is a finding and no more")
          Gate gate,
      @Setting(value = "30d", says = "how far back the gate looks at what was done")
          Duration lookBack,
      @Setting(
              value = "20000",
              says = "most entries that one look takes; with more it looks back less far")
          int entriesMax,
      @Setting(value = "7d", says = "how old a drill or an exercise may be") Duration provenWithin,
      @Setting(value = "9900", says = "least completeness of evidence, in ten-thousandths")
          int completenessMin,
      @Setting(value = "50", says = "percent of a grant's tools that may not have been used")
          int unusedPercentMax,
      @Setting(value = "30d", says = "least time for which evidence is kept") Duration retentionMin,
      @Setting(value = "24h", says = "how long a second person may take to agree")
          Duration answerWithin,
      @Setting(
              value = "72h",
              says = "how long after the notice a workflow whose proofs have decayed is demoted")
          Duration grace,
      @Setting(value = "30d", says = "how long a demoted workflow is a pilot before it ends")
          Duration demotedFor,
      @Setting(value = "15m", says = "how often workflows in production are looked at")
          Duration sweepEvery,
      @Setting(value = "15s", says = "how long an exercise waits for its alert")
          Duration alertWithin) {
    public enum Gate {
      REQUIRED,
      ADVISORY
    }

    public Promotion {
      between("lookBack", lookBack, Duration.ofMinutes(1), Duration.ofDays(366));
      between("entriesMax", entriesMax, 100, 1_000_000);
      between("provenWithin", provenWithin, Duration.ofSeconds(1), Duration.ofDays(366));
      between("completenessMin", completenessMin, 0, 10_000);
      between("unusedPercentMax", unusedPercentMax, 0, 100);
      between("retentionMin", retentionMin, Duration.ofDays(1), Duration.ofDays(36_500));
      between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(30));
      between("grace", grace, Duration.ZERO, Duration.ofDays(30));
      between("demotedFor", demotedFor, Duration.ofDays(1), Duration.ofDays(180));
      between("sweepEvery", sweepEvery, Duration.ofSeconds(1), Duration.ofDays(1));
      between("alertWithin", alertWithin, Duration.ofSeconds(1), Duration.ofMinutes(1));
    }
  }

  /// Accepting a finding for a while, which takes two people.
  public record Exceptions(
      @Setting(value = "90d", says = "longest time for which a finding is accepted")
          Duration lastsMax,
      @Setting(value = "24h", says = "how long a second person may take to agree")
          Duration answerWithin) {
    public Exceptions {
      between("lastsMax", lastsMax, Duration.ofHours(1), Duration.ofDays(366));
      between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(30));
    }
  }

  /// How risk is weighed: points that add up to a score of 100 at most.
  public record Risk(
      @Setting(value = "30", says = "for data of sensitivity 100; less sensitive in proportion")
          int dataPoints,
      @Setting(
              value = "30",
              says =
                  "for tools that show secrets or run code; 5/6 of it for what destroys or reaches"
                      + " a cloud API, half for tickets, a third for other changes")
          int effectPoints,
      @Setting(value = "5", says = "more where a side effect is in production")
          int productionPoints,
      @Setting(value = "15", says = "for acting alone; a third of it for acting when confirmed")
          int autonomyPoints,
      @Setting(
              value = "15",
              says =
                  "for a model that is beta or that nobody has declared; 5/3 of it when withdrawn, a"
                      + " third when deprecated")
          int modelPoints,
      @Setting(
              value = "10",
              says =
                  "for each two of: unstable model, grant of more than it names, secret in several"
                      + " places")
          int compoundPoints,
      @Setting(value = "40", says = "sensitivity from which data makes the risk moderate at least")
          int sensitiveFrom,
      @Setting(value = "20", says = "tools in one grant beyond which it is more than a task needs")
          int broadTools,
      @Setting(value = "25", says = "score from which the risk is moderate") int moderateFrom,
      @Setting(value = "50", says = "score from which it is high") int highFrom,
      @Setting(value = "75", says = "score from which it is critical") int criticalFrom) {
    public Risk {
      between("dataPoints", dataPoints, 0, 100);
      between("effectPoints", effectPoints, 0, 100);
      between("productionPoints", productionPoints, 0, 100);
      between("autonomyPoints", autonomyPoints, 0, 100);
      between("modelPoints", modelPoints, 0, 100);
      between("compoundPoints", compoundPoints, 0, 100);
      between("sensitiveFrom", sensitiveFrom, 1, 100);
      between("broadTools", broadTools, 1, 10_000);
      between("moderateFrom", moderateFrom, 1, 98);
      between("highFrom", highFrom, moderateFrom + 1, 99);
      between("criticalFrom", criticalFrom, highFrom + 1, 100);
    }
  }

  /// Task tokens, operator tokens, and what workloads prove themselves with.
  public record Tokens(
      Lifetimes lifetimes,
      @Setting(value = "30s", says = "how far other clocks may be off") Duration clockSkew,
      @Setting(value = "100000", says = "verified tokens that are remembered") int checkedMax,
      @Setting(
              value = "5s",
              says = "age of the news about suspensions beyond which every token is refused")
          Duration feedStaleAfter,
      @Setting(value = "1s", says = "how often is asked for such news although none was announced")
          Duration feedPollEvery,
      @Setting(value = "12h", says = "life of an operator token when nothing else is asked")
          Duration operatorLifetime,
      @Setting(value = "30d", says = "longest life of an operator token")
          Duration operatorLifetimeMax,
      @Setting(value = "4", says = "how many times a part of a task is delegated at most")
          int delegationsMax,
      @Setting(
              value = "5m",
              says = "longest life of a JWT-SVID; the end of its task token comes first")
          Duration svidLifetime,
      Binding binding,
      @Setting(
              value = "15s",
              says = "how long whoever took a status list need not ask for it again")
          Duration statusTtl,
      Proofs proofs,
      Keys keys) {
    public Tokens {
      between("statusTtl", statusTtl, Duration.ofSeconds(1), Duration.ofMinutes(15));
      between("svidLifetime", svidLifetime, Duration.ofSeconds(30), Duration.ofHours(1));
    }
  }

  /// The keys that sign task tokens.
  public record Keys(
      @Setting(value = "30d", says = "how long one key signs before the next takes over")
          Duration rotateEvery,
      @Setting(value = "10m", says = "how long the next key is published before it signs")
          Duration publishAhead) {
    public Keys {
      between("rotateEvery", rotateEvery, Duration.ofHours(1), Duration.ofDays(400));
      between("publishAhead", publishAhead, Duration.ofMinutes(6), Duration.ofDays(1));
      if (publishAhead.compareTo(rotateEvery) >= 0) {
        throw new IllegalArgumentException("`publishAhead` must be less than `rotateEvery`");
      }
    }
  }

  /// Whose tokens must be bound to a key or a certificate; anybody may bind theirs.
  public record Binding(
      @Setting(says = "autonomy of identities that get bound tokens only, such as `acts-alone`")
          List<Autonomy> autonomies,
      @Setting(says = "environments whose resources take bound tokens only, such as `production`")
          List<Environment> environments,
      @Setting(value = "60s", says = "age of a DPoP proof beyond which it is refused")
          Duration proofWithin,
      @Setting(value = "5m", says = "how long a nonce for such proofs can be used")
          Duration nonceFor) {
    public Binding {
      autonomies = List.copyOf(autonomies);
      environments = List.copyOf(environments);
      between("proofWithin", proofWithin, Duration.ofSeconds(1), Duration.ofMinutes(5));
      between("nonceFor", nonceFor, Duration.ofSeconds(10), Duration.ofHours(1));
    }
  }

  /// The more dynamic a workload, the shorter its tokens live.
  public record Lifetimes(
      @Setting("answersOnly=15m actsWithConfirmation=15m actsAlone=12m task=24h") Life service,
      @Setting("answersOnly=15m actsWithConfirmation=12m actsAlone=10m task=12h") Life automation,
      @Setting("answersOnly=10m actsWithConfirmation=10m actsAlone=8m task=8h") Life chatbot,
      @Setting("answersOnly=8m actsWithConfirmation=5m actsAlone=3m task=4h") Life agent,
      @Setting(
              value = "50",
              says = "percent of these that tokens and tasks live in a workflow of high risk")
          int highPercent,
      @Setting(value = "25", says = "the same where its risk is critical") int criticalPercent) {
    public Lifetimes {
      between("highPercent", highPercent, 1, 100);
      between("criticalPercent", criticalPercent, 1, highPercent);
    }
  }

  /// One kind of workload.
  public record Life(
      @Setting(says = "life of a token of one that only answers") Duration answersOnly,
      @Setting(says = "of one that acts once a person agrees") Duration actsWithConfirmation,
      @Setting(says = "of one that acts alone") Duration actsAlone,
      @Setting(says = "life of a task, after which nothing more is issued for it") Duration task) {}

  /// What a platform or a key holder shows to get a token.
  public record Proofs(
      @Setting(value = "5m", says = "longest life of a proof signed with the identity's own key")
          Duration ownLifetimeMax,
      @Setting(value = "24h", says = "longest life of a platform's proof")
          Duration platformLifetimeMax,
      @Setting(value = "3s", says = "longest wait for a platform's keys") Duration fetchTimeout,
      @Setting(value = "256KiB", says = "largest document of keys") ByteSize fetchMax,
      @Setting(value = "10m", says = "how long fetched keys are used without asking again")
          Duration keysFreshFor,
      @Setting(value = "1h", says = "how long they are used while the platform is unreachable")
          Duration keysUsableFor,
      @Setting(value = "10s", says = "least time between two fetches from one platform")
          Duration fetchAgainAfter,
      @Setting(says = "PEM file of the authorities that certify clients (`tlsClientAuth`)")
          Path clientAuthorities,
      @Setting(says = "SPIFFE trust domains whose SVIDs are believed") List<Bundle> bundles) {
    public Proofs {
      bundles = List.copyOf(bundles);
      var names = bundles.stream().map(Bundle::trustDomain).toList();
      if (names.size() != Set.copyOf(names).size() || names.size() > 64) {
        throw new IllegalArgumentException(
            "`bundles` has at most 64 trust domains, each once, was " + names);
      }
    }
  }

  /// Where the keys of one SPIFFE trust domain are to be had.
  public record Bundle(
      @Setting(says = "name of the trust domain, such as `prod.example`") String trustDomain,
      @Setting(says = "its bundle endpoint (profile `https_web`)") URI url,
      @Setting(says = "or a file that holds its bundle") Path file) {
    public Bundle {
      boolean hasUrl = !url.toString().isEmpty();
      if (hasUrl == !file.toString().isEmpty()) {
        throw new IllegalArgumentException(
            "the bundle of `" + trustDomain + "` needs either `url` or `file`");
      }
      if (hasUrl && !isHttpsOrHere(url)) {
        throw new IllegalArgumentException(
            "the bundle of `" + trustDomain + "` is not at an https address");
      }
    }
  }

  /// How people sign in with a browser. The secret at the identity provider is
  /// `REMIT_SIGNIN_SECRET`; without one the server signs with the keys at its `/oauth2/jwks`.
  public record SignIn(
      @Setting(
              value = "true",
              says =
                  "whether people may have passwords here, set by invitations of an administrator")
          boolean passwords,
      @Setting(
              says =
                  "issuer of the OpenID Connect provider where people sign in; by default there is"
                      + " none. Its redirect URI is `publicUrl` and `/sign-in/callback`")
          URI issuer,
      @Setting(says = "our client ID there") String client,
      @Setting(
              value = "email",
              says = "which claim finds a declared person: `email`, verified, or `subject` (`sub`)")
          FoundBy findsBy,
      @Setting(value = "30m", says = "how long a person stays signed in without doing anything")
          Duration idleFor,
      @Setting(value = "12h", says = "how long a person stays signed in at most")
          Duration sessionMax,
      @Setting(
              value = "false",
              says =
                  "whether clients that log in by themselves may have their metadata at private and"
                      + " loopback addresses; it is fetched from wherever a link says")
          boolean privateClients) {
    public enum FoundBy {
      EMAIL,
      SUBJECT
    }

    public SignIn {
      between("idleFor", idleFor, Duration.ofMinutes(1), Duration.ofDays(1));
      between("sessionMax", sessionMax, idleFor, Duration.ofDays(7));
      boolean hasIssuer = !issuer.toString().isEmpty();
      if (hasIssuer && !isHttpsOrHere(issuer)) {
        throw new IllegalArgumentException("`issuer` is not an https address, was " + issuer);
      }
      if (hasIssuer == client.isEmpty()) {
        throw new IllegalArgumentException("`issuer` and `client` go together");
      }
    }
  }

  /// Bounds of one governed call.
  public record Gateway(
      @Setting(says = "further `host[:port]` values accepted in `Host` and `Origin`")
          List<String> sites,
      @Setting(value = "4MiB", says = "longest message from an agent") ByteSize messageMax,
      @Setting(value = "16MiB", says = "longest single message from an upstream")
          ByteSize resultMax,
      @Setting(value = "64", says = "deepest nesting of a message") int depthMax,
      @Setting(value = "60s", says = "longest silence of an upstream while a request is open")
          Duration answerWithin,
      @Setting(value = "10m", says = "longest silence of a stream without a request")
          Duration listenFor,
      @Setting(
              value = "15s",
              says =
                  "longest that a held call waits for a person before the agent"
                      + " is told to come back")
          Duration holdFor,
      @Setting(
              value = "55s",
              says =
                  "the same for a client that counts the progress of its request; many give up"
                      + " after 60 s all the same")
          Duration holdCountedFor,
      @Setting(value = "5s", says = "how often such a client is told that the call still waits")
          Duration holdTellEvery,
      @Setting(
              value = "8",
              says = "how often a 2026-07-28 client is sent round before it is told to repeat")
          int holdRoundsMax,
      @Setting(
              value = "100ms",
              says = "age of a request from which an agent that hangs up is noticed at once")
          Duration attendAfter,
      @Setting(
              value = "60s",
              says =
                  "longest that a request of protocol 2025-11-25 or before goes on after its agent"
                      + " has hung up")
          Duration unattendedMax,
      @Setting(value = "5m", says = "how long a list of definitions counts as fresh")
          Duration definitionsFor,
      @Setting(value = "64", says = "sessions that one task may have open on one resource")
          int sessionsPerTaskMax,
      @Setting(
              value = "256",
              says = "processes of one server that runs as a child, one for each session or task")
          int processesPerResourceMax,
      @Setting(
              value = "10s",
              says = "longest that such a server may take to say which protocol era it speaks")
          Duration discoverWithin) {
    public Gateway {
      sites = List.copyOf(sites);
      between("depthMax", depthMax, 1, 1000);
      between("attendAfter", attendAfter, Duration.ofMillis(10), Duration.ofSeconds(10));
      between("unattendedMax", unattendedMax, Duration.ofSeconds(1), Duration.ofHours(1));
      between("sessionsPerTaskMax", sessionsPerTaskMax, 1, 100_000);
      between("holdRoundsMax", holdRoundsMax, 0, 1_000);
      between("holdFor", holdFor, Duration.ZERO, Duration.ofHours(1));
      between("holdCountedFor", holdCountedFor, Duration.ZERO, Duration.ofHours(1));
      between("holdTellEvery", holdTellEvery, Duration.ofSeconds(1), Duration.ofMinutes(1));
      between("processesPerResourceMax", processesPerResourceMax, 1, 10_000);
      between("discoverWithin", discoverWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
    }
  }

  /// What is kept of calls that were made under an approval.
  public record Approvals(
      @Setting(value = "10m", says = "how long the answer is kept for a repeat of the call")
          Duration outcomeFor,
      @Setting(value = "1MiB", says = "longest answer that is kept") ByteSize outcomeMax,
      @Setting(
              value = "50",
              says = "after how many percent of its time people are told of a held call again")
          int remindAfterPercent,
      @Setting(
              value = "80",
              says = "after how many percent the workflow's escalation contact is told")
          int escalateAfterPercent,
      @Setting(
              says =
                  "parts that are apart from approving a held call, beside what policies say"
                      + " (`@apart`)")
          List<Duty> apart,
      ForTask forTask,
      Crowding crowding) {
    public Approvals {
      apart = List.copyOf(apart);
      between("outcomeFor", outcomeFor, Duration.ZERO, Duration.ofHours(24));
      between("remindAfterPercent", remindAfterPercent, 1, 100);
      between("escalateAfterPercent", escalateAfterPercent, 1, 100);
    }
  }

  /// To how much one answer can be good in a task, whatever policy says.
  public record ForTask(
      @Setting(value = "100", says = "calls that may be agreed to at once") int usesMax,
      @Setting(value = "1h", says = "how long such an agreement may last") Duration lastsMax) {
    public ForTask {
      between("usesMax", usesMax, 1, 1_000);
      between("lastsMax", lastsMax, Duration.ofSeconds(1), Duration.ofHours(24));
    }
  }

  /// How much people are asked at once, before an agent is told to wait.
  public record Crowding(
      @Setting(value = "20", says = "held calls that wait under one task") int taskMax,
      @Setting(value = "100", says = "held calls that wait under one identity") int identityMax,
      @Setting(value = "500", says = "held calls that wait under one workflow") int workflowMax,
      @Setting(
              value = "120",
              says = "held calls for which one identity may ask within `askedWithin`")
          int askedMax,
      @Setting(value = "10m", says = "the time in which these are counted") Duration askedWithin) {
    public Crowding {
      between("taskMax", taskMax, 1, 100_000);
      between("identityMax", identityMax, 1, 100_000);
      between("workflowMax", workflowMax, 1, 1_000_000);
      between("askedMax", askedMax, 1, 1_000_000);
      between("askedWithin", askedWithin, Duration.ofSeconds(1), Duration.ofHours(24));
    }
  }

  /// Secrets that are kept elsewhere, and tokens that upstreams give for them.
  public record Secrets(
      @Setting(
              value = "",
              says = "directory in which files with secrets may be; none may while this is empty")
          String filesBelow,
      @Setting(
              value = "5s",
              says = "longest wait for the answer of a token endpoint or a vault, all of it")
          Duration within,
      @Setting(value = "64KiB", says = "longest answer of a token endpoint or a vault")
          ByteSize answerMax,
      @Setting(
              value = "1h",
              says = "longest that an upstream's token is used, whatever the upstream says")
          Duration tokenLifeMax,
      @Setting(
              value = "1m",
              says = "how long a vault's last answer serves while the vault cannot be reached")
          Duration staleFor,
      Vault vault) {
    public Secrets {
      if (!filesBelow.isEmpty() && !Path.of(filesBelow).isAbsolute()) {
        throw new IllegalArgumentException("`filesBelow` has to be an absolute path");
      }
      between("within", within, Duration.ofMillis(100), Duration.ofMinutes(1));
      between("tokenLifeMax", tokenLifeMax, Duration.ofMinutes(1), Duration.ofDays(1));
      between("staleFor", staleFor, Duration.ZERO, Duration.ofHours(1));
    }

    /// A Vault-compatible server.
    public record Vault(
        @Setting(
                value = "",
                says = "its address; its token is `tokenFile` or the variable `REMIT_VAULT_TOKEN`")
            String url,
        @Setting(value = "", says = "its namespace, if it has any") String namespace,
        @Setting(value = "", says = "file with the token, read again at each use")
            String tokenFile) {
      public Vault {
        if (!url.isEmpty() && !isHttpsOrHere(URI.create(url))) {
          throw new IllegalArgumentException("`url` has to be https, except on this machine");
        }
      }
    }
  }

  /// Credentials of databases that live for one task.
  public record Credentials(
      @Setting(value = "4", says = "most credentials that one task has at once") int perTaskMax,
      @Setting(value = "1h", says = "longest life of one; the end of its task comes first")
          Duration lifetimeMax,
      @Setting(
              value = "5s",
              says = "longest wait for a connection to, and a statement at, a database")
          Duration within,
      @Setting(
              value = "1m",
              says = "how long taking one away may fail before it is an alarm; it is tried on")
          Duration stuckAfter,
      @Setting(
              value = "1m",
              says = "how often each database is looked at for roles that should not be there")
          Duration sweepEvery,
      @Setting(value = "8", says = "most credentials that one node takes away at the same time")
          int revocationsAtOnce,
      @Setting(value = "16", says = "most connections of one node to one database")
          int connectionsMax,
      @Setting(
              value = "5s",
              says =
                  "how long the answer to completing a task waits for its credentials to be gone")
          Duration completionWait,
      @Setting(value = "1m", says = "how long a link that shows a secret once is good")
          Duration linkFor) {
    public Credentials {
      between("linkFor", linkFor, Duration.ofSeconds(5), Duration.ofMinutes(10));
      between("perTaskMax", perTaskMax, 1, 1000);
      between("lifetimeMax", lifetimeMax, Duration.ofSeconds(10), Duration.ofDays(7));
      between("within", within, Duration.ofSeconds(1), Duration.ofMinutes(1));
      between("stuckAfter", stuckAfter, Duration.ofSeconds(1), Duration.ofDays(1));
      between("sweepEvery", sweepEvery, Duration.ofSeconds(1), Duration.ofHours(1));
      between("revocationsAtOnce", revocationsAtOnce, 1, 256);
      between("connectionsMax", connectionsMax, 2, 256);
      between("completionWait", completionWait, Duration.ZERO, Duration.ofSeconds(20));
    }
  }

  /// X.509-SVIDs that live for one task, and the authorities that sign them.
  public record Certificates(
      @Setting(
              value = "15m",
              says = "longest life of one; the ends of its task token and its task come first")
          Duration lifetimeMax,
      @Setting(value = "8", says = "most certificates that one task has at once") int perTaskMax,
      @Setting(value = "30d", says = "how long one authority signs before the next takes over")
          Duration rotateEvery,
      @Setting(value = "10m", says = "how long the next authority is in the bundle before it signs")
          Duration publishAhead,
      @Setting(
              value = "10m",
              says =
                  "how long a list of revoked certificates is good; a new one is made when"
                      + " something is revoked, and by half of that")
          Duration listFor) {
    public Certificates {
      between("lifetimeMax", lifetimeMax, Duration.ofMinutes(1), Duration.ofHours(1));
      between("perTaskMax", perTaskMax, 1, 1000);
      between("publishAhead", publishAhead, Duration.ofMinutes(6), Duration.ofDays(1));
      between("rotateEvery", rotateEvery, publishAhead.multipliedBy(2), Duration.ofDays(400));
      between("listFor", listFor, Duration.ofMinutes(1), Duration.ofDays(1));
    }
  }

  /// How evidence is written.
  public record Ledger(
      @Setting(
              says =
                  "name of the log in its checkpoints, fixed when the log is made; by default"
                      + " `trustDomain/ledger/node`")
          String origin,
      @Setting(value = "1000", says = "most entries in one commit") int batchMax,
      @Setting(value = "10000", says = "most entries that wait without a caller") int queueMax,
      @Setting(value = "10s", says = "longest wait for room among them") Duration queueWaitMax,
      @Setting(value = "60s", says = "longest time without an entry") Duration heartbeatEvery,
      @Setting(value = "1s", says = "least time between two checkpoints that are kept")
          Duration checkpointEvery,
      @Setting(value = "20s", says = "longest that shutdown tries to store what still waits")
          Duration closeWaitMax,
      @Setting(value = "20000", says = "most entries in one evidence bundle") int bundleMax,
      @Setting(value = "32MiB", says = "longest that opened bodies in one may be, together")
          ByteSize bundleBodiesMax,
      @Setting(
              says =
                  "who cosigns the log's checkpoints; at least two, run by others, make it witnessed")
          List<WitnessedBy> witnesses,
      @Setting(value = "10s", says = "how often the newest checkpoint is brought to them")
          Duration witnessEvery,
      @Setting(value = "1h", says = "how often content that outlived its retention is looked for")
          Duration expireEvery,
      @Setting(value = "20000", says = "most keys of one workflow that one such run destroys")
          int expireMax,
      Timestamps timestamps,
      Root root) {
    public Ledger {
      witnesses = List.copyOf(witnesses);
      if (root.silentAfter().compareTo(heartbeatEvery) <= 0) {
        throw new IllegalArgumentException(
            "`root.silentAfter` must be longer than `heartbeatEvery`, "
                + heartbeatEvery.toSeconds()
                + " s");
      }
      if (witnesses.size() > 16) {
        throw new IllegalArgumentException(
            "`witnesses` has at most 16 of them, was " + witnesses.size());
      }
      between("witnessEvery", witnessEvery, Duration.ofSeconds(1), Duration.ofDays(1));
      between("expireEvery", expireEvery, Duration.ofMinutes(1), Duration.ofDays(7));
      between("expireMax", expireMax, 1, 1_000_000);
      between("bundleMax", bundleMax, 1, 1_000_000);
      between("batchMax", batchMax, 1, 100_000);
      between("queueMax", queueMax, 1, 10_000_000);
    }
  }

  /// The log over the logs of all nodes.
  public record Root(
      @Setting(
              says =
                  "name of the root log in its checkpoints, fixed when it is made; by default"
                      + " `trustDomain/ledger/root`")
          String origin,
      @Setting(value = "10s", says = "how often its keeper looks at the logs of all nodes")
          Duration every,
      @Setting(
              value = "40s",
              says = "how long its keeper may be away before another node takes over")
          Duration takeOverAfter,
      @Setting(
              value = "3m",
              says =
                  "how long a node may record nothing, without having said that it stops, before"
                      + " that is a finding")
          Duration silentAfter) {
    public Root {
      between("every", every, Duration.ofSeconds(1), Duration.ofHours(1));
      between("takeOverAfter", takeOverAfter, every.multipliedBy(2), Duration.ofDays(1));
      between("silentAfter", silentAfter, every.multipliedBy(2), Duration.ofDays(7));
    }
  }

  /// One witness of the log.
  public record WitnessedBy(
      @Setting(
              required = true,
              says =
                  "its submission prefix, without a slash at the end; https unless on this machine")
          URI url,
      @Setting(required = true, says = "its verifier key, as `remit witness key` prints it")
          String key) {
    public WitnessedBy {
      if (!isHttpsOrHere(url)) {
        throw new IllegalArgumentException("the witness `" + url + "` is not reached by https");
      }
      if (NoteKey.parse(key).kind() != NoteKey.Kind.WITNESS) {
        throw new IllegalArgumentException(
            "`" + key + "` is a log's key, where a witness's is due");
      }
    }
  }

  /// Whose word about time is kept beside checkpoints.
  public record Timestamps(
      @Setting(
              says =
                  "address of an RFC 3161 timestamp authority, https unless on this machine; by"
                      + " default none is asked")
          URI url,
      @Setting(value = "1h", says = "least time between two timestamps") Duration interval,
      @Setting(value = "10s", says = "longest wait for the authority's answer")
          Duration answerWithin) {
    public Timestamps {
      if (!url.toString().isEmpty() && !isHttpsOrHere(url)) {
        throw new IllegalArgumentException(
            "the timestamp authority `" + url + "` is not reached by https");
      }
      between("interval", interval, Duration.ofSeconds(1), Duration.ofDays(30));
      between("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
    }
  }

  /// Which engine answers, and how it is checked that it answers right.
  public record Decisions(
      @Setting(
              value = "compiled",
              says = "evaluator on the path of calls; both give the same answers")
          DecisionEngine engine,
      @Setting(
              value = "2000",
              says = "requests made for each new policy set, on which both evaluators must agree")
          int gateRequests,
      @Setting(
              value = "1000",
              says = "newest recorded decisions on which both evaluators must agree as well")
          int gateDecisions,
      @Setting(
              value = "1000",
              says = "recorded decisions that a plan makes again when it is not said how many")
          int replay,
      @Setting(value = "1000000", says = "most that one plan may ask for") int replayMax,
      @Setting(
              value = "100",
              says =
                  "one of how many live decisions the other evaluator makes again, off the path of"
                      + " calls; 0 for none",
              formerly = "shadowEvery")
          int secondOpinionEvery,
      @Setting(
              value = "256",
              says = "how many of these may wait; further ones are dropped",
              formerly = "shadowWaitingMax")
          int secondOpinionsWaitingMax) {
    public Decisions {
      between("secondOpinionEvery", secondOpinionEvery, 0, 1_000_000);
      between("secondOpinionsWaitingMax", secondOpinionsWaitingMax, 1, 100_000);
      between("gateRequests", gateRequests, 100, 1_000_000);
      between("gateDecisions", gateDecisions, 0, 1_000_000);
      between("replayMax", replayMax, 0, 10_000_000);
      between("replay", replay, 0, replayMax);
    }
  }

  /// Bounds of what may be asked over AuthZEN.
  public record Authzen(
      @Setting(value = "1MiB", says = "longest request") ByteSize requestMax,
      @Setting(value = "32", says = "deepest nesting of a request") int depthMax,
      @Setting(value = "100", says = "most evaluations in one request") int evaluationsMax,
      @Setting(value = "100", says = "most results on one page of a search") int pageMax,
      @Setting(value = "10000", says = "most candidates judged for one page") int searchMax) {
    public Authzen {
      between("depthMax", depthMax, 4, 1000);
      between("evaluationsMax", evaluationsMax, 1, 10_000);
      between("pageMax", pageMax, 1, 10_000);
      between("searchMax", searchMax, 1, 1_000_000);
    }
  }

  /// Switching enforcement off, which two people can for a while.
  public record Enforcement(
      @Setting(value = "24h", says = "longest time for which policy may be observed only")
          Duration observeMax,
      @Setting(value = "1h", says = "how long a second person may take to agree")
          Duration answerWithin) {
    public Enforcement {
      between("observeMax", observeMax, Duration.ofMinutes(1), Duration.ofDays(7));
      between("answerWithin", answerWithin, Duration.ofMinutes(1), Duration.ofDays(1));
    }
  }

  /// Stopping, and letting go on again, which takes two people.
  public record Suspension(
      @Setting(value = "24h", says = "how long a second person may take to agree to a resumption")
          Duration resumeWithin,
      @Setting(
              value = "10s",
              says =
                  "how long is waited for every part of a suspension or of a task's end, before the"
                      + " outcome is recorded with what is still under way")
          Duration measureWithin) {
    public Suspension {
      between("resumeWithin", resumeWithin, Duration.ofMinutes(1), Duration.ofDays(7));
      between("measureWithin", measureWithin, Duration.ofSeconds(1), Duration.ofMinutes(5));
    }
  }

  /// Rehearsed suspensions.
  public record Drills(
      @Setting(says = "identities that are there to be suspended") List<Canary> canaries,
      @Setting(
              says =
                  "where each node is reached, the one that tokens are asked of first; the public"
                      + " URL if none is given")
          List<String> nodes,
      @Setting(value = "24h", says = "how often each canary is drilled by itself; 0s is never")
          Duration every,
      @Setting(value = "5", says = "suspensions in one drill") int rounds,
      @Setting(value = "1s", says = "within which everything must have ended in each of them")
          Duration target,
      @Setting(value = "15s", says = "how long is waited for a part before a drill has failed")
          Duration within) {
    public Drills {
      between("every", every, Duration.ZERO, Duration.ofDays(90));
      between("rounds", rounds, 1, 100);
      between("target", target, Duration.ofMillis(1), Duration.ofMinutes(1));
      between("within", within, Duration.ofSeconds(1), Duration.ofMinutes(2));
    }
  }

  /// One canary.
  public record Canary(
      @Setting(required = true, says = "its identity, of the workflow that is drilled")
          String identity,
      @Setting(required = true, says = "the stored secret that holds its private key as a JWK")
          String key,
      @Setting(required = true, says = "the MCP server at which it uses its token") String resource,
      @Setting(says = "databases of which it gets a credential, as `RESOURCE/PROFILE`")
          List<String> databases) {}

  /// One way in which entries leave the ledger. Secrets come from the environment:
  /// `REMIT_EXPORT_NAME_KEY`, `_TOKEN` and `_PASSWORD`, with the name in capitals and `_` for `-`.
  public record Export(
      @Setting(
              required = true,
              says = "1 to 40 of `a-z`, `0-9` and `-`; its position is kept under this name")
          String name,
      @Setting(
              required = true,
              says =
                  "`cloudevents` is signed webhooks, one event each, in order for each workflow;"
                      + " `ocsf` is events for a SIEM, one a line; `opentelemetry` is OTLP over"
                      + " HTTP; `kafka` is CloudEvents in a topic, by workflow; `security-events`"
                      + " is signed tokens of what was taken away (OpenID Shared Signals)")
          ExportFormat format,
      @Setting(
              says =
                  "where to, https unless on this machine; `/v1/logs` and `/v1/traces` of"
                      + " `opentelemetry` are below it")
          URI to,
      @Setting(says = "for `ocsf`, a file to add lines to, instead of `to`") Path file,
      @Setting(says = "for `kafka`, the brokers to begin with, `host:port` each")
          List<String> brokers,
      @Setting(says = "for `kafka`, the topic; it must be there") String topic,
      @Setting(
              value = "true",
              says = "for `kafka`, whether brokers are reached by TLS, as they must be elsewhere")
          boolean tls,
      @Setting(says = "for `kafka`, whom to authenticate as (SCRAM-SHA-512); by default nobody")
          String user,
      @Setting(says = "for `security-events`, the receiver's `aud`; by default `to`")
          String audience,
      @Setting(says = "types of entries, such as `call.decided`; by default all")
          List<String> types,
      @Setting(says = "workflows; by default all, and what is about none") List<String> workflows,
      @Setting(
              value = "beginning",
              says =
                  "what it begins with when it is new: the log, or what is recorded from then on")
          From from,
      @Setting(
              value = "false",
              says =
                  "whether a webhook is asked for its consent (`OPTIONS`) before the first event")
          boolean handshake,
      @Setting(value = "200", says = "most entries between two positions that are stored")
          int batchMax,
      @Setting(value = "15s", says = "longest wait for the answer to one delivery")
          Duration answerWithin,
      @Setting(value = "1s", says = "how often is looked for new entries") Duration pollEvery,
      @Setting(value = "1s", says = "shortest wait after a failure; it doubles each time")
          Duration retryMin,
      @Setting(value = "5m", says = "longest such wait") Duration retryMax,
      @Setting(
              value = "10",
              says = "how often one entry may be refused before it is set aside, and recorded")
          int triesMax,
      @Setting(
              value = "10000",
              says = "entries that may wait for another try while later ones are sent")
          int heldMax,
      @Setting(value = "15m", says = "how long nothing may be taken before that is a finding")
          Duration refusedAfter,
      @Setting(value = "100000", says = "entries that it may be behind before that is a finding")
          int lagMax) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public enum ExportFormat {
      CLOUDEVENTS,
      OCSF,
      OPENTELEMETRY,
      KAFKA,
      SECURITY_EVENTS
    }

    public enum From {
      BEGINNING,
      NOW
    }

    public Export {
      types = List.copyOf(types);
      workflows = List.copyOf(workflows);
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "`name` is 1 to 40 of `a-z`, `0-9` and `-`, was `" + name + "`");
      }
      types.forEach(EntryType::parse);
      brokers = List.copyOf(brokers);
      checkPlace(name, format, to, file, brokers, topic);
      checkBrokers(name, brokers, tls);
      between("batchMax", batchMax, 1, 1_000);
      between("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
      between("pollEvery", pollEvery, Duration.ofMillis(10), Duration.ofHours(1));
      between("retryMin", retryMin, Duration.ofMillis(10), Duration.ofMinutes(10));
      between("retryMax", retryMax, retryMin, Duration.ofHours(24));
      between("triesMax", triesMax, 1, 1_000);
      between("heldMax", heldMax, 1, 1_000_000);
      between("refusedAfter", refusedAfter, Duration.ZERO, Duration.ofDays(30));
      between("lagMax", lagMax, 1, Integer.MAX_VALUE);
    }

    /// Says where an export goes in the one way that its format has.
    private static void checkPlace(
        String name, ExportFormat format, URI to, Path file, List<String> brokers, String topic) {
      boolean hasUrl = !to.toString().isEmpty();
      boolean hasFile = !file.toString().isEmpty();
      boolean hasTopic = !brokers.isEmpty() && !topic.isEmpty();
      boolean right =
          switch (format) {
            case CLOUDEVENTS, OPENTELEMETRY, SECURITY_EVENTS -> hasUrl && !hasFile && !hasTopic;
            case OCSF -> hasUrl != hasFile && !hasTopic;
            case KAFKA -> hasTopic && !hasUrl && !hasFile;
          };
      if (!right) {
        throw new IllegalArgumentException(
            "the export `%s` needs %s and nothing else"
                .formatted(
                    name,
                    switch (format) {
                      case CLOUDEVENTS, OPENTELEMETRY, SECURITY_EVENTS -> "`to`";
                      case OCSF -> "either `to` or `file`";
                      case KAFKA -> "`brokers` and `topic`";
                    }));
      }
      if (hasUrl && (!isHttpsOrHere(to) || to.getUserInfo() != null)) {
        throw new IllegalArgumentException(
            "`to` of the export `" + name + "` is not an https address without a user");
      }
    }

    /// Evidence crosses no network in the clear.
    private static void checkBrokers(String name, List<String> brokers, boolean tls) {
      for (var broker : brokers) {
        var host = HostPort.parse(broker).host();
        if (!tls && !List.of("127.0.0.1", "::1", "localhost").contains(host)) {
          throw new IllegalArgumentException(
              "the broker `" + broker + "` of the export `" + name + "` is not reached by TLS");
        }
      }
    }
  }

  /// How people are told what asks them.
  public record Notifications(
      @Setting(says = "where they are told") List<Channel> channels,
      @Setting(value = "14d", says = "how long before its end a pilot is a finding")
          Duration pilotAhead,
      @Setting(value = "15s", says = "longest wait for what a channel answers")
          Duration answerWithin,
      @Setting(value = "1s", says = "how often is looked for what is to be told")
          Duration pollEvery,
      @Setting(value = "2s", says = "shortest wait after a failure; it doubles each time")
          Duration retryMin,
      @Setting(value = "5m", says = "longest such wait") Duration retryMax,
      @Setting(
              value = "10",
              says = "how often one message may be refused before it is set aside, and recorded")
          int triesMax,
      @Setting(value = "15m", says = "how long a channel may take nothing before that is a finding")
          Duration brokenAfter) {
    public Notifications {
      channels = List.copyOf(channels);
      var names = channels.stream().map(Channel::name).toList();
      if (names.size() != Set.copyOf(names).size() || names.size() > 32) {
        throw new IllegalArgumentException(
            "`channels` are at most 32, each with its own name, was " + names);
      }
      between("pilotAhead", pilotAhead, Duration.ZERO, Duration.ofDays(180));
      between("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofMinutes(5));
      between("pollEvery", pollEvery, Duration.ofMillis(10), Duration.ofHours(1));
      between("retryMin", retryMin, Duration.ofMillis(10), Duration.ofMinutes(10));
      between("retryMax", retryMax, retryMin, Duration.ofHours(24));
      between("triesMax", triesMax, 1, 1_000);
      between("brokenAfter", brokenAfter, Duration.ZERO, Duration.ofDays(30));
    }
  }

  /// One way to tell people. Secrets come from the environment: `REMIT_NOTIFY_NAME_KEY`, `_TOKEN`,
  /// `_PASSWORD` and `_URL`, with the name in capitals and `_` for `-`.
  public record Channel(
      @Setting(
              required = true,
              says = "1 to 40 of `a-z`, `0-9` and `-`; its position is kept under this name")
          String name,
      @Setting(
              required = true,
              says =
                  "`email` is mail by SMTP; `webhook` is JSON, signed as Standard Webhooks says;"
                      + " `slack` and `teams` are incoming webhooks of a chat")
          ChannelKind kind,
      @Setting(
              says =
                  "where to: `smtp://host:port` (by STARTTLS, but on this machine) or"
                      + " `smtps://host:port`; else a URL, https unless on this machine. Of `slack`"
                      + " and `teams` it is secret, and comes from the environment")
          URI to,
      @Setting(says = "for `email`, the address of the sender") String from,
      @Setting(
              says =
                  "for `email`, addresses that get every message; by default each person asked gets"
                      + " it at their declared address")
          List<String> recipients,
      @Setting(says = "for `email`, whom to authenticate as; by default nobody") String user,
      @Setting(
              says =
                  "what about: `approvals`, `findings`, `resumptions`, `changes`, `enforcement`; by"
                      + " default all")
          List<About> about,
      @Setting(says = "only what is meant for one of these roles; by default all") List<Role> roles,
      @Setting(says = "only of these workflows; by default all, and what is about none")
          List<String> workflows) {
    public enum ChannelKind {
      EMAIL,
      WEBHOOK,
      SLACK,
      TEAMS
    }

    public Channel {
      recipients = List.copyOf(recipients);
      about = List.copyOf(about);
      roles = List.copyOf(roles);
      workflows = List.copyOf(workflows);
      if (!Export.NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "`name` is 1 to 40 of `a-z`, `0-9` and `-`, was `" + name + "`");
      }
      var wrong =
          switch (kind) {
            case EMAIL -> notMail(to, from);
            case WEBHOOK ->
                isHttpsOrHere(to) && to.getUserInfo() == null
                    ? ""
                    : "`to` has to be an https address without a user";
            case SLACK, TEAMS ->
                to.toString().isEmpty()
                    ? ""
                    : "the address is secret: set REMIT_NOTIFY_"
                        + name.toUpperCase(Locale.ROOT).replace('-', '_')
                        + "_URL and leave out `to`";
          };
      if (!wrong.isEmpty()) {
        throw new IllegalArgumentException("the channel `" + name + "`: " + wrong);
      }
    }

    private static String notMail(URI to, String from) {
      boolean known = "smtp".equals(to.getScheme()) || "smtps".equals(to.getScheme());
      if (!known || to.getHost() == null || to.getPort() < 0 || to.getUserInfo() != null) {
        return "`to` is written `smtp://host:port` or `smtps://host:port`";
      }
      return MAIL.matcher(from).matches()
          ? ""
          : "`from` is the sender's address, such as remit@x.example";
    }

    private static final Pattern MAIL = Pattern.compile("[^@\\s<>,;:]+@[^@\\s<>,;:]+");
  }

  /// Who may tell us that somebody must not act any more (OpenID Shared Signals).
  public record Signals(
      @Setting(value = "24h", says = "how old a security event token may be") Duration ageMax,
      @Setting(says = "transmitters, each pushing to `/v1/signals/NAME`")
          List<TransmittedBy> transmitters) {
    public Signals {
      transmitters = List.copyOf(transmitters);
      between("ageMax", ageMax, Duration.ofMinutes(1), Duration.ofDays(30));
      var names = transmitters.stream().map(TransmittedBy::name).toList();
      if (names.size() != Set.copyOf(names).size() || names.size() > 32) {
        throw new IllegalArgumentException(
            "`transmitters` are at most 32, each with its own name, was " + names);
      }
    }
  }

  /// One transmitter. A bearer token that it must send comes from the environment:
  /// `REMIT_SIGNALS_NAME_TOKEN`.
  public record TransmittedBy(
      @Setting(required = true, says = "1 to 40 of `a-z`, `0-9` and `-`") String name,
      @Setting(required = true, says = "the `iss` of its tokens") URI issuer,
      @Setting(required = true, says = "its key set, https unless on this machine") URI jwks,
      @Setting(says = "the `aud` of its tokens; by default `publicUrl` and `/v1/signals/NAME`")
          String audience) {
    public TransmittedBy {
      if (!Export.NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "`name` is 1 to 40 of `a-z`, `0-9` and `-`, was `" + name + "`");
      }
      if (!isHttpsOrHere(jwks)) {
        throw new IllegalArgumentException("the key set `" + jwks + "` is not reached by https");
      }
    }
  }

  /// When the use of credentials counts as wrong.
  public record Detection(
      @Setting(value = "1s", says = "how often new entries are looked at") Duration every,
      @Setting(
              value = "30d",
              says = "within which time two identities are not to use one key or account")
          Duration keyWithin,
      @Setting(
              value = "10s",
              says = "how long after the end of its task a token may be tried in good faith")
          Duration lateAfter,
      @Setting(
              value = "5",
              says =
                  "how often an identity is refused what it has no grant for, within"
                      + " `outsideWithin`, before that is a finding")
          int outsideMin,
      @Setting(value = "10m", says = "the time in which these are counted") Duration outsideWithin,
      @Setting(
              value = "1m",
              says = "within which time one token is not to be used from two addresses")
          Duration placesWithin) {
    public Detection {
      between("every", every, Duration.ofMillis(100), Duration.ofMinutes(10));
      between("keyWithin", keyWithin, Duration.ofMinutes(1), Duration.ofDays(366));
      between("lateAfter", lateAfter, Duration.ZERO, Duration.ofHours(1));
      between("outsideMin", outsideMin, 1, 10_000);
      between("outsideWithin", outsideWithin, Duration.ofSeconds(1), Duration.ofDays(1));
      between("placesWithin", placesWithin, Duration.ZERO, Duration.ofHours(1));
    }
  }

  /// The process itself.
  public record Server(
      @Setting(
              value = "10s",
              says =
                  "longest wait for running calls at shutdown, and again for other requests;"
                      + " then they are cut")
          Duration drainMax,
      Tls tls) {}

  /// TLS of the server itself; without a certificate it speaks plain HTTP.
  public record Tls(
      @Setting(says = "PEM file of the server's certificate and those that vouch for it")
          Path certificate,
      @Setting(says = "PEM file of its private key") Path key,
      @Setting(
              value = "false",
              says = "whether clients are asked for a certificate; they need not have one")
          boolean clients) {
    public Tls {
      if (certificate.toString().isEmpty() != key.toString().isEmpty()) {
        throw new IllegalArgumentException("`server.tls` needs both `certificate` and `key`");
      }
      if (clients && certificate.toString().isEmpty()) {
        throw new IllegalArgumentException("`server.tls.clients` needs `certificate` and `key`");
      }
    }

    /// Whether the server ends TLS itself.
    public boolean isOn() {
      return !certificate.toString().isEmpty();
    }
  }

  /// What is printed while running.
  public record Logging(
      @Setting(value = "auto", says = "`auto` is text on a terminal and JSON elsewhere")
          Format format,
      @Setting(value = "info", says = "least severe event that is printed") Level level) {
    public enum Format {
      AUTO,
      TEXT,
      JSON
    }

    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG
    }
  }

  private static void between(String key, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "`%s` must be %d to %d s, was %s"
              .formatted(key, min.toSeconds(), max.toSeconds(), value));
    }
  }

  private static void between(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "`%s` must be %d to %d, was %d".formatted(key, min, max, value));
    }
  }

  private static boolean isHttpsOrHere(URI url) {
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme())
            && List.of("127.0.0.1", "[::1]", "localhost").contains(String.valueOf(url.getHost())));
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
        exports,
        notifications,
        signals,
        detection,
        server,
        logging);
  }
}
