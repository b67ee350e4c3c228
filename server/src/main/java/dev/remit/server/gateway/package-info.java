/// One agent call through enforcement: the Model Context Protocol in both of its eras, governed.
///
/// [GovernedCall] is the story of one call; read it first, from top to bottom. [Door] is what every
/// request passes before; [Wording] says each refusal once. What may pass at all is the table
/// [dev.remit.server.gateway.wire.Method]. For operators: `docs/guides/gateway.md`; why bytes are
/// forwarded, how two eras share one endpoint, and how holds work: `docs/adr/0050` and following.
@NullMarked
package dev.remit.server.gateway;

import org.jspecify.annotations.NullMarked;
