/// Signs requests to AWS, Signature Version 4. Start at [SigV4].
@NullMarked
package dev.remit.server.credentials.aws;

import org.jspecify.annotations.NullMarked;
