package dev.remit.server.tokens;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A request for a certificate in the making.
final class Csr {
  private final KeyPair key;
  private final ExtensionsGenerator extensions = new ExtensionsGenerator();
  private KeyPair signedWith;
  private String hash = "SHA256";

  private Csr(KeyPair key) {
    this.key = key;
    this.signedWith = key;
  }

  static Csr of(KeyPair key) {
    return new Csr(key);
  }

  Csr signedWith(KeyPair other) {
    signedWith = other;
    return this;
  }

  Csr hashedWith(String other) {
    hash = other;
    return this;
  }

  Csr uri(String... names) {
    var all = new GeneralName[names.length];
    for (int i = 0; i < names.length; i++) {
      all[i] = new GeneralName(GeneralName.uniformResourceIdentifier, names[i]);
    }
    return asking(Extension.subjectAlternativeName, new GeneralNames(all));
  }

  Csr asking(ASN1ObjectIdentifier oid, ASN1Encodable value) {
    try {
      extensions.addExtension(oid, false, value);
      return this;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The request in PEM.
  String pem() {
    try {
      var builder =
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=whatever"), key.getPublic());
      if (!extensions.isEmpty()) {
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      var algorithm =
          hash + "with" + (signedWith.getPublic().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
      var signer = new JcaContentSignerBuilder(algorithm).build(signedWith.getPrivate());
      return pem("CERTIFICATE REQUEST", builder.build(signer).getEncoded());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String what, byte[] der) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  static KeyPair ec(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair rsa(int bits) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
