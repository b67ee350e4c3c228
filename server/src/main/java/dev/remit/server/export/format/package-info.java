/// Says entries of the ledger in the words of others.
///
/// Pure: no clock, no network, no database. The same entry always gives the same bytes, so that a
/// destination that gets it twice can tell. One file for each format; the table of them all is
/// `docs/formats/export.md`.
@NullMarked
package dev.remit.server.export.format;

import org.jspecify.annotations.NullMarked;
