// Anthropic's official client, which it uses as it comes, in every way it is asked for models.
//
//   node anthropic-client.mjs '{"baseURL": "http://…", "apiKey": "…"}'
//
// Prints one JSON object with what each way gave. The two tools do their work here; the model is
// scripted to propose what it is told to.
import Anthropic from '@anthropic-ai/sdk';

const { baseURL, apiKey } = JSON.parse(process.argv[2]);
const client = new Anthropic({ baseURL, apiKey, maxRetries: 0 });
const common = { model: 'clerk-1', max_tokens: 500 };
const two = 'call add {"a":2,"b":3} and lookup {"word":"remit"}';
const user = (content) => [{ role: 'user', content }];
const text = (message) =>
  message.content
    .filter((block) => block.type === 'text')
    .map((block) => block.text)
    .join('');

const ran = [];
const work = {
  add: ({ a, b }) => String(a + b),
  lookup: ({ word }) => `${word}: an area of activity`,
};
const tools = [
  {
    name: 'add',
    description: 'adds',
    input_schema: {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'integer' } },
      required: ['a', 'b'],
    },
  },
  {
    name: 'lookup',
    description: 'looks up',
    input_schema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
  },
];
const said = {};

async function failure(attempt) {
  try {
    await attempt();
    return { type: 'none' };
  } catch (error) {
    return {
      type: error.constructor.name,
      isPermissionDenied: error instanceof Anthropic.PermissionDeniedError,
      isAuthentication: error instanceof Anthropic.AuthenticationError,
      status: error.status,
      message: error.message,
      remit: error.error?.error?.remit,
    };
  }
}

const whole = await client.messages.create({ ...common, messages: user('hello') });
said.message = { text: text(whole), tokens: whole.usage.output_tokens, stop: whole.stop_reason };

const pieces = [];
const stream = client.messages.stream({ ...common, messages: user('one two three') });
stream.on('text', (piece) => pieces.push(piece));
said.stream = { text: text(await stream.finalMessage()), pieces: pieces.join('') };

const asked = { ...common, messages: user(two), tools };
const first = await client.messages.stream(asked).finalMessage();
const uses = first.content.filter((block) => block.type === 'tool_use');
const second = await client.messages.create({
  ...asked,
  messages: [
    ...asked.messages,
    { role: 'assistant', content: first.content },
    {
      role: 'user',
      content: uses.map((use) => ({
        type: 'tool_result',
        tool_use_id: use.id,
        content: work[use.name](use.input),
      })),
    },
  ],
});
said.calls = { names: uses.map((use) => use.name), stop: first.stop_reason, text: text(second) };

const one = await client.messages.create(asked);
said.wholeCalls = one.content.filter((block) => block.type === 'tool_use').map((use) => use.input);

const running = {
  ...common,
  messages: user(two),
  tools: tools.map((tool) => ({
    ...tool,
    type: 'custom',
    run: (given) => {
      ran.push(tool.name);
      return work[tool.name](given);
    },
    parse: (given) => given,
  })),
};
// With a thread, the provider would hold the conversation, which takes a policy; without it does not.
said.thread = await failure(() => client.beta.messages.toolRunner(running).runUntilDone());
const runner = client.beta.messages.toolRunner({ ...running, thread: false });
said.toolRunner = { text: text(await runner), ran: ran.splice(0) };

const refused = await client.messages
  .stream({ ...asked, messages: user('call rm {"path":"/"} and add {"a":1,"b":1}') })
  .finalMessage();
said.oneRefused = {
  text: text(refused),
  names: refused.content.filter((block) => block.type === 'tool_use').map((use) => use.name),
};

said.count = (
  await client.messages.countTokens({ model: common.model, messages: user('hello') })
).input_tokens;
said.models = [];
for await (const model of client.models.list()) said.models.push(model.id);

said.refusals = {
  model: await failure(() =>
    client.messages.create({ ...common, model: 'other-1', messages: user('hello') }),
  ),
  stream: await failure(() =>
    client.messages.stream({ ...common, model: 'other-1', messages: user('x') }).finalMessage(),
  ),
  hosted: await failure(() =>
    client.messages.create({
      ...common,
      messages: user('hello'),
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    }),
  ),
  token: await failure(() =>
    new Anthropic({ baseURL, apiKey: 'none', maxRetries: 0 }).messages.create({
      ...common,
      messages: user('hello'),
    }),
  ),
};
console.log(JSON.stringify(said));
