// What the official runner starts in place of scenario-client.mjs when the call shall go through
// Remit: asks the harness to declare the scenario's server as a resource, and runs the same client
// at the gateway with a task token.
//
//   REMIT_DECLARES=URL node through-remit.mjs SCENARIO-SERVER-URL
const asked = {
  scenario: process.env.MCP_CONFORMANCE_SCENARIO,
  revision: process.env.MCP_CONFORMANCE_PROTOCOL_VERSION,
  url: process.argv[2],
};
const answer = await fetch(process.env.REMIT_DECLARES, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(asked),
});
if (!answer.ok) throw new Error(await answer.text());
const { url, token } = await answer.json();
process.argv[2] = url;
process.env.TASK_TOKEN = token;
await import('./scenario-client.mjs');
