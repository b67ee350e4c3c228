// Asks @sigstore/verify whether it believes that entries are in a log: the step of its verification
// that looks at a log's checkpoint and inclusion proof, with the log's key as trusted.
//
//   node sigstore-verify.mjs CLAIMS
//
// CLAIMS has a claim a line: {"note", "entry", "index", "path", "key", "logId", "name"}, bytes as
// base64. Prints `accepted` or `refused: why` for each. Only its own refusals count as refusals;
// anything else that is thrown ends the program.
import { createPublicKey } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { VerificationError } from '@sigstore/verify';
import { verifyTLogInclusion } from '@sigstore/verify/dist/tlog/index.js';

const bytes = (base64) => Buffer.from(base64, 'base64');

function verdict(claim) {
  const entry = {
    logIndex: claim.index,
    logId: { keyId: bytes(claim.logId) },
    canonicalizedBody: bytes(claim.entry),
    inclusionProof: {
      logIndex: claim.index,
      hashes: claim.path.map(bytes),
      checkpoint: { envelope: claim.note },
    },
  };
  const log = {
    baseURL: `https://${claim.name}`,
    logID: bytes(claim.logId),
    publicKey: createPublicKey({ key: bytes(claim.key), format: 'der', type: 'spki' }),
  };
  try {
    verifyTLogInclusion(entry, [log]);
    return 'accepted';
  } catch (e) {
    if (!(e instanceof VerificationError)) {
      throw e;
    }
    return `refused: ${e.message}`;
  }
}

const lines = createInterface({ input: createReadStream(process.argv[2]) });
const answers = [];
for await (const line of lines) {
  answers.push(`${verdict(JSON.parse(line))}\n`);
}
process.stdout.write(answers.join(''));
