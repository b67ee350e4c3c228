/// One question to a model through enforcement: the interfaces of OpenAI and of Anthropic,
/// governed.
///
/// [GovernedQuestion] is the story of one question; read it first, from top to bottom. [ModelDoor]
/// is what every request passes before; [Wording] says each refusal once. For operators:
/// `docs/guides/models.md`; why text streams and tool calls wait: `docs/adr/0140`.
@NullMarked
package dev.remit.server.models;

import org.jspecify.annotations.NullMarked;
