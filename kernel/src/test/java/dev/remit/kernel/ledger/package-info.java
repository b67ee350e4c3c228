/// Holds the ledger's mathematics to published vectors, to the definitions of RFC 6962, and to
/// tampering at random places.
@NullMarked
package dev.remit.kernel.ledger;

import org.jspecify.annotations.NullMarked;
