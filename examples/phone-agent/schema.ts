/**
 * The tables. Two rules are kept here and nowhere else: no two appointments overlap, whoever books them at once; and
 * each row belongs to exactly one call.
 *
 * Times are those of the wall clock in the office (`timestamp`, without a zone). It can be run again and again.
 */
export const schema = /* sql */ `
create table if not exists calls (
  call_sid    text primary key,
  caller      text not null,
  started_at  timestamptz not null default now(),
  ended_at    timestamptz,
  ending      text,
  check ((ended_at is null) = (ending is null))
);

create table if not exists leads (
  call_sid    text primary key references calls,
  name        text not null,
  phone       text not null,
  wish        text not null
);

-- The function calls that have saved a lead: one that is delivered again saves nothing.
create table if not exists lead_calls (
  call_sid          text not null references calls,
  function_call_id  text not null,
  primary key (call_sid, function_call_id)
);

create table if not exists appointments (
  call_sid          text not null references calls,
  function_call_id  text not null,
  name              text not null,
  during            tsrange not null,
  primary key (call_sid, function_call_id),
  constraint no_two_at_once exclude using gist (during with &&)
);

-- When appointments may begin on a day: every half hour from nine to half past four, Monday to Friday.
create or replace function beginnings(day date) returns setof timestamp language sql immutable as $$
  select beginning
  from generate_series(day + time '09:00', day + time '16:30', interval '30 minutes') as beginning
  where extract(isodow from day) <= 5
$$;
`;
