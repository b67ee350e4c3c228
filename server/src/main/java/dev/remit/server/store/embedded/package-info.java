/// Runs a private PostgreSQL inside the data directory, so that Remit works without one being
/// installed. Meant for trying out and for small sites; larger ones bring their own by JDBC URL.
///
/// Start at [EmbeddedPostgres#start]. What it promises: never as root, never two servers on one
/// directory, no server left behind when this process is killed, and every durability setting on
/// (ADR 0002).
///
/// Below its directory: one directory of programs per PostgreSQL version, `cluster-<major>` with
/// the data, `password`, `port`, `lock`, the configuration it writes at each start, and `log/`.
@NullMarked
package dev.remit.server.store.embedded;

import org.jspecify.annotations.NullMarked;
