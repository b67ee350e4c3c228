/// Pages for people, made on the server: a small typed writer of HTML that escapes whatever it is
/// given, the frame and the headers that every page has, and the stylesheet that all share.
///
/// Start at [Page], which runs no script, or at [Document], which runs none but the files it names;
/// `docs/adr/0044-people-sign-in.md` says why the writer is ours.
@NullMarked
package dev.remit.server.page;

import org.jspecify.annotations.NullMarked;
