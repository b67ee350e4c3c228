-- How far each export has sent this log. An entry below `next` was taken by the destination, is
-- held for another try, or was set aside; nothing else lets it be passed.
CREATE TABLE export_position (
  log      text        NOT NULL,
  name     text        NOT NULL,
  next     bigint      NOT NULL CHECK (next >= 0),
  version  bigint      NOT NULL,
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (log, name)
);

-- Entries below the position that the destination has not taken yet, and those that wait behind
-- them in their lane: of an export in order, their workflow.
CREATE TABLE export_held (
  log      text        NOT NULL,
  name     text        NOT NULL,
  index    bigint      NOT NULL,
  lane     text        NOT NULL,
  tries    integer     NOT NULL,
  refusals integer     NOT NULL,
  why      text        NOT NULL,
  held_at  timestamptz NOT NULL,
  try_at   timestamptz NOT NULL,
  PRIMARY KEY (log, name, index)
);

CREATE INDEX export_held_lane ON export_held (log, name, lane, index);

-- Entries that were given up. The ledger says so too.
CREATE TABLE export_aside (
  log      text        NOT NULL,
  name     text        NOT NULL,
  index    bigint      NOT NULL,
  until    bigint      NOT NULL,
  entries  bigint      NOT NULL,
  why      text        NOT NULL,
  aside_at timestamptz NOT NULL,
  PRIMARY KEY (log, name, index)
);
