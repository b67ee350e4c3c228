package dev.remit.server.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chooses who computes signatures: the Amazon Corretto Crypto Provider where its native library
/// loads, else Bouncy Castle.
///
/// The JDK's own P-256 is some ten times slower at both, so it is never the first choice. Bouncy
/// Castle stays installed behind it for what Corretto lacks.
public final class Crypto {
  private static final Logger LOG = LoggerFactory.getLogger(Crypto.class);

  private Crypto() {}

  /// Installs the choice for the whole process, once; later calls only return it.
  ///
  /// @return the provider that is asked first
  public static Provider install() {
    return Installed.FIRST;
  }

  private static Provider choose() {
    var bouncyCastle = new BouncyCastleProvider();
    var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
    if (corretto.getLoadingError() == null) {
      AmazonCorrettoCryptoProvider.install();
      Security.addProvider(bouncyCastle);
      return corretto;
    }
    LOG.warn("Corretto's native library does not load here; signing with Bouncy Castle instead");
    Security.insertProviderAt(bouncyCastle, 1);
    return bouncyCastle;
  }

  private static final class Installed {
    static final Provider FIRST = choose();
  }
}
