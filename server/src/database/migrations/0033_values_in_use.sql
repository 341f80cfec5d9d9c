-- Which values an attribute has, where they are few: "contains" is asked of them once, and not of every endpoint.
-- See docs/decisions/0034. All nodes are stopped before it, as before 0032: an older one would write values and not say so.
alter table attribute_names
  add column value_tokens bigint[],
  add column idle_tokens bigint[] not null default '{}',
  add column idle_since timestamptz;

comment on column attribute_names.value_tokens is
  'Tokens of all values that endpoints or users have, as in endpoint_facets. Null where there are many, and for metrics.';
comment on column attribute_names.idle_tokens is 'Of those, tokens that nobody had at the last look.';
comment on column attribute_names.idle_since is 'When that was.';

-- Some endpoint that has a token. A function for its settings: whatever a planner expects of a token that it does not know,
-- and whatever the session forbids, the index of tokens is asked.
create function endpoint_with_token(of_project bigint, wanted bigint) returns table (bucket integer, id text)
  language sql stable rows 1
  set enable_bitmapscan = on set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off
  as 'select bucket, id from endpoint_facets where project_number = of_project and tokens @> array[wanted] limit 1';

-- The same of each of many tokens that somebody has. A probe finds all who have a token before it stops at the first, and
-- reads what the index has not sorted in yet: so frequent ones are looked for among the first thousand endpoints.
create function endpoints_with_tokens(of_project bigint, wanted bigint[])
  returns table (token bigint, bucket integer, id text)
  language sql stable
  as $$
    with first_ones as materialized (
      select bucket, id, tokens from endpoint_facets where project_number = of_project order by bucket, id limit 1000
    ), frequent as materialized (
      select distinct on (token) token, bucket, id
      from first_ones cross join lateral unnest(tokens) as had (token) join unnest(wanted) as wanted (token) using (token)
    )
    select token, bucket, id from frequent
    union all
    select rare.token, holder.bucket, holder.id
    from (select unnest(wanted) except select token from frequent) as rare (token)
    cross join lateral endpoint_with_token(of_project, rare.token) as holder
  $$;

-- What stands where a text should, in rows that were read from an archive, comes out as null.
create function values_of(lists jsonb) returns table (name text, value text)
  language sql immutable
  as $$
    select name, value
    from jsonb_each(case jsonb_typeof(lists) when 'object' then lists else '{}' end) as attribute (name, list)
    cross join lateral jsonb_array_elements_text(case jsonb_typeof(list) when 'array' then list else '[null]' end) as value
  $$;

-- Names of which one endpoint in 64 shows many values already are left out before all endpoints are read.
create table names_with_few as
select names.project_number, names.kind, names.name
from attribute_names as names
left join (
  select project_number, 'attribute' as kind, name, value
  from endpoints cross join lateral values_of(attributes) where bucket < 16
  union
  select project_number, 'user attribute', name, value
  from audience_users cross join lateral values_of(attributes) where bucket < 16
) as shown using (project_number, kind, name)
where kind <> 'metric'
group by names.project_number, names.kind, names.name
having count(value) <= 100;
analyze names_with_few;

-- A token as the server makes it: the first eight bytes of SHA-256 of project, kind, name and value.
update attribute_names as names
set value_tokens = coalesce(counted.tokens, '{}')
from names_with_few
left join (
  select project_number, kind, name, bool_or(value is null) as strange,
         array_agg(('x' || encode(substr(sha256(
           convert_to(project_number::text, 'UTF8') || '\x00' || convert_to(kind, 'UTF8') || '\x00'
           || convert_to(name, 'UTF8') || '\x00' || convert_to(value, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint) as tokens
  from (
    select project_number, few.kind, name, value
    from endpoints cross join lateral values_of(attributes) join names_with_few as few using (project_number, name)
    where few.kind = 'attribute'
    union
    select project_number, few.kind, name, value
    from endpoints cross join lateral values_of(user_attributes) join names_with_few as few using (project_number, name)
    where few.kind = 'user attribute'
    union
    select project_number, few.kind, name, value
    from audience_users cross join lateral values_of(attributes) join names_with_few as few using (project_number, name)
    where few.kind = 'user attribute'
  ) as value_in_use
  group by project_number, kind, name
) as counted using (project_number, kind, name)
where names.project_number = names_with_few.project_number and names.kind = names_with_few.kind
  and names.name = names_with_few.name and coalesce(cardinality(counted.tokens), 0) <= 100
  and counted.strange is not true;

drop table names_with_few;
drop function values_of;
