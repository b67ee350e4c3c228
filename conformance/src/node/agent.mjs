// A small agent, as somebody would write it: it offers its model the tools of an MCP server, makes
// the calls that the model proposes, and prints the final answer.
//
//   remit run --openai MODELS --tools SERVER -- node agent.mjs REMIT_MCP_SERVER 'what to do'
//
// Knows neither tokens nor Remit: its addresses are in the environment.
import OpenAI from 'openai';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [server, task] = process.argv.slice(2);
const openai = new OpenAI({ maxRetries: 0 });
const mcp = new Client({ name: 'agent', version: '1.0.0' }, { capabilities: {} });
const transport = new StreamableHTTPClientTransport(new URL(process.env[server]));
await mcp.connect(transport);

const { tools } = await mcp.listTools();
const runner = openai.chat.completions.runTools({
  model: 'clerk-1',
  stream: true,
  messages: [{ role: 'user', content: task }],
  tools: tools.map((tool) => ({
    type: 'function',
    function: {
      name: tool.name,
      description: tool.description,
      parameters: tool.inputSchema,
      parse: JSON.parse,
      function: async (given) => {
        const result = await mcp.callTool({ name: tool.name, arguments: given });
        return result.content.map((part) => part.text ?? '').join('');
      },
    },
  })),
});
console.log(JSON.stringify({ answer: await runner.finalContent() }));
await transport.terminateSession();
await mcp.close();
