'use strict';

// Adds to pages what they can do without: decisions as they are recorded, and checking a proof.
// Whatever comes from elsewhere is put in as text and never as markup.
(() => {
  const ROWS_MAX = 200;
  const KEPT_MAX = 200;

  const made = (name, kind, says) => {
    const element = document.createElement(name);
    if (kind) {
      element.className = kind;
    }
    element.append(says ?? '');
    return element;
  };

  // ---------------------------------------------------------------- the live view

  const row = (line) => {
    const time = made('time', '', line.clock);
    time.dateTime = line.at;
    const known = ['allow', 'deny', 'hold', 'modify'].includes(line.outcome);
    const record = made('a', '', line.record);
    record.href = line.path;
    const cells = [
      made('td', 'mono', time),
      made('td', '', made('span', `pill ${known ? line.outcome : 'kind'}`, line.outcome)),
      made('td', '', line.identity),
      made('td', 'mono', line.what),
      made('td', '', line.why),
      made('td', 'mono', record),
    ];
    const tr = made('tr', 'fresh');
    tr.id = line.row;
    tr.append(...cells);
    setTimeout(() => tr.classList.remove('fresh'), 1500);
    return tr;
  };

  const watch = (live) => {
    const body = live.querySelector('tbody');
    const state = document.getElementById('live-state');
    const show = made('button', 'btn', 'Pause');
    show.type = 'button';
    live.insertBefore(show, state.nextSibling);
    let waiting = [];
    let passed = 0;
    let paused = false;

    // Whoever reads is not to have the rows moved: new ones wait until they ask for them.
    const reads = () =>
      paused || body.matches(':hover') || body.contains(document.activeElement) ||
      body.getBoundingClientRect().top < 0;

    const tell = () => {
      const more = waiting.length ? `${waiting.length} new decisions wait. ` : '';
      const left = passed ? `${passed} records came too fast to be shown here; the ledger has them. ` : '';
      state.textContent = `Live. ${more}${left}`;
      show.textContent = waiting.length || paused ? 'Show new decisions' : 'Pause';
    };

    const add = () => {
      for (const line of waiting) {
        if (!document.getElementById(line.row)) {
          body.prepend(row(line));
        }
      }
      waiting = [];
      while (body.rows.length > ROWS_MAX) {
        body.lastElementChild.remove();
      }
      document.getElementById('live-none')?.remove();
    };

    show.addEventListener('click', () => {
      if (waiting.length || paused) {
        paused = false;
        add();
      } else {
        paused = true;
      }
      tell();
    });

    const source = new EventSource(live.dataset.stream);
    source.addEventListener('open', tell);
    source.addEventListener('passed', (event) => {
      passed += Number(event.data);
      tell();
    });
    source.addEventListener('message', (event) => {
      const line = JSON.parse(event.data);
      if (document.getElementById(line.row) || waiting.some((one) => one.row === line.row)) {
        return;
      }
      waiting.push(line);
      if (waiting.length > KEPT_MAX) {
        waiting.shift();
        passed++;
      }
      if (!reads()) {
        add();
      }
      tell();
    });
    source.addEventListener('error', () => {
      state.textContent = source.readyState === EventSource.CLOSED
        ? 'Not live any more: load the page again.'
        : 'Connecting again …';
    });
  };

  // ---------------------------------------------------------------- the proof

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

  /** The root that a leaf and its path lead to (RFC 9162, section 2.1.3.2). */
  const rootOf = async (leaf, index, size, path) => {
    let hash = leaf;
    let at = index;
    let last = size - 1n;
    for (const sibling of path) {
      if (last === 0n) {
        return undefined;
      }
      if (at % 2n === 1n || at === last) {
        hash = await nodeHash(sibling, hash);
        while (at % 2n === 0n && at !== 0n) {
          at /= 2n;
          last /= 2n;
        }
      } else {
        hash = await nodeHash(hash, sibling);
      }
      at /= 2n;
      last /= 2n;
    }
    return last === 0n ? hash : undefined;
  };

  /** Checks a C2SP tlog-proof for exactly these bytes, and says what it proves. */
  const proved = async (entry, receipt, keys) => {
    const blank = receipt.indexOf('\n\n');
    const lines = receipt.slice(0, blank).split('\n');
    const note = parseNote(receipt.slice(blank + 2));
    const checkpoint = parseCheckpoint(note.signed);
    const key = await signer(note, await parseKeys(keys));
    if (lines[0] !== 'c2sp.org/tlog-proof@v1' || blank < 0) {
      throw new Damage('it is no receipt');
    }
    if (key === undefined || !covers(key.span, checkpoint.size)) {
      throw new Damage('none of these keys has signed the checkpoint');
    }
    const leaf = await leafHash(entry);
    if (!same(leaf, hashOf(lines[1].slice('extra '.length)))) {
      throw new Damage('the receipt is for another record');
    }
    const index = BigInt(lines[2].slice('index '.length));
    const root = await rootOf(leaf, index, checkpoint.size, lines.slice(3).map(hashOf));
    if (index >= checkpoint.size || root === undefined || !same(root, checkpoint.root)) {
      throw new Damage('the path does not lead to the signed root');
    }
    return `It holds: this record is number ${grouped(index)} of the ${grouped(checkpoint.size)} that ${key.name} has signed for.`;
  };

  const check = (card) => {
    const verdict = document.getElementById('verdict');
    const keys = document.getElementById('keys');
    const run = async () => {
      try {
        verdict.textContent = await proved(bytesOf(card.dataset.entry), card.dataset.receipt, keys.value);
        verdict.className = 'holds';
      } catch (e) {
        verdict.textContent = `It does not hold: ${e.message}.`;
        verdict.className = 'fails';
      }
    };
    keys.addEventListener('input', run);
    run();
  };

  const live = document.getElementById('live');
  if (live && window.EventSource) {
    watch(live);
  }
  const proof = document.getElementById('proof');
  if (proof && typeof parseNote === 'function' && window.crypto?.subtle) {
    check(proof);
  }
})();
