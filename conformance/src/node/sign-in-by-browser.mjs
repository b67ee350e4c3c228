// The official TypeScript SDK logs in by itself: it is told the address of a resource and where its
// own metadata lies, and finds out the rest. The person's part happens in a browser.
//
//   node sign-in-by-browser.mjs '{"url", "client", "port", "tool", "arguments"}'
//
// Prints a line with the address that the browser is to open, and at the end one with the result of
// the tool, the claims of the token, and every address that was asked.
import { createServer } from 'node:http';
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';

const given = JSON.parse(process.argv[2]);
const callback = `http://127.0.0.1:${given.port}/callback`;
const asked = [];

const answered = Promise.withResolvers();
const listening = createServer((request, response) => {
  const url = new URL(request.url, callback);
  if (url.pathname !== '/callback') return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>done</title>done');
  answered.resolve(url.searchParams);
});
listening.listen(given.port, '127.0.0.1');

const kept = {};
const provider = {
  redirectUrl: callback,
  clientMetadataUrl: given.client,
  clientMetadata: { client_name: 'Remit conformance', redirect_uris: [callback] },
  state: () => 'state-of-the-client',
  clientInformation: () => kept.client,
  saveClientInformation: (client) => void (kept.client = client),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void (kept.tokens = tokens),
  saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
  codeVerifier: () => kept.verifier,
  saveDiscoveryState: (state) => void (kept.discovery = state),
  discoveryState: () => kept.discovery,
  redirectToAuthorization: (url) => console.log(JSON.stringify({ open: url.toString() })),
};

const transport = () =>
  new StreamableHTTPClientTransport(new URL(given.url), {
    authProvider: provider,
    fetch: (url, init) => {
      asked.push(new URL(url).pathname);
      return fetch(url, init);
    },
  });
const connect = async (over) => {
  const client = new Client(
    { name: 'remit-sign-in', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: given.era ?? '2026-07-28' } } }
  );
  await client.connect(over);
  return client;
};

const first = transport();
let client;
try {
  client = await connect(first);
} catch (error) {
  if (!(error instanceof UnauthorizedError)) throw error;
  await first.finishAuth(await answered.promise);
  client = await connect(transport());
}
const result = await client.callTool({ name: given.tool, arguments: given.arguments });
const before = kept.tokens.refresh_token;
const claims = JSON.parse(Buffer.from(kept.tokens.access_token.split('.')[1], 'base64url'));
await client.close();
listening.close();
console.log(JSON.stringify({ result, claims, refreshable: !!before, asked: [...new Set(asked)] }));
process.exit(0);
