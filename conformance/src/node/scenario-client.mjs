// The client of the official runner's client mode, on the official TypeScript SDK as it comes.
//
//   node scenario-client.mjs URL
//
// The runner names the scenario, the protocol revision and what the scenario hands out in
// MCP_CONFORMANCE_SCENARIO, …_PROTOCOL_VERSION and …_CONTEXT. Of ours:
//
//   REVIEW_FOLDER  where the tool definitions that were listed are kept, as the server sent them
//   TASK_TOKEN     sent with every request; then nobody signs in anywhere
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { whoSignsIn } from './sign-in.mjs';

const url = new URL(process.argv[2]);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const modern = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION === '2026-07-28';
const given = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const taskToken = process.env.TASK_TOKEN;
const SIGN_INS_MAX = 2;

const provider =
  scenario.startsWith('auth/') && !taskToken ? await whoSignsIn(scenario, given) : undefined;
let transport;
let client;

async function connect() {
  transport = new StreamableHTTPClientTransport(url, {
    fetch: reviewing,
    authProvider: provider,
    requestInit: taskToken ? { headers: { Authorization: `Bearer ${taskToken}` } } : undefined,
  });
  client = new Client(
    { name: 'remit-scenario-client', version: '1.0.0' },
    {
      capabilities: capabilities(),
      versionNegotiation: { mode: modern ? 'auto' : 'legacy' },
    }
  );
  if (capabilities().elicitation) {
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: scenario.startsWith('elicitation-') ? {} : { confirmed: true },
    }));
  }
  await client.connect(transport);
}

function capabilities() {
  switch (scenario) {
    case 'elicitation-sep1034-client-defaults':
      return { elicitation: { form: { applyDefaults: true } } };
    case 'request-metadata':
      return { roots: { listChanged: true }, sampling: {}, elicitation: {} };
    case 'sep-2322-client-request-state':
      return { elicitation: {} };
    default:
      return {};
  }
}

// Does something, signing in whenever the server asks for it, but not for ever.
async function signedIn(action) {
  for (let times = 0; ; times++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || !provider?.callback || times === SIGN_INS_MAX) {
        throw error;
      }
      const callback = provider.callback;
      provider.callback = undefined;
      await transport.finishAuth(callback);
    }
  }
}

// Keeps what the server says of its tools, before the SDK reads it: what a reviewer would pin.
async function reviewing(target, init) {
  const answer = await fetch(target, init);
  const folder = process.env.REVIEW_FOLDER;
  if (folder && answer.ok && typeof init?.body === 'string' && init.body.includes('"tools/list"')) {
    const line = (await answer.clone().text())
      .split('\n')
      .map((text) => text.replace(/^data:/, '').trim())
      .findLast((text) => text.startsWith('{'));
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${scenario.replaceAll('/', '-')}.json`);
    writeFileSync(file, JSON.stringify(JSON.parse(line).result?.tools ?? []));
  }
  return answer;
}

async function call(name, args) {
  try {
    return await signedIn(() => client.callTool({ name, arguments: args }));
  } catch (error) {
    if (error instanceof UnauthorizedError) throw error;
    console.error(`${name}: ${error.message}`);
  }
}

async function everythingNamed() {
  const { resources } = await client.listResources();
  for (const { uri } of resources) await client.readResource({ uri });
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name });
}

// The SDK calls a tool that mirrors a `number` in a header, which the specification excludes.
function mirrorsNumber({ inputSchema }) {
  return Object.values(inputSchema.properties ?? {}).some(
    (property) => 'x-mcp-header' in property && property.type === 'number'
  );
}

const ARGUMENTS = {
  add_numbers: { a: 5, b: 3 },
  valid_tool: { region: 'us-west1' },
};

await signedIn(connect);
const { tools } = await signedIn(() => client.listTools());
if (given.toolCalls) {
  for (const { name, arguments: args } of given.toolCalls) await call(name, args);
} else if (scenario === 'json-schema-2020-12-preservation') {
  const { inputSchema } = tools.find(({ name }) => name === 'json_schema_2020_12_tool');
  await call('json_schema_echo', { schema: inputSchema });
} else if (scenario !== 'json-schema-ref-no-deref') {
  for (const { name } of tools.filter((tool) => !mirrorsNumber(tool))) {
    await call(name, ARGUMENTS[name] ?? {});
  }
}
if (scenario === 'http-standard-headers') await everythingNamed();
await client.close();
