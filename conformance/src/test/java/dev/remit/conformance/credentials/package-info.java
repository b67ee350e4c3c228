/// Credentials of databases, as a newcomer meets them: the built server and the command.
@NullMarked
package dev.remit.conformance.credentials;

import org.jspecify.annotations.NullMarked;
