/// The edge: which operations exist, who may call each, how a caller is known, and how a refusal is
/// said in HTTP.
///
/// Knows no feature. A feature lists its [Operation]s; [Edge] puts them behind one check of the
/// caller and describes them in `GET /v1/openapi.json`, from which the unauthorized-coverage test
/// takes its list, so an operation that is not covered cannot exist.
///
/// [Lines] let a request know the connection it came on, so that a caller who hangs up is noticed.
///
/// Start at [Operation] and [Edge].
@NullMarked
package dev.remit.server.http;

import org.jspecify.annotations.NullMarked;
