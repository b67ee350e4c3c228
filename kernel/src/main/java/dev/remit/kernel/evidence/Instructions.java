package dev.remit.kernel.evidence;

/// The part that tells a stranger what they hold and how to check it, also without Remit.
final class Instructions {

  private Instructions() {}

  /// What is different where there are several logs.
  static String ofSeveral(String root) {
    return text(root)
        .replace(
            "## What it cannot show",
            """
            Several nodes have recorded this, each in a log of its own. What is said above of `checkpoint`,
            `entries.ndjson`, `proof`, `bodies.ndjson` and `redactions.ndjson` is true of each directory
            below `logs/`; KEYS has the keys of all of them (`/v1/logs/keys`).

            8. `logs/root` is the root log, `%s`. The last `log.seen` of each other log in it says the size,
               the root and the digest of the `checkpoint` in that log's directory. The newest of them says in
               `logs` and `set` how many logs there are and the SHA-256 of the JSON array of their origins,
               ascending; no entry of the root log is missing between that one and its end.

            ## What it cannot show\
            """
                .formatted(root));
  }

  static String text(String origin) {
    return """
    # How to verify this bundle

    With Remit's command line, offline:

        remit verify BUNDLE.zip --key KEYS

    Without it, with one file that needs a Java runtime (25 or newer) and nothing else:

        java -jar remit-verify.jar BUNDLE.zip --key KEYS

    Or in a browser, without a network: open the page `verify.html` and drop the bundle on it. Take
    either from a source that you trust, not from whoever gave you this bundle: a verifier that came
    with what it verifies proves nothing.

    KEYS is a file with the public keys of the log `%s`, one on each line, from a source that you
    trust: the operator published them before the time in question, or you kept them from an earlier
    visit. The part `keys` holds those that the server itself named; without `--key` they are believed
    and the answer says so.

    By hand, with any tool that knows SHA-256 and Ed25519:

    1. `manifest.json` lists every part with its length and SHA-256. Nothing may be missing or more.
    2. `checkpoint` is a C2SP signed note: origin, size and root of the log, signed by one of the keys.
    3. Each line of `entries.ndjson` holds an entry's place, its leaf hash and the entry. The leaf hash
       is SHA-256 over a zero byte and the entry's canonical JSON (RFC 8785).
    4. The leaf hashes and `proof` lead to the root: compute the Merkle Tree Hash of RFC 6962, section
       2.1, over the log's size from the left; where a subtree holds none of the entries take the next
       line of `proof` as its hash. At the end no line is left over.
    5. Each line of `declared.ndjson` is what something was declared as. The SHA-256 of its `spec`, in
       canonical JSON, is the member `after` of the entry `registry.changed` with the same kind, name
       and revision.
    6. Each line of `bodies.ndjson` is what an agent sent. SHA-256 over its salt and its value is the
       commitment in the entry. `redactions.ndjson` names those that are not opened, and why.
    7. `completeness.json` and `answer.md` are made from the entries alone; `remit verify` makes them
       again and compares. (`verify.html` makes the first again, and compares the head of the second.)

    ## Time and witnesses

    A part `timestamp`, where there is one, is the answer of a timestamp authority (RFC 3161) about the
    bytes of the `checkpoint` beside it: they were there at that time, and so was every entry that they
    cover. `--tsa-certificate` says whose word is believed; without it nothing is proved about time. The
    times in entries are the server's own.

    Nothing here says that a log was *witnessed*. That word needs cosignatures of at least two witnesses
    with different names and different keys, run by different organisations, neither of them the
    operator: `remit ledger export`, then `remit verify DIR --witness KEY --witness KEY`. Fewer prove that
    one of them has seen it, and no more.

    ## What it cannot show

    Calls that never passed through Remit; what happened after the checkpoint; whether an entry that is
    not in this bundle should be. For the last, export the whole log (`remit ledger export`) and verify
    that: its entries are numbered without a gap.
    """
        .formatted(origin);
  }
}
