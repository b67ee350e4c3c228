/// What exists: people, workflows, identities, resources, tools, grants and policies, declared as
/// code, planned, applied as one step and kept with their history.
///
/// Start at [Registry] (plan, apply, retire) and [Registered] (the immutable snapshot every other
/// feature reads). The manifests' form is `ManifestShapes`, from which the published JSON Schema
/// and `docs/reference/manifests.md` are made; what a set of manifests must satisfy is in the
/// classes named `…Rules`. Decisions and their reasons: `docs/adr/0030-registry-as-code.md`.
@NullMarked
package dev.remit.server.registry;

import org.jspecify.annotations.NullMarked;
