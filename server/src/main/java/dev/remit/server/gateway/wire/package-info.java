/// The Model Context Protocol as bytes: what a message says, read strictly and without changing it.
///
/// Nothing here decides anything or knows who is asking. A message is read only as far as a
/// decision needs ([Message]); its bytes are forwarded as they came. Start at [MessageReader], then
/// [Method], the table of everything that may pass.
///
/// Source: Model Context Protocol, revisions 2025-06-18, 2025-11-25 and 2026-07-28; JSON-RPC 2.0;
/// the event stream format of the HTML standard.
@NullMarked
package dev.remit.server.gateway.wire;

import org.jspecify.annotations.NullMarked;
