/// Tests of upstreams' access tokens.
@NullMarked
package dev.remit.server.credentials.oauth;

import org.jspecify.annotations.NullMarked;
