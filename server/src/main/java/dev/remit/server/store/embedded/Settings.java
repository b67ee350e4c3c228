package dev.remit.server.store.embedded;

import java.nio.file.Path;

/// The configuration that the private server is started with, written anew at each start.
final class Settings {
  private Settings() {}

  /// Durable first, then small: this server shares a machine with the product it serves.
  static String postgresql(Path home, Path cluster, int port) {
    return """
    # Written by Remit at each start; changes are lost. Bring your own PostgreSQL with
    # --database-url to tune it.
    data_directory = '%s'
    hba_file = '%s'
    ident_file = '%s'

    # Nobody but this machine, and nobody without the password.
    listen_addresses = '127.0.0.1'
    port = %d
    unix_socket_directories = ''
    password_encryption = 'scram-sha-256'
    max_connections = 60

    # What has been acknowledged stays. Remit refuses to run with any of these off.
    fsync = on
    full_page_writes = on
    synchronous_commit = on

    # Small: a few hundred megabytes for product and database together.
    shared_buffers = 64MB
    work_mem = 4MB
    maintenance_work_mem = 32MB
    wal_buffers = 4MB
    max_wal_size = 512MB
    checkpoint_timeout = 15min
    max_worker_processes = 0
    max_parallel_workers = 0
    max_wal_senders = 0
    max_replication_slots = 0
    wal_level = 'minimal'
    autovacuum_max_workers = 2
    io_method = 'sync'
    jit = off

    timezone = 'UTC'
    log_timezone = 'UTC'

    # A week of files, and no statement or row in them: those may hold what must not be logged.
    logging_collector = on
    log_directory = '%s'
    log_filename = 'postgresql-%%a.log'
    log_truncate_on_rotation = on
    log_rotation_age = 1d
    log_rotation_size = 0
    log_min_messages = warning
    log_min_error_statement = panic
    log_error_verbosity = terse
    log_checkpoints = off
    log_autovacuum_min_duration = -1
    """
        .formatted(
            quoted(cluster),
            quoted(home.resolve("pg_hba.conf")),
            quoted(home.resolve("pg_ident.conf")),
            port,
            quoted(home.resolve("log")));
  }

  static String access() {
    return """
    # Written by Remit at each start; changes are lost.
    host all all 127.0.0.1/32 scram-sha-256
    """;
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }
}
