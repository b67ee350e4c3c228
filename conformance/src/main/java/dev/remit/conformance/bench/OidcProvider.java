package dev.remit.conformance.bench;

import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// npm `oidc-provider` with one client that signs its assertions, and JWT access tokens for one
/// resource: everything in memory, no audit.
record OidcProvider(Process process, URI issuer) implements AutoCloseable {
  static final String RESOURCE = "https://fast.example";
  static final String INSTALL =
      "npm install --prefix conformance/target/oidc-provider --ignore-scripts oidc-provider@9.13.3";

  private static final String SCRIPT =
      """
      import { generateKeyPairSync } from 'node:crypto';
      import { Provider } from 'oidc-provider';
      const [issuer, port, client, key] = process.argv.slice(2);
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const signing = { ...privateKey.export({ format: 'jwk' }), kid: 'own', alg: 'ES256', use: 'sig' };
      const provider = new Provider(issuer, {
        clients: [{
          client_id: client,
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'ES256',
          id_token_signed_response_alg: 'ES256',
          jwks: { keys: [JSON.parse(key)] },
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [],
        }],
        jwks: { keys: [signing] },
        clientAuthMethods: ['private_key_jwt'],
        enabledJWA: { clientAuthSigningAlgValues: ['ES256'] },
        features: {
          devInteractions: { enabled: false },
          clientCredentials: { enabled: true },
          resourceIndicators: {
            enabled: true,
            getResourceServerInfo: () => ({
              scope: '',
              accessTokenTTL: 600,
              accessTokenFormat: 'jwt',
              jwt: { sign: { alg: 'ES256' } },
            }),
          },
        },
      });
      provider.listen(Number(port), '127.0.0.1');
      """;

  /// Starts it, if the npm package was installed where [#INSTALL] puts it.
  static Optional<OidcProvider> start(Path folder, Workload client) throws IOException {
    var modules = Home.directory().resolve("conformance/target/oidc-provider/node_modules");
    if (!Files.isDirectory(modules.resolve("oidc-provider"))
        || !(NodeTools.prepare() instanceof NodeTools.Ready node)) {
      return Optional.empty();
    }
    int port = FreePort.find();
    var issuer = URI.create("http://127.0.0.1:" + port);
    var home = Files.createDirectories(folder.resolve("oidc-provider"));
    Files.writeString(home.resolve("server.mjs"), SCRIPT);
    Files.createSymbolicLink(home.resolve("node_modules"), modules);
    var command =
        List.of(
            node.node().toString(),
            home.resolve("server.mjs").toString(),
            issuer.toString(),
            "" + port,
            client.spiffeId(),
            client.jwk());
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    builder.environment().put("NODE_ENV", "production");
    var process = builder.start();
    Peers.awaitReady(
        process, issuer.resolve("/.well-known/openid-configuration"), home.resolve("log"));
    return Optional.of(new OidcProvider(process, issuer));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
