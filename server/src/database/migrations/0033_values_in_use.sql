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

-- Names of which one endpoint in 64 shows many values already are left out before all endpoints are read.
create temporary table names_with_few on commit drop as
select names.project_number, names.kind, names.name
from attribute_names as names
left join (
  select project_number, 'attribute' as kind, attribute.name, value
  from endpoints
  cross join lateral jsonb_each(attributes) as attribute (name, list)
  cross join lateral jsonb_array_elements_text(list) as value
  where bucket < 16
  union
  select project_number, 'user attribute', attribute.name, value
  from audience_users
  cross join lateral jsonb_each(attributes) as attribute (name, list)
  cross join lateral jsonb_array_elements_text(list) as value
  where bucket < 16
) as shown using (project_number, kind, name)
where kind <> 'metric'
group by names.project_number, names.kind, names.name
having count(value) <= 100;

-- A token as the server makes it: the first eight bytes of SHA-256 of project, kind, name and value.
update attribute_names as names
set value_tokens = coalesce(counted.tokens, '{}')
from names_with_few
left join (
  select project_number, kind, name,
         array_agg(('x' || encode(substr(sha256(
           convert_to(project_number::text, 'UTF8') || '\x00' || convert_to(kind, 'UTF8') || '\x00'
           || convert_to(name, 'UTF8') || '\x00' || convert_to(value, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint) as tokens
  from (
    select project_number, 'attribute' as kind, attribute.name, value
    from endpoints
    cross join lateral jsonb_each(attributes) as attribute (name, list)
    join names_with_few as few using (project_number, name)
    cross join lateral jsonb_array_elements_text(list) as value
    where few.kind = 'attribute'
    union
    select project_number, 'user attribute', attribute.name, value
    from endpoints
    cross join lateral jsonb_each(user_attributes) as attribute (name, list)
    join names_with_few as few using (project_number, name)
    cross join lateral jsonb_array_elements_text(list) as value
    where few.kind = 'user attribute'
    union
    select project_number, 'user attribute', attribute.name, value
    from audience_users
    cross join lateral jsonb_each(attributes) as attribute (name, list)
    join names_with_few as few using (project_number, name)
    cross join lateral jsonb_array_elements_text(list) as value
    where few.kind = 'user attribute'
  ) as value_in_use
  group by project_number, kind, name
) as counted using (project_number, kind, name)
where names.project_number = names_with_few.project_number and names.kind = names_with_few.kind
  and names.name = names_with_few.name and coalesce(cardinality(counted.tokens), 0) <= 100;
