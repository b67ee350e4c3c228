// The official TypeScript SDK signs in at Remit by itself: it is told the address of a resource and
// nothing else, and finds out from the challenge where to prove who it is.
//
//   node sign-in-at-remit.mjs '{"url", "identity", "key", "intent", "tool", "arguments"}'
//
// `key` is the identity's private JWK. Prints the tool's result, and every address that was asked.
import {
  Client,
  PrivateKeyJwtProvider,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';

const given = JSON.parse(process.argv[2]);
const asked = [];

// The one thing that the SDK does not know: a task has an intent (RFC 9396).
class Workload extends PrivateKeyJwtProvider {
  prepareTokenRequest(scope) {
    const form = super.prepareTokenRequest(scope);
    const task = { type: 'https://remit.dev/task', intent: given.intent };
    form.set('authorization_details', JSON.stringify([task]));
    return form;
  }
}

const transport = new StreamableHTTPClientTransport(new URL(given.url), {
  authProvider: new Workload({
    clientId: given.identity,
    privateKey: given.key,
    algorithm: 'ES256',
    expectedIssuer: new URL(given.url).origin,
  }),
  fetch: (url, init) => {
    asked.push(new URL(url).pathname);
    return fetch(url, init);
  },
});
const client = new Client(
  { name: 'remit-sign-in', version: '1.0.0' },
  { versionNegotiation: { mode: { pin: '2026-07-28' } } }
);
await client.connect(transport);
const result = await client.callTool({ name: given.tool, arguments: given.arguments });
await client.close();
console.log(JSON.stringify({ result, asked: [...new Set(asked)] }));
