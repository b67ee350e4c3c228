/// Access tokens that Remit fetches for upstreams, and gives back. Start at [UpstreamTokens].
@NullMarked
package dev.remit.server.credentials.oauth;

import org.jspecify.annotations.NullMarked;
