-- What is under a place is the sum of what is in it and under its children (by parent and by path).
WITH RECURSIVE own AS (
    SELECT location_id, variant_id, sum(on_hand) AS quantity FROM inventory_balance
    GROUP BY 1, 2 HAVING sum(on_hand) <> 0),
climbing AS (
    SELECT location_id, variant_id, quantity FROM own
    UNION ALL
    SELECT l.parent_id, c.variant_id, c.quantity FROM climbing c JOIN locations_location l ON l.id = c.location_id
    WHERE l.parent_id IS NOT NULL),
by_parent AS (SELECT location_id, sum(quantity) AS quantity FROM climbing GROUP BY 1),
by_path AS (
    SELECT a.id AS location_id, sum(o.quantity) AS quantity
    FROM (SELECT location_id, sum(quantity) AS quantity FROM own GROUP BY 1) o
    JOIN locations_location l ON l.id = o.location_id
    CROSS JOIN LATERAL (SELECT array_to_string((string_to_array(l.path, '/'))[1:n], '/') AS path
                        FROM generate_series(1, cardinality(string_to_array(l.path, '/'))) n) up
    JOIN locations_location a ON a.path = up.path GROUP BY 1)
SELECT coalesce(l.path, 'location ' || location_id), coalesce(p.quantity, 0)::text, coalesce(q.quantity, 0)::text
FROM by_parent p FULL JOIN by_path q USING (location_id) LEFT JOIN locations_location l ON l.id = location_id
WHERE coalesce(p.quantity, 0) <> coalesce(q.quantity, 0)
