// A client on the official TypeScript SDK, which it uses as it comes.
//
//   node sdk-client.mjs '{"url": "http://…", "headers": {…}}' CALLS
//   node sdk-client.mjs '{"command": "…", "args": […], "env": {…}}' CALLS
//
// CALLS is a JSON array of {"name", "arguments"}. Prints {"tools": [name…], "results": […]}; a call
// that fails gives {"error": message} in its place.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [target, calls] = process.argv.slice(2).map((text) => JSON.parse(text));
const transport = target.url
  ? new StreamableHTTPClientTransport(new URL(target.url), {
      requestInit: { headers: target.headers ?? {} },
    })
  : new StdioClientTransport(target);
const client = new Client({ name: 'sdk-client', version: '1.0.0' }, { capabilities: {} });
await client.connect(transport);

const { tools } = await client.listTools();
const results = [];
for (const call of calls) {
  try {
    results.push(await client.callTool(call));
  } catch (error) {
    results.push({ error: error.message, code: error.code, data: error.data });
  }
}
console.log(JSON.stringify({ tools: tools.map((tool) => tool.name), results }));
if (target.url) await transport.terminateSession();
await client.close();
