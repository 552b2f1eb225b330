-- The registry names the tables there are; each refuses change; none is a default; months are ahead.
WITH tables AS (
    SELECT c.relname::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bound,
           (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A')
            AND t.tgname IN ('append_only', 'no_truncate')) AS guards
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'inventory_movement'::regclass)
SELECT coalesce(t.name, r.name), 'a registered month that refuses change',
       CASE WHEN t.name IS NULL THEN 'no table' WHEN r.name IS NULL THEN 'not registered: ' || t.bound
            ELSE t.guards || ' of 2 guards' END
FROM tables t FULL JOIN inventory_movementpartition r USING (name)
WHERE t.name IS NULL OR r.name IS NULL OR t.guards < 2 OR t.bound = 'DEFAULT'
UNION ALL
SELECT 'months ahead', 'at least 2', count(*)::text FROM inventory_movementpartition
WHERE range_start > transaction_timestamp() HAVING count(*) < 2
UNION ALL
SELECT t.relname::text, 'refuses change', 'guards are off or missing' FROM pg_class t
WHERE t.relname IN ('inventory_posting', 'inventory_movement', 'inventory_reversal') AND t.relnamespace = 'public'::regnamespace
  AND (SELECT count(*) FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgenabled IN ('O', 'A')
       AND g.tgname IN ('append_only', 'no_truncate')) < 2
