-- Names of what apps send, for lists to choose from. As many as Pinpoint took a project: what is beyond is stored, streamed
-- and counted all the same, and stands in no list.

-- Written by domains/analytics.
create table analytics_names (
  project_number bigint not null,
  -- event, standard event (its name begins with an underscore), attribute, metric
  kind text collate "C" not null,
  name text collate "C" not null,
  primary key (project_number, kind, name)
);

insert into analytics_names
select project_number, kind, label from (
  select project_number, kind, label,
         row_number() over (partition by project_number, kind order by value desc, label) as place
  from (
    select project_number, case when label like '\_%' then 'standard event' else 'event' end as kind, label,
           sum(value) as value
    from analytics_counters where metric = 'event' and label <> 'other' group by 1, 2, 3
  ) as counted
) as placed
where place <= case kind when 'event' then 1500 else 200 end;
