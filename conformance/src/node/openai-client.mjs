// OpenAI's official client, which it uses as it comes, in every way it is asked for models.
//
//   node openai-client.mjs '{"baseURL": "http://…", "apiKey": "…"}'
//
// Prints one JSON object with what each way gave. The two tools do their work here; the model is
// scripted to propose what it is told to.
import OpenAI from 'openai';

const { baseURL, apiKey } = JSON.parse(process.argv[2]);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = 'clerk-1';
const two = 'call add {"a":2,"b":3} and lookup {"word":"remit"}';
const user = (content) => [{ role: 'user', content }];

const ran = [];
const work = {
  add: ({ a, b }) => String(a + b),
  lookup: ({ word }) => `${word}: an area of activity`,
};
const schemas = {
  add: {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'integer' } },
    required: ['a', 'b'],
  },
  lookup: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
};
const runnable = Object.keys(work).map((name) => ({
  type: 'function',
  function: {
    name,
    description: `does ${name}`,
    parameters: schemas[name],
    parse: JSON.parse,
    function: (given) => {
      ran.push(name);
      return work[name](given);
    },
  },
}));
const offered = Object.keys(work).map((name) => ({
  type: 'function',
  function: { name, description: `does ${name}`, parameters: schemas[name] },
}));
const said = {};

async function failure(attempt) {
  try {
    await attempt();
    return { type: 'none' };
  } catch (error) {
    return {
      type: error.constructor.name,
      isPermissionDenied: error instanceof OpenAI.PermissionDeniedError,
      isAuthentication: error instanceof OpenAI.AuthenticationError,
      status: error.status,
      message: error.message,
      code: error.code,
      remit: error.error?.remit,
    };
  }
}

// Chat completions.
const whole = await client.chat.completions.create({ model, messages: user('hello') });
said.chat = { text: whole.choices[0].message.content, tokens: whole.usage.total_tokens };

let text = '';
let usage = null;
for await (const chunk of await client.chat.completions.create({
  model,
  messages: user('one two three'),
  stream: true,
  stream_options: { include_usage: true },
})) {
  text += chunk.choices[0]?.delta?.content ?? '';
  usage = chunk.usage ?? usage;
}
said.chatStream = { text, tokens: usage.total_tokens };

const plain = [];
for await (const chunk of await client.chat.completions.create({
  model,
  messages: user('hello'),
  stream: true,
})) {
  plain.push(chunk);
}
said.untoldUsage = { chunks: plain.length, told: plain.some((chunk) => chunk.usage) };

const proposed = await client.chat.completions.create({ model, messages: user(two), tools: offered });
said.chatCalls = {
  names: proposed.choices[0].message.tool_calls.map((call) => call.function.name),
  finish: proposed.choices[0].finish_reason,
};

const runner = client.chat.completions.runTools({ model, messages: user(two), tools: runnable });
said.runTools = { text: await runner.finalContent(), ran: ran.splice(0) };

const streaming = client.chat.completions.runTools({
  model,
  messages: user(two),
  tools: runnable,
  stream: true,
});
said.runToolsStream = { text: await streaming.finalContent(), ran: ran.splice(0) };

const refused = await client.chat.completions
  .stream({ model, messages: user('call rm {"path":"/"} and add {"a":1,"b":1}'), tools: offered })
  .finalChatCompletion();
said.oneRefused = {
  text: refused.choices[0].message.content,
  names: refused.choices[0].message.tool_calls.map((call) => call.function.name),
};

// Responses.
const functions = offered.map(({ function: { name, description, parameters } }) => ({
  type: 'function',
  name,
  description,
  parameters: { ...parameters, additionalProperties: false },
  strict: true,
}));
const response = await client.responses.create({ model, input: 'hello' });
said.response = { text: response.output_text, tokens: response.usage.total_tokens };

const first = await client.responses
  .stream({ model, input: user(two), tools: functions })
  .finalResponse();
const calls = first.output.filter((item) => item.type === 'function_call');
const second = await client.responses.create({
  model,
  input: [
    ...user(two),
    ...first.output,
    ...calls.map((call) => ({
      type: 'function_call_output',
      call_id: call.call_id,
      output: work[call.name](JSON.parse(call.arguments)),
    })),
  ],
  tools: functions,
});
said.responseCalls = { names: calls.map((call) => call.name), text: second.output_text };

const refusedItem = await client.responses
  .stream({ model, input: user('call rm {"path":"/"}'), tools: functions })
  .finalResponse();
said.refusedItem = {
  types: refusedItem.output.map((item) => item.type),
  text: refusedItem.output_text,
};

// Embeddings, and which models there are.
const embedded = await client.embeddings.create({ model, input: 'a text' });
said.embedding = embedded.data[0].embedding;
said.models = [];
for await (const one of client.models.list()) said.models.push(one.id);

// What is refused.
said.refusals = {
  model: await failure(() =>
    client.chat.completions.create({ model: 'other-1', messages: user('hello') }),
  ),
  hosted: await failure(() =>
    client.responses.create({ model, input: 'hello', tools: [{ type: 'web_search' }] }),
  ),
  kept: await failure(() => client.responses.create({ model, input: 'hello', store: true })),
  stream: await failure(() =>
    client.chat.completions.create({ model: 'other-1', messages: user('hello'), stream: true }),
  ),
  token: await failure(() =>
    new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 }).chat.completions.create({
      model,
      messages: user('hello'),
    }),
  ),
  path: await failure(() => client.files.list()),
};
console.log(JSON.stringify(said));
