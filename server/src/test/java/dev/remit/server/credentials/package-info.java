/// Tests of stored secrets.
@NullMarked
package dev.remit.server.credentials;

import org.jspecify.annotations.NullMarked;
