-- A million rolls of film: units, their contents and the balances they add up to. Set-wise and without history rows,
-- which a million postings would have left; nothing else is missing that a later posting looks at.
-- :lots
INSERT INTO inventory_lot (variant_id, code, status, origin, certificate)
SELECT v, 'L' || n, 'released', '', '' FROM unnest(%(variants)s::bigint[]) v, generate_series(1, %(lots)s) n

-- :units
INSERT INTO inventory_handlingunit (uuid, kind, serial, divisible, location_id)
SELECT gen_random_uuid(), 'roll', '', true,
       CASE WHEN n <= %(staged)s THEN %(stage)s ELSE (%(bins)s::bigint[])[1 + n %% cardinality(%(bins)s::bigint[])] END
FROM generate_series(1, %(rolls)s) n

-- :contents
INSERT INTO inventory_hucontent (hu_id, variant_id, lot_id, owner_id, status, quantity)
SELECT u.id, l.variant_id, l.id, 0, 'available', 25
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM inventory_handlingunit) u
JOIN (SELECT id, variant_id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS all_lots FROM inventory_lot) l
  ON l.n = u.n %% l.all_lots

-- :balances
INSERT INTO inventory_balance (variant_id, location_id, lot_id, lot_ref, status, owner_id, tracking, on_hand, in_units)
SELECT c.variant_id, u.location_id, c.lot_id, c.lot_id, 'available', 0, 'unit', sum(c.quantity), sum(c.quantity)
FROM inventory_hucontent c JOIN inventory_handlingunit u ON u.id = c.hu_id GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
