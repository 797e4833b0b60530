/** What a day of publishing was, kept when jobs end; days that passed before are counted once, here. */
export const audit = `
create table daily_statistics (
  day text primary key,
  jobs integer not null,
  failed_jobs integer not null,
  published integer not null,
  failed integer not null,
  median_ms integer,
  slowest_ms integer
) strict, without rowid;

create index intents_of_job on intents (job);
create index audit_of_subject on audit (subject);
create index jobs_that_published on jobs (finished_at / 86400000, finished_at - created_at)
where status in ('published','partially-failed');

insert into daily_statistics
with
  ended as (
    select date(finished_at / 1000, 'unixepoch') as day, status,
      iif(status in ('published','partially-failed'), finished_at - created_at, null) as ms,
      (select count(*) from package_states where job = number and state = 'published') as published,
      (select count(*) from package_states where job = number and state = 'failed') as failed
    from jobs where finished_at is not null
  ),
  ranked as (
    select day, ms, row_number() over (partition by day order by ms) as place,
      count(*) over (partition by day) as total
    from ended where ms is not null
  ),
  medians as (
    select day, cast(round(avg(ms)) as integer) as median
    from ranked where place in ((total + 1) / 2, (total + 2) / 2) group by day
  )
select ended.day, count(*), sum(status in ('failed','partially-failed')), sum(published), sum(failed),
  max(median), max(ms)
from ended left join medians on medians.day = ended.day
group by ended.day;
`;
