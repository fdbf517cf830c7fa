-- What the application's database holds before the migration: names as its ORM writes them, and 5,000 rows.
create table "User" (
  id          text primary key,
  email       text not null unique,
  phone       text,
  "createdAt" timestamptz not null default now()
);
create table "QRCode" (
  id          text primary key,
  code        text not null unique,
  "userId"    text not null references "User" (id) on delete cascade,
  "expiresAt" timestamptz,
  "createdAt" timestamptz not null default now()
);
create index "QRCode_userId_idx" on "QRCode" ("userId");
comment on table "QRCode" is 'one code for one visit';
create view "ActiveQRCode" as
  select id, code, "userId" from "QRCode" where "expiresAt" > timestamptz '2025-10-29 00:00+00';

-- Rows from arithmetic, not from random(): two machines make the same database.
insert into "User" (id, email, phone, "createdAt")
select 'user_' || i,
       case when i % 3 = 0 then 'User' || i || '@Example.com' else 'user' || i || '@example.com' end,
       case when i % 5 <> 0 then '+82-10-' || lpad((i * 7919 % 10000)::text, 4, '0') || '-' || lpad((i * 104729 % 10000)::text, 4, '0') end,
       timestamptz '2025-01-01 00:00+00' + i * interval '37 minutes'
from generate_series(1, 1000) as i;
insert into "QRCode" (id, code, "userId", "expiresAt", "createdAt")
select 'qr_' || i,
       md5('code ' || i),
       'user_' || (i * 31 % 1000 + 1),
       case when i % 4 <> 0 then timestamptz '2025-10-29 00:00+00' + (i % 60 - 30) * interval '1 day' end,
       timestamptz '2025-06-01 00:00+00' + i * interval '11 minutes'
from generate_series(1, 4000) as i;
