/// People sign in with a browser, and let an agent act for them at a client that logs in by itself.
///
/// Start at [SignInRoutes] for who somebody is, and at [Authorizing] for what they agree to. Why it
/// is so: `docs/adr/0044-people-sign-in.md` and `docs/adr/0100-clients-log-in-by-themselves.md`.
@NullMarked
package dev.remit.server.signin;

import org.jspecify.annotations.NullMarked;
