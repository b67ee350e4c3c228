/// Tries the bridge as a real process against [FakeGateway], a small server that speaks both eras.
@NullMarked
package dev.remit.cli.connect;

import org.jspecify.annotations.NullMarked;
