/// Tests of the master key and of the choice of cryptographic provider.
@NullMarked
package dev.remit.server.crypto;

import org.jspecify.annotations.NullMarked;
