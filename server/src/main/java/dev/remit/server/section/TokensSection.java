package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;
import static dev.remit.server.settings.Bounds.isHttpsOrHere;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Task tokens, operator tokens, and what workloads prove themselves with.
public record TokensSection(
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
    @Setting(value = "15s", says = "how long whoever took a status list need not ask for it again")
        Duration statusTtl,
    Proofs proofs,
    Keys keys) {
  public TokensSection {
    between("statusTtl", statusTtl, Duration.ofSeconds(1), Duration.ofMinutes(15));
    between("svidLifetime", svidLifetime, Duration.ofSeconds(30), Duration.ofHours(1));
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
}
