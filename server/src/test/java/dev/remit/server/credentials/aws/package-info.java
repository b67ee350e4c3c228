/// Tests of the feature of the same name.
@NullMarked
package dev.remit.server.credentials.aws;

import org.jspecify.annotations.NullMarked;
