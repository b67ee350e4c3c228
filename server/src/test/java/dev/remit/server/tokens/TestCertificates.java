package dev.remit.server.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority, which issues whatever a test asks for.
final class TestCertificates {
  private final KeyPair key = freshKey();
  private final X500Principal name;
  private final X509Certificate certificate;

  private TestCertificates(String name, Instant now) {
    this.name = new X500Principal(name);
    this.certificate = wanted(name, now).isAuthority().signed(key, this.name, key);
  }

  static TestCertificates authority(String name, Instant now) {
    return new TestCertificates(name, now);
  }

  /// A key and its certificate.
  record Held(X509Certificate certificate, PrivateKey key) {

    /// Connects with it, if there is one, to who has a certificate of `server`.
    static SSLContext client(List<Held> own, X509Certificate server) {
      try {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", server);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        for (var held : own) {
          keys.setKeyEntry(
              "client", held.key(), new char[0], new X509Certificate[] {held.certificate()});
        }
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  /// A certificate in the making: for clients, for an hour around now.
  static Wanted wanted(String subject, Instant now) {
    return new Wanted(subject, now);
  }

  Held issue(Wanted wanted) {
    var holder = freshKey();
    return new Held(wanted.signed(holder, name, key), holder.getPrivate());
  }

  static Held selfSigned(Wanted wanted) {
    var holder = freshKey();
    return new Held(
        wanted.signed(holder, new X500Principal(wanted.subject), holder), holder.getPrivate());
  }

  static final class Wanted {
    private final String subject;
    private final List<GeneralName> names = new ArrayList<>();
    private KeyPurposeId use = KeyPurposeId.id_kp_clientAuth;
    private boolean authority;
    private Instant from;
    private Instant to;

    private Wanted(String subject, Instant now) {
      this.subject = subject;
      this.from = now.minus(Duration.ofHours(1));
      this.to = now.plus(Duration.ofHours(1));
    }

    Wanted dns(String name) {
      names.add(new GeneralName(GeneralName.dNSName, name));
      return this;
    }

    Wanted uri(String name) {
      names.add(new GeneralName(GeneralName.uniformResourceIdentifier, name));
      return this;
    }

    Wanted ip(String address) {
      names.add(new GeneralName(GeneralName.iPAddress, address));
      return this;
    }

    Wanted isForServers() {
      use = KeyPurposeId.id_kp_serverAuth;
      return this;
    }

    Wanted isAuthority() {
      authority = true;
      return this;
    }

    Wanted holds(Instant newFrom, Instant newTo) {
      from = newFrom;
      to = newTo;
      return this;
    }

    private X509Certificate signed(KeyPair holder, X500Principal issuer, KeyPair by) {
      try {
        var builder =
            new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(from),
                Date.from(to),
                new X500Principal(subject),
                holder.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(
            Extension.keyUsage,
            true,
            new KeyUsage(authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
        if (!authority) {
          builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
        }
        if (!names.isEmpty()) {
          builder.addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
      } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
        throw new IllegalStateException("make a certificate for " + subject, e);
      }
    }
  }

  static Path pem(Path directory, String name, String what, byte[] der) {
    try {
      var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      return Files.writeString(
          directory.resolve(name),
          "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair freshKey() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }
}
