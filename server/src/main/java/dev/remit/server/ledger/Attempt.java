package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Batch;
import dev.remit.kernel.ledger.SignedNote;
import java.util.List;
import java.util.Optional;

/// A batch ready to be written: numbered, hashed into the tree, and signed for. Nothing of it is
/// known outside the sequencer before it is durable.
///
/// @param entries the entries as prepared
/// @param bytes their canonical bytes, numbered
/// @param lastN number of the last of them
/// @param keepCheckpoint whether `note` is also kept as an older checkpoint
/// @param signsNext who signs the batches after this one, if that changes with it
record Attempt(
    List<Prepared> entries,
    List<byte[]> bytes,
    Batch tree,
    SignedNote note,
    long lastN,
    boolean keepCheckpoint,
    Optional<Signer> signsNext) {}
