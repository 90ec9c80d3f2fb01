-- The table of rate-limiter-flexible, in its own shape; keys are hashes of addresses and networks.

create unlogged table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
