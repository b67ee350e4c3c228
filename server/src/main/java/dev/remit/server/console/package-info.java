/// Pages for people: what needs them, what is true now, and what has happened. Reads the features
/// and owns no rules; whatever a page does is done by the feature whose rule it is.
///
/// Rendered on the server and complete without a script. Start at [Console], then one file per
/// page. `docs/adr/0130-a-console-that-works-without-a-script.md` says why it is so.
@NullMarked
package dev.remit.server.console;

import org.jspecify.annotations.NullMarked;
