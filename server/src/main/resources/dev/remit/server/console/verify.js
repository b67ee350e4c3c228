'use strict';

// Verifies an evidence bundle of Remit in this page, without sending anything anywhere. Written from
// docs/formats alone, as a second implementation: where it and `remit verify` differ, one is wrong.

const PARTS_MAX = 1000;
const BYTES_MAX = 512 * 1024 * 1024;
const MANIFEST_BYTES_MAX = 1024 * 1024;
const LINE_CHARS_MAX = 32 * 1024 * 1024;
const DAMAGES_MAX = 1000;
const GAPS_SHOWN_MAX = 1000;
const CELL_CHARS_MAX = 160;
const NOTE_CHARS_MAX = 256 * 1024;
const SIGNATURES_MAX = 32;
const DEPTH_MAX = 500;
const NOT_JSON = 'it is not JSON';

/** What is wrong with the evidence, in words; anything else that is thrown is a bug of this page. */
class Damage extends Error {}

const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const grouped = (number) => number.toLocaleString('en-US');

// ---------------------------------------------------------------- bytes, digests, base64

async function sha256(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const digestOf = async (...parts) => `sha256:${hex(await sha256(...parts))}`;
const leafHash = (bytes) => sha256(Uint8Array.of(0), bytes);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

function unbase64(from) {
  try {
    // One text for each value: an unused bit or left-out padding would be an unnoticed change.
    if (typeof from === 'string' && btoa(atob(from)) === from) {
      return Uint8Array.from(atob(from), (char) => char.charCodeAt(0));
    }
  } catch {
    // Said below.
  }
  throw new Damage('it is not base64');
}

function hashOf(base64) {
  const bytes = unbase64(base64);
  if (bytes.length !== 32) {
    throw new Damage(`a hash has 32 bytes, was ${bytes.length}`);
  }
  return bytes;
}

// ---------------------------------------------------------------- JSON, strictly, and RFC 8785

/** Reads JSON in which no key comes twice. Objects become Maps: no name has a meaning of its own. */
function parseJson(source) {
  let at = 0;
  const token =
    /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null))/y;
  const next = () => {
    token.lastIndex = at;
    const found = token.exec(source);
    if (found === null) {
      throw new Damage(NOT_JSON);
    }
    at = token.lastIndex;
    return found;
  };
  const separated = (close, each) => {
    const before = at;
    if (next()[1] === close) {
      return;
    }
    at = before;
    for (let mark = ','; mark === ','; ) {
      each();
      mark = next()[1];
      if (mark !== ',' && mark !== close) {
        throw new Damage(NOT_JSON);
      }
    }
  };
  const value = (depth) => {
    if (depth > DEPTH_MAX) {
      throw new Damage('it is nested too deeply');
    }
    const [, mark, string, number, word] = next();
    if (string !== undefined || number !== undefined || word !== undefined) {
      return JSON.parse(string ?? number ?? word);
    }
    if (mark === '{') {
      const object = new Map();
      separated('}', () => {
        const name = next()[2];
        if (name === undefined || next()[1] !== ':' || object.has(JSON.parse(name))) {
          throw new Damage(NOT_JSON);
        }
        object.set(JSON.parse(name), value(depth + 1));
      });
      return object;
    }
    if (mark === '[') {
      const array = [];
      separated(']', () => array.push(value(depth + 1)));
      return array;
    }
    throw new Damage(NOT_JSON);
  };
  const parsed = value(0);
  if (/[^ \t\n\r]/.test(source.slice(at))) {
    throw new Damage(NOT_JSON);
  }
  return parsed;
}

/** The one form of RFC 8785. ECMAScript prints numbers and strings as that form wants them. */
function canonical(value) {
  if (value instanceof Map) {
    const names = [...value.keys()].sort(); // by UTF-16 code units
    return `{${names.map((name) => `${quoted(name)}:${canonical(value.get(name))}`).join(',')}}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'string') {
    return quoted(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Damage('a number has no canonical form');
  }
  return JSON.stringify(value);
}

function quoted(string) {
  if (!string.isWellFormed()) {
    throw new Damage('an unpaired surrogate has no canonical form');
  }
  return JSON.stringify(string);
}

const member = (object, name) => (object instanceof Map ? object.get(name) : undefined);
const string = (object, name) => {
  const value = member(object, name);
  return typeof value === 'string' ? value : undefined;
};
const integer = (object, name, otherwise) => {
  const value = member(object, name);
  return Number.isSafeInteger(value) ? value : otherwise;
};

// ---------------------------------------------------------------- zip

/** Reads a zip's parts; one whose places point out of it is broken. */
async function unzipped(bytes) {
  try {
    return await unzip(bytes);
  } catch (e) {
    throw e instanceof RangeError ? new Damage('the zip is broken') : e;
  }
}

/** Reads a zip's parts by its central directory. */
async function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > PARTS_MAX || at === 0xffffffff) {
    throw new Damage(`the zip holds more than ${PARTS_MAX} parts, or is too large for this page`);
  }
  const parts = new Map();
  let rest = BYTES_MAX;
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) {
      throw new Damage('the zip is broken');
    }
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const name = text(bytes.subarray(at + 46, at + 46 + lengths[0]));
    if (parts.has(name)) {
      throw new Damage(`the zip holds \`${name}\` twice`);
    }
    const part = await unpack(bytes, view, at, name, rest);
    rest -= part.length;
    parts.set(name, part);
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return parts;
}

function endOfDirectory(view) {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === 0x06054b50) {
      return at;
    }
  }
  throw new Damage('this is not a zip: pass what `remit evidence export` has written');
}

async function unpack(bytes, view, entry, name, bytesMax) {
  const [method, packed] = [view.getUint16(entry + 10, true), view.getUint32(entry + 20, true)];
  const local = view.getUint32(entry + 42, true);
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const body = bytes.subarray(from, from + packed);
  if ((view.getUint16(entry + 8, true) & 1) !== 0 || (method !== 0 && method !== 8)) {
    throw new Damage(`the part \`${name}\` is encrypted, or packed in a way that is not known`);
  }
  return method === 0 ? body : inflate(body, name, bytesMax);
}

async function inflate(body, name, bytesMax) {
  const reader = new Blob([body])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader();
  const chunks = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > bytesMax) {
        break;
      }
      chunks.push(read.value);
    }
  } catch {
    throw new Damage(`the part \`${name}\` cannot be unpacked`);
  }
  if (length > bytesMax) {
    throw new Damage(`\`${name}\` unpacks to more than this page takes; use remit-verify.jar`);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

// ---------------------------------------------------------------- signed notes and checkpoints

const isName = (name) => name !== '' && !/[+\s\u0000-\u001f]/u.test(name);

/** Reads verifier keys, `name+id+base64[ from SIZE][ to SIZE]`, one a line. */
async function parseKeys(lines) {
  const keys = [];
  for (const line of lines.split('\n').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, written, name, id, typed, first, last] =
      /^(([^+\s]*)\+([^+\s]*)\+(\S*))(?: from ([0-9]{1,18}))?(?: to ([0-9]{1,18}))?$/.exec(line) ?? [];
    const bytes = name === undefined || !isName(name) ? [] : keyBytes(typed);
    if (bytes.length !== 33 || bytes[0] !== 1) {
      throw new Damage(`\`${line.slice(0, 80)}\` is no Ed25519 key of the form name+id+base64, then its sizes if any`);
    }
    const hint = (await sha256(utf8(`${name}\n`), bytes)).subarray(0, 4);
    if (hex(hint) !== id) {
      throw new Damage(`the key id of \`${name}\` is not its own`);
    }
    const span = { first: BigInt(first ?? 0), last: last === undefined ? undefined : BigInt(last) };
    keys.push({ name, hint, raw: bytes.subarray(1), span, toString: () => written });
  }
  if (keys.length === 0) {
    throw new Damage('there is no public key to verify with: paste the log\'s key');
  }
  return keys;
}

function keyBytes(typed) {
  try {
    return unbase64(typed);
  } catch {
    return []; // what is no key is said in the words of a key
  }
}

/** Whether a key signs checkpoints of this size. */
const covers = ({ first, last }, size) => first <= size && (last === undefined || size <= last);

function parseNote(note) {
  const blank = note.lastIndexOf('\n\n');
  const signed = note.slice(0, blank + 1);
  if (note.length > NOTE_CHARS_MAX || blank < 0 || !note.endsWith('\n')) {
    throw new Damage('not a signed note');
  }
  if (/[\u0000-\u0009\u000b-\u001f]/.test(signed)) {
    throw new Damage('a note is plain text that ends in a newline');
  }
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) {
    throw new Damage(`a note has 1 to ${SIGNATURES_MAX} signatures, was ${lines.length}`);
  }
  const signatures = lines.map((line) => {
    const [, name, base64] = /^\u2014 (.+) ([^ ]+)$/.exec(line) ?? [];
    if (name === undefined || !isName(name)) {
      throw new Damage(`\`${line}\` is not a signature line of a note`);
    }
    const bytes = unbase64(base64);
    if (bytes.length <= 4) {
      throw new Damage('a signature line of a note holds no signature');
    }
    return { name, hint: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
  });
  return { signed, signatures };
}

function parseCheckpoint(signed) {
  const lines = signed.split('\n');
  if (lines.length !== 4 || lines[3] !== '' || !/^(0|[1-9][0-9]{0,17})$/.test(lines[1])) {
    throw new Damage('not a checkpoint: origin, size and root, a line each');
  }
  if (!isName(lines[0])) {
    throw new Damage(`\`${lines[0]}\` cannot be the origin of a log`);
  }
  return { origin: lines[0], size: BigInt(lines[1]), root: hashOf(lines[2]), rootText: lines[2] };
}

async function isSignedBy(key, signed, signature) {
  try {
    const imported = await crypto.subtle.importKey('raw', key.raw, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, signature.bytes, utf8(signed));
  } catch (e) {
    if (e instanceof DOMException && e.name === 'NotSupportedError') {
      throw new Error('this browser does not know Ed25519; use a newer one, or remit-verify.jar');
    }
    return false; // bytes that are no key or no signature are a wrong signature
  }
}

/** Says which of `keys` signed; a wrong signature under a known name and id spoils the whole. */
async function signer(note, keys) {
  let found;
  for (const signature of note.signatures) {
    for (const key of keys) {
      if (key.name === signature.name && same(key.hint, signature.hint)) {
        if (!(await isSignedBy(key, note.signed, signature))) {
          throw new Damage(`the signature of \`${key.name}\` on a checkpoint is wrong`);
        }
        found = key;
      }
    }
  }
  return found;
}

// ---------------------------------------------------------------- subset proof

/** The root that leaves and proof lead to; undefined when the proof is too short or too long. */
async function subsetRoot(size, places, leaves, proof) {
  if (places.some((place, i) => BigInt(place) >= size || (i > 0 && place <= places[i - 1]))) {
    throw new Damage(`the proof cannot be followed: places ascend and are less than ${size}`);
  }
  let used = 0;
  const walk = async (first, end, from, to) => {
    if (from === to) {
      return proof[used++];
    }
    if (end - first === 1n) {
      return leaves[from];
    }
    const middle = first + (1n << BigInt((end - first - 1n).toString(2).length - 1));
    let cut = from;
    while (cut < to && BigInt(places[cut]) < middle) {
      cut++;
    }
    const left = await walk(first, middle, from, cut);
    const right = left && (await walk(middle, end, cut, to));
    return right && nodeHash(left, right);
  };
  const root = size === 0n ? await sha256() : await walk(0n, size, 0, places.length);
  return used === proof.length ? root : undefined;
}

// ---------------------------------------------------------------- time

/** Gives moments a form in which text order is their order. */
function moment(from) {
  const [, second, fraction] =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]{1,9}))?Z$/.exec(from ?? '') ?? [];
  if (second === undefined || Number.isNaN(Date.parse(`${second}Z`))) {
    return undefined;
  }
  return `${second.length === 16 ? `${second}:00` : second}.${(fraction ?? '').padEnd(9, '0')}`;
}

// ---------------------------------------------------------------- what belongs to a scope

const DECLARED = ['registry.changed'];
const EARLIER = ['policy.activated', 'policy.gated'];
const PERIOD = [
  'apply.requested', 'apply.settled', 'owner.succeeded',
  'boot', 'seal', 'enforcement.requested', 'enforcement.settled', 'enforcement.changed',
  'finding.raised', 'finding.closed', 'credential.swept', 'credential.quarantined',
  'evaluation.planned', 'evaluation.judged', 'drift.noticed', 'drill.finished',
];
const NEVER = [
  'key.created', 'key.revoked', 'key.retired', 'signal.received',
  'signal.refused', 'heartbeat', 'secret.stored', 'operator.issued', 'evidence.exported',
  'account.set', 'passkey.added', 'passkey.removed', 'session.started', 'session.ended',
  'signin.refused', 'export.rewound', 'export.setaside', 'evaluation.answered',
  'evaluation.labelled', 'probes.asked', 'log.seen',
];
const ABOUT = [
  'task.started', 'task.completed', 'token.issued', 'token.revoked', 'svid.issued', 'exchange.refused',
  'consent.given',
  'credential.intended', 'credential.issued', 'credential.revoking', 'credential.stuck',
  'credential.ended', 'credential.returned', 'secret.offered', 'secret.revealed',
  'call.decided', 'call.refused', 'call.ended', 'model.proposed', 'decision.asked', 'approval.opened',
  'approval.agreed', 'approval.reminded', 'approval.settled', 'allowance.given', 'allowance.ended',
  'evidence.erased', 'evidence.expired', 'legalhold.placed', 'legalhold.lifted',
  'canary.planted', 'canary.retired',
  'risk.changed', 'promotion.requested', 'promotion.settled', 'stage.changed',
  'proof.decayed', 'proof.restored', 'exercise.finished', 'exception.requested', 'exception.settled', 'exception.ended',
  'change.opened', 'change.moved', 'change.evaluated', 'change.reversed', 'emergency.requested',
  'emergency.settled', 'emergency.used', 'emergency.ended', 'emergency.reviewed',
];
const STOPPED = ['standing.changed', 'resumption.requested', 'resumption.settled'];
const SINGLE = ['definition.pinned', 'control.measured'];
const TYPES = [...DECLARED, ...EARLIER, ...PERIOD, ...NEVER, ...ABOUT, ...STOPPED, ...SINGLE];

class Selection {
  #scope;
  #tasks = new Set();
  #decisions = new Set();

  constructor(scope) {
    this.#scope = scope;
  }

  takes(entry) {
    const type = string(entry, 'type');
    const at = moment(string(entry, 'at'));
    const inPeriod = at >= this.#scope.from && at < this.#scope.to;
    const related = this.#scope.related.has(
      `${string(entry, 'kind') ?? ''}/${string(entry, 'name') ?? ''}`);
    if (DECLARED.includes(type)) {
      return at < this.#scope.to && related;
    }
    if (EARLIER.includes(type)) {
      return at < this.#scope.to;
    }
    if (type === 'definition.pinned') {
      return at < this.#scope.to && this.#scope.related.has(`tool/${string(entry, 'tool') ?? ''}`);
    }
    if (STOPPED.includes(type)) {
      return inPeriod && related;
    }
    if (type === 'control.measured') {
      return inPeriod && (related || this.#isAbout(entry));
    }
    if (PERIOD.includes(type)) {
      return inPeriod;
    }
    return ABOUT.includes(type) && inPeriod && this.#isAbout(entry);
  }

  #isAbout(entry) {
    const named = string(entry, this.#scope.kind) === this.#scope.subject;
    const continued =
      this.#decisions.has(string(entry, 'of')) || this.#tasks.has(string(entry, 'task'));
    if (named || continued) {
      [[this.#tasks, 'task'], [this.#decisions, 'id']].forEach(([seen, name]) => {
        if (string(entry, name) !== undefined) {
          seen.add(string(entry, name));
        }
      });
    }
    return named || continued;
  }
}

// ---------------------------------------------------------------- completeness

/** What begins and must end: kind, type, id and due of its beginning, type and id of its end, cause. */
const PAIRS = [
  ['call', 'call.decided', 'id', 'at', 'call.ended', 'of', 'no outcome was recorded before the export'],
  ['task', 'task.started', 'task', 'expiresAt', 'task.completed', 'task', 'its end is missing'],
  ['approval', 'approval.opened', 'approval', 'lapsesAt', 'approval.settled', 'approval', 'it was never settled'],
  ['credential', 'credential.intended', 'credential', 'expiresAt', 'credential.ended', 'credential', 'it is not seen to be gone'],
];

class Completeness {
  #scope;
  #several;
  #counts = new Map();
  #open = new Map();
  #interrupted = [];
  #begun = 0;

  constructor(scope, several) {
    this.#scope = scope;
    this.#several = several;
  }

  add(entry, index) {
    const type = string(entry, 'type');
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    for (const [kind, begins, id, due, ends, of, cause] of PAIRS) {
      if (type === begins && (kind !== 'call' || isSentOn(entry))) {
        this.#begin(`${kind} ${string(entry, id) ?? ''}`, entry, index, this.#due(entry, index, due), cause);
      }
      if (type === ends) {
        this.#open.delete(`${kind} ${string(entry, of) ?? ''}`);
      }
    }
    if (type === 'boot') {
      this.#interrupt(string(entry, 'producer'));
    }
  }

  #begin(what, entry, index, due, cause) {
    const node = string(entry, 'producer');
    this.#open.set(what, { order: this.#begun, index, node, what, due, cause });
    this.#begun++;
  }

  #due(entry, index, name) {
    const due = moment(string(entry, name));
    if (due === undefined) {
      throw new Damage(`entry ${index} has no \`${name}\``);
    }
    return due;
  }

  #interrupt(node) {
    for (const [what, begun] of this.#open) {
      if (what.startsWith('call ') && begun.node === node) {
        const cause = 'the recorder stopped before its outcome was known';
        this.#interrupted.push({ ...begun, cause });
        this.#open.delete(what);
      }
    }
  }

  gaps() {
    const due = [...this.#open.values()].filter(
      (one) => one.due >= this.#scope.from && one.due < this.#scope.to);
    return [...this.#interrupted, ...due].sort((a, b) => a.order - b.order);
  }

  figure() {
    return this.#begun === 0
      ? 10000
      : Math.floor(((this.#begun - this.gaps().length) * 10000) / this.#begun);
  }

  text() {
    const gaps = this.gaps();
    const shown = gaps.slice(0, GAPS_SHOWN_MAX).map(
      ({ index, node, what, cause }) => new Map(Object.entries(
        this.#several ? { index, node, what, cause } : { index, what, cause })));
    const said = {
      begun: this.#begun,
      figure: this.figure(),
      gaps: gaps.length,
      entries: this.#counts,
      gapsShown: shown,
    };
    return `${canonical(new Map(Object.entries(said)))}\n`;
  }
}

function isSentOn(entry) {
  return string(entry, 'observed') !== undefined
    || ['allow', 'modify', 'filter'].includes(string(entry, 'decision'));
}

// ---------------------------------------------------------------- the bundle

const PARTS = {
  manifest: 'manifest.json',
  answer: 'answer.md',
  checkpoint: 'checkpoint',
  keys: 'keys',
  entries: 'entries.ndjson',
  proof: 'proof',
  declared: 'declared.ndjson',
  bodies: 'bodies.ndjson',
  redactions: 'redactions.ndjson',
  completeness: 'completeness.json',
};

/** Reads the parts of a bundle, and says by part and line what cannot be read. */
class PartReader {
  #parts;
  #damages;

  constructor(parts, damages) {
    this.#parts = parts;
    this.#damages = damages;
  }

  text(name) {
    return text(this.#parts.get(name) ?? new Uint8Array());
  }

  async lines(name, each) {
    const lines = this.text(name).split(/\r\n|\n|\r/);
    if (lines.at(-1) === '') {
      lines.pop();
    }
    for (const [i, line] of lines.entries()) {
      const place = `\`${name}\` line ${i + 1}`;
      if (line.length > LINE_CHARS_MAX || this.#damages.length > DAMAGES_MAX) {
        this.#damages.push(`${place} and what follows was not read`);
        return;
      }
      try {
        await each(parseJson(line));
      } catch (e) {
        const why = said(e);
        this.#damages.push(why === NOT_JSON ? `${place} is not JSON` : `${place}: ${why}`);
      }
    }
  }
}

/** What a bundle holds of one log, and what is wrong with that. */
class LogPart {
  #reader;
  #damages;
  #proved;
  #places = [];
  #leaves = [];
  #commitments = new Map();
  #bodies = { opened: 0, withheld: 0, erased: 0, missing: 0 };

  constructor(listed, reader, damages, proved) {
    this.listed = listed;
    this.#reader = reader;
    this.#damages = damages;
    this.#proved = proved;
  }

  get places() {
    return this.#places;
  }

  part(name) {
    return this.listed.name === '' ? name : `logs/${this.listed.name}/${name}`;
  }

  /** Names the log in a sentence, where there is more than one. */
  said(sentence) {
    return this.listed.name === '' ? sentence : `\`${this.listed.name}\`: ${sentence}`;
  }

  damaged(what) {
    this.#damages.push(this.said(what));
  }

  note() {
    return this.#reader.text(this.part(PARTS.checkpoint));
  }

  async readCheckpoint(keys) {
    try {
      const { note, checkpoint } = parsing('the checkpoint cannot be read', () => {
        const read = parseNote(this.note());
        return { note: read, checkpoint: parseCheckpoint(read.signed) };
      });
      const { origin, size, root } = this.listed;
      if (origin !== checkpoint.origin || size !== String(checkpoint.size) || root !== checkpoint.rootText) {
        this.damaged('the checkpoint is not the one that the manifest names');
      }
      const key = await signer(note, keys);
      if (key === undefined) {
        throw new Damage(`no known key has signed a checkpoint of \`${checkpoint.origin}\``);
      }
      if (key.name !== checkpoint.origin) {
        throw new Damage(`\`${key.name}\` signed a checkpoint of \`${checkpoint.origin}\``);
      }
      if (!keys.some((one) => `${one}` === `${key}` && covers(one.span, checkpoint.size))) {
        const until = key.span.last === undefined ? 'on' : `to ${key.span.last}`;
        throw new Damage(
          `a checkpoint of ${checkpoint.size} entries is signed with a key of \`${key.name}\``
          + ` for sizes from ${key.span.first} ${until}`);
      }
      this.#proved.push(this.said(`the checkpoint is signed by ${key}`));
      this.checkpoint = checkpoint;
    } catch (e) {
      this.damaged(said(e));
    }
  }

  async readEntries(each) {
    await this.#reader.lines(this.part(PARTS.entries), async (line) => {
      const { index, entry } = await this.#entry(line);
      for (const [name, body] of member(entry, 'bodies') ?? []) {
        this.#commitments.set(`${index} ${name}`, string(body, 'commitment') ?? '');
      }
      await each(entry, index);
    });
  }

  countEntries() {
    if (this.listed.entries !== this.#places.length) {
      this.damaged(`the manifest counts ${this.listed.entries} entries, not ${this.#places.length}`);
    }
  }

  async #entry(line) {
    const index = integer(line, 'index', -1);
    if (index <= (this.#places.at(-1) ?? -1)) {
      throw new Damage(`entry ${index} is out of order`);
    }
    this.#places.push(index);
    this.#leaves.push(hashOf(string(line, 'leaf') ?? ''));
    const entry = member(line, 'entry');
    if (!same(await leafHash(utf8(canonical(entry))), this.#leaves.at(-1))) {
      this.damaged(`entry ${index} does not have the hash that stands beside it`);
    }
    if (member(entry, 'v') !== 1) {
      throw new Damage(`entry ${index} is not an entry of version 1`);
    }
    if (!TYPES.includes(string(entry, 'type'))) {
      throw new Damage(`entry ${index} \`${string(entry, 'type')}\` is not a type of ledger entry`);
    }
    if (moment(string(entry, 'at')) === undefined) {
      throw new Damage(`entry ${index} has no time \`at\``);
    }
    for (const name of ['epoch', 'n']) {
      if (integer(entry, name) === undefined) {
        throw new Damage(`entry ${index} has no number \`${name}\``);
      }
    }
    if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(string(entry, 'producer') ?? '')) {
      throw new Damage(`entry ${index} has no text \`producer\``);
    }
    return { index, entry };
  }

  async prove() {
    if (this.checkpoint === undefined) {
      return;
    }
    const { size, root: signed } = this.checkpoint;
    try {
      const lines = this.#reader.text(this.part(PARTS.proof)).split('\n');
      const proof = parsing('the proof cannot be followed', () =>
        lines.slice(0, lines.at(-1) === '' ? -1 : undefined).map(hashOf));
      const root = await subsetRoot(size, this.#places, this.#leaves, proof);
      if (root === undefined || !same(root, signed)) {
        throw new Damage('the entries and the proof do not lead to the root that was signed');
      }
      this.#proved.push(this.said(
        `${grouped(this.#places.length)} entries are in the log of ${grouped(size)} that was signed`));
    } catch (e) {
      this.damaged(said(e));
    }
  }

  async readBodies() {
    await this.#reader.lines(this.part(PARTS.bodies), (line) => this.#body(line));
    await this.#reader.lines(this.part(PARTS.redactions), (line) => this.#redaction(line));
    for (const place of this.#commitments.keys()) {
      this.damaged(`the body ${place} is neither opened nor said to be redacted`);
    }
    if (this.#bodies.opened > 0) {
      this.#proved.push(this.said(
        `${grouped(this.#bodies.opened)} opened bodies are what their entries commit to`));
    }
  }

  untold(notProved) {
    const { withheld, erased, missing } = this.#bodies;
    if (withheld > 0) {
      notProved.push(this.said(`what ${grouped(withheld)} bodies say, which were withheld`));
    }
    if (erased > 0) {
      notProved.push(this.said(`what ${grouped(erased)} bodies said, which were erased`));
    }
    if (missing > 0) {
      notProved.push(this.said(`what ${grouped(missing)} bodies said, which the server has lost`));
    }
  }

  async #body(line) {
    const place = `${integer(line, 'index', -1)} ${string(line, 'name') ?? ''}`;
    const salt = unbase64(string(line, 'salt') ?? '');
    const value = unbase64(string(line, 'value') ?? '');
    if ((await digestOf(salt, value)) !== this.#taken(place)) {
      throw new Damage(`the body ${place} is not what its entry commits to`);
    }
    this.#bodies.opened++;
  }

  #redaction(line) {
    this.#taken(`${integer(line, 'index', -1)} ${string(line, 'name') ?? ''}`);
    const why = string(line, 'why') ?? '';
    if (!['withheld', 'erased', 'missing'].includes(why)) {
      throw new Damage(`\`${why}\` is no reason`);
    }
    this.#bodies[why]++;
  }

  #taken(place) {
    const commitment = this.#commitments.get(place);
    if (!this.#commitments.delete(place)) {
      throw new Damage(`no entry commits to the body ${place}, or it is twice`);
    }
    return commitment;
  }
}

/** Holds the logs of a bundle against what the root log says of them. */
class RootPart {
  #seen = new Map();
  #newest;
  #after = [];

  next(entry, index) {
    if (string(entry, 'type') === 'log.seen') {
      this.#seen.set(string(entry, 'of') ?? '', entry);
      this.#newest = { entry, index };
      this.#after = [];
    } else {
      this.#after.push(index);
    }
  }

  async compare(size, logs, damages, proved) {
    const known = damages.length;
    if (this.#newest === undefined) {
      damages.push('the root log says of no log how far it has come');
      return;
    }
    const { entry, index } = this.#newest;
    const isEnd =
      BigInt(this.#after.length) === size - BigInt(index) - 1n
      && this.#after.every((one, i) => one === index + 1 + i);
    if (!isEnd) {
      damages.push(`the root log's entries from ${index + 1} on are not all there`);
    }
    for (const log of logs) {
      await this.#compare(log, damages);
    }
    [...this.#seen.keys()].sort().forEach((origin) =>
      damages.push(`the root log has seen \`${origin}\`, of which nothing is here`));
    const origins = [...new Set(logs.map((log) => log.listed.origin))].sort();
    if ((await digestOf(utf8(canonical(origins)))) !== string(entry, 'set')) {
      damages.push('the logs are not those that the root log knew');
    }
    if (damages.length === known) {
      proved.push(
        `${logs.length === 1 ? '1 log is' : grouped(logs.length) + ' logs are'} all that the root log knew at ${string(entry, 'at')}, each as it was seen last`);
    }
  }

  async #compare(log, damages) {
    const { name, origin, size, root } = log.listed;
    const seen = this.#seen.get(origin);
    this.#seen.delete(origin);
    if (seen === undefined) {
      damages.push(`the root log has not seen \`${origin}\``);
    } else if (
      string(seen, 'node') !== name
      || String(integer(seen, 'size', -1)) !== size
      || string(seen, 'root') !== root
      || string(seen, 'checkpoint') !== (await digestOf(utf8(log.note())))
    ) {
      damages.push(`\`${name}\`: the checkpoint is not the one that the root log saw`);
    }
  }
}

/** Of the logs' next entries the one with the earliest time first, the log named first if equal. */
function* inTime(logs) {
  const rest = logs.map((entries) => ({ entries, at: 0 })).filter(({ entries }) => entries.length > 0);
  while (rest.length > 0) {
    const time = ({ entries, at }) => moment(string(entries[at].entry, 'at'));
    const earliest = rest.reduce((a, b) => (time(b) < time(a) ? b : a));
    yield earliest.entries[earliest.at++];
    if (earliest.at === earliest.entries.length) {
      rest.splice(rest.indexOf(earliest), 1);
    }
  }
}

class BundleAudit {
  #parts;
  #reader;
  #keys;
  #damages = [];
  #proved = [];
  #notProved = [];
  #snapshots = new Map();
  #declared = new Map();

  constructor(parts, keys) {
    this.#parts = parts;
    this.#keys = keys;
    this.#reader = new PartReader(parts, this.#damages);
  }

  async run() {
    let manifest;
    try {
      manifest = this.#manifest();
    } catch (e) {
      this.#damages.push(`the part \`${PARTS.manifest}\` cannot be read: ${said(e)}`);
      return this.#report(undefined, [], []);
    }
    const { scope, several } = manifest;
    const completeness = new Completeness(scope, several);
    const logs = manifest.logs.map(
      (listed) => new LogPart(listed, this.#reader, this.#damages, this.#proved));
    const told = several ? logs.slice(1) : logs;
    await this.#compareParts(manifest);
    for (const log of logs) {
      await log.readCheckpoint(this.#keys.list);
    }
    await this.#reader.lines(PARTS.declared, (line) => this.#declare(line));
    const selection = new Selection(scope);
    const judge = (log, entry, index) => this.#judge(log, entry, index, selection, completeness);
    if (several) {
      await this.#underRoot(logs[0], told);
      await this.#inTime(told, judge);
    } else {
      await told[0].readEntries((entry, index) => judge(told[0], entry, index));
    }
    logs.forEach((log) => log.countEntries());
    for (const log of logs) {
      await log.prove();
    }
    this.#compareDeclared();
    for (const log of logs) {
      await log.readBodies();
    }
    if (told.every((log) => log.checkpoint !== undefined)) {
      this.#sayAgain(scope, several, told, completeness);
    }
    return this.#report(scope, logs, told, completeness);
  }

  #judge(log, entry, index, selection, completeness) {
    if (!selection.takes(entry)) {
      log.damaged(`entry ${index} is not about what the manifest names`);
    }
    if (string(entry, 'type') === 'registry.changed' && string(entry, 'after') !== undefined) {
      this.#declared.set(placeOf(entry), string(entry, 'after'));
    }
    completeness.add(entry, index);
  }

  async #underRoot(root, logs) {
    const check = new RootPart();
    await root.readEntries((entry, index) => check.next(entry, index));
    if (root.checkpoint !== undefined) {
      await check.compare(root.checkpoint.size, logs, this.#damages, this.#proved);
    }
  }

  async #inTime(logs, judge) {
    const all = [];
    for (const log of logs) {
      const entries = [];
      await log.readEntries((entry, index) => entries.push({ log, entry, index }));
      all.push(entries);
    }
    for (const { log, entry, index } of inTime(all)) {
      try {
        judge(log, entry, index);
      } catch (e) {
        this.#damages.push(`\`${log.listed.name}\`: ${said(e)}`);
      }
    }
  }

  #manifest() {
    const bytes = this.#parts.get(PARTS.manifest);
    if (bytes === undefined) {
      throw new Damage('it is missing');
    }
    if (bytes.length > MANIFEST_BYTES_MAX) {
      throw new Damage('it is larger than 1 MiB');
    }
    const json = parseJson(text(bytes));
    if (!same(bytes, utf8(`${canonical(json)}\n`))) {
      throw new Damage('it is not canonical JSON');
    }
    const version = member(json, 'v');
    if (version !== 1 && version !== 2) {
      throw new Damage('it is not of version 1 or 2');
    }
    const parts = new Map();
    for (const part of member(json, 'parts') ?? []) {
      const digest = string(part, 'digest') ?? '';
      if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
        throw new Damage(`\`${digest}\` is no digest`);
      }
      parts.set(string(part, 'name') ?? '', { bytes: integer(part, 'bytes', -1), digest });
    }
    const logs = version === 1 ? [this.#listed(json, '')] : this.#logs(member(json, 'logs'));
    return { parts, logs, several: version === 2, scope: this.#scope(member(json, 'scope')) };
  }

  #listed(json, name) {
    return {
      name,
      origin: string(json, 'origin') ?? '',
      size: String(member(json, 'size')),
      root: string(json, 'root') ?? '',
      entries: integer(json, 'entries', -1),
    };
  }

  #logs(json) {
    const logs = Array.isArray(json) ? json.map((one) => this.#listed(one, string(one, 'name') ?? '')) : [];
    const isRight = logs.every(({ name }, i) => (i === 0
      ? name === 'root'
      : /^[a-z0-9][a-z0-9.-]{0,62}$/.test(name) && name !== 'root' && (i === 1 || logs[i - 1].name < name)));
    if (!isRight) {
      throw new Damage('its logs are the root log and then those of nodes by name, each once');
    }
    if (logs.length < 2) {
      throw new Damage('it names no log of a node');
    }
    return logs;
  }

  #scope(json) {
    const kind = string(json, 'kind') ?? '';
    const scope = {
      kind,
      subject: string(json, 'subject') ?? '',
      from: moment(string(json, 'from')),
      to: moment(string(json, 'to')),
      said: [string(json, 'from'), string(json, 'to')],
      related: new Set(member(json, 'related') ?? []),
    };
    const related = [...scope.related];
    const isPlain =
      json instanceof Map
      && json.size === 5
      && Array.isArray(member(json, 'related'))
      && related.every((name) => typeof name === 'string')
      && canonical(related.toSorted()) === canonical(member(json, 'related'))
      && scope.said.every((time) => /^[^.]*(\.[0-9]{3}([0-9]{3}){0,2})?Z$/.test(time ?? ''))
      && !scope.said.some((time) => /000Z$/.test(time) && time.includes('.'));
    if (!['workflow', 'identity', 'task'].includes(kind)) {
      throw new Damage(`\`${kind}\` is no kind of scope`);
    }
    if (scope.from === undefined || scope.to === undefined) {
      throw new Damage('a scope has two times');
    }
    if (!isPlain) {
      throw new Damage('a scope has one form only, which is not this');
    }
    if (scope.subject === '' || scope.from >= scope.to) {
      throw new Damage('a scope names a subject and ends after it begins');
    }
    return scope;
  }

  async #compareParts(manifest) {
    const there = new Set(this.#parts.keys());
    there.delete(PARTS.manifest);
    for (const [name, listed] of manifest.parts) {
      const part = this.#parts.get(name);
      if (!there.delete(name)) {
        this.#damages.push(`the part \`${name}\` is missing: the manifest names it`);
      } else if (part.length !== listed.bytes || (await digestOf(part)) !== listed.digest) {
        this.#damages.push(`the part \`${name}\` is not the one that the manifest names`);
      }
    }
    [...there].sort().forEach((name) =>
      this.#damages.push(`the part \`${name}\` was added: the manifest does not name it`));
  }

  async #declare(line) {
    const place = placeOf(line);
    if (this.#snapshots.has(place)) {
      throw new Damage(`${place} is there twice`);
    }
    this.#snapshots.set(place, await digestOf(utf8(canonical(member(line, 'spec')))));
  }

  #compareDeclared() {
    const known = this.#damages.length;
    for (const [place, digest] of this.#snapshots) {
      const after = this.#declared.get(place);
      this.#declared.delete(place);
      if (after === undefined) {
        this.#damages.push(`no entry says that ${place} was declared`);
      } else if (after !== digest) {
        this.#damages.push(`${place} is not what its entry says was declared`);
      }
    }
    for (const place of this.#declared.keys()) {
      this.#damages.push(`what ${place} declared is missing`);
    }
    if (this.#damages.length === known && this.#snapshots.size > 0) {
      this.#proved.push(
        `${grouped(this.#snapshots.size)} declarations are what their entries say`);
    }
  }

  #sayAgain(scope, several, logs, completeness) {
    if (this.#reader.text(PARTS.completeness) !== completeness.text()) {
      this.#damages.push(`\`${PARTS.completeness}\` is not what the entries say`);
    }
    const by = several
      ? `by the logs of all nodes as they were signed: ${logs
        .map(({ checkpoint }) => `\`${checkpoint.origin}\` at ${checkpoint.size} entries`)
        .join(', ')}. The last column is an entry's node and its place in that node's log.\n`
      : `by the log \`${logs[0].checkpoint.origin}\` as it was signed at ${logs[0].checkpoint.size}`
        + ' entries. The last column is an entry\'s place in the log.\n';
    const head =
      `# What ${scope.kind} \`${cell(scope.subject)}\` did\n\n`
      + `From ${scope.said[0]} to ${scope.said[1]}, ${by}`;
    if (!this.#reader.text(PARTS.answer).startsWith(head)) {
      this.#damages.push(`\`${PARTS.answer}\` is not what the entries say`);
    }
    this.#notProved.push(
      `that \`${PARTS.answer}\` says what the entries say: this page compares its head only, remit-verify.jar all of it`);
  }

  #report(scope, logs, told, completeness) {
    const holds =
      this.#damages.length === 0 && logs.length > 0 && logs.every((log) => log.checkpoint !== undefined);
    logs.forEach((log) => log.untold(this.#notProved));
    const notProved = [...this.#notProved];
    if (!this.#keys.trusted) {
      notProved.unshift('that the key is the log\'s: it came from the bundle itself; paste one that you trust');
    }
    notProved.push(
      'that no entry was left out (export the whole log for that), anything newer than the checkpoint, and calls that never passed through Remit');
    const entries = told.reduce((sum, log) => sum + log.places.length, 0);
    const head = scope === undefined
      ? ''
      : `${scope.kind} ${scope.subject}, ${scope.said[0]} to ${scope.said[1]}: `
        + `${grouped(entries)} entries, ${(completeness.figure() / 100).toFixed(2)} % complete, `
        + `${grouped(completeness.gaps().length)} gaps`;
    if ([...this.#parts.keys()].some((name) => name === 'timestamp' || name.endsWith('/timestamp'))) {
      notProved.push(
        'when the checkpoint was there: this page does not read its timestamp; see remit-verify.jar --tsa-certificate, or openssl ts -verify');
    }
    return { holds, head, proved: holds ? this.#proved : [], damages: this.#damages, notProved };
  }
}

function placeOf(json) {
  const [kind, name] = [string(json, 'kind') ?? '', string(json, 'name') ?? ''];
  return `${kind}/${name} revision ${integer(json, 'revision', 0)}`;
}

/** What a cell of answer.md shows of a text. */
function cell(from) {
  const plain = from.replace(/[\u0000-\u001f\u007f|<>`[\]]/g, ' ').trim();
  return plain.length <= CELL_CHARS_MAX ? plain : `${plain.slice(0, CELL_CHARS_MAX)}\u2026`;
}

/** Reads something, and says of what cannot be read what it was. */
function parsing(what, read) {
  try {
    return read();
  } catch (e) {
    throw new Damage(`${what}: ${said(e)}`);
  }
}

function said(e) {
  if (!(e instanceof Damage)) {
    throw e;
  }
  return e.message;
}

/** Verifies a zip's bytes by the keys that the person has pasted, or else by the bundle's own. */
async function verify(bytes, pasted) {
  try {
    const parts = await unzipped(bytes);
    const trusted = pasted.trim() !== '';
    const list = await parseKeys(
      trusted ? pasted : text(parts.get(PARTS.keys) ?? new Uint8Array()));
    return await new BundleAudit(parts, { list, trusted }).run();
  } catch (e) {
    return { holds: false, head: '', proved: [], damages: [said(e)], notProved: [] };
  }
}

