-- Years of ledger, set-wise, as the posting function would have left them: postings of 200 lines with their
-- digests, events, movements and balances. Each section is run by benchmarks/harness/history.py.

-- :table
CREATE UNLOGGED TABLE bench_line (id bigint, posting bigint, variant bigint, source bigint, destination bigint,
    quantity numeric(20, 6), kind text, happened timestamptz, recorded timestamptz)

-- :lines
-- One stretch from `first` to `last`, both told of between `since` and `until`. Every (variant, bin) is a key and
-- comes up equally often. `opening`: a hundred of each, so that nothing ever goes below zero.
-- One posting in a hundred is told up to three months late; with `told_at` all of them are told then.
INSERT INTO bench_line
SELECT i, 1 + p, variant,
       CASE kind WHEN 'receive' THEN %(supplier)s ELSE here END,
       CASE kind WHEN 'receive' THEN here WHEN 'ship' THEN %(customer)s ELSE next END,
       CASE WHEN %(opening)s THEN 100 WHEN kind = 'receive' THEN 2 ELSE 1 END, kind,
       CASE WHEN %(told_at)s::timestamptz IS NULL AND p %% 100 = 7
            THEN greatest(told - (p / 100 %% 89 + 1) * interval '1 day', %(floor)s) ELSE told END,
       coalesce(%(told_at)s::timestamptz, told)
FROM (SELECT i, p, %(variant)s::bigint + k / %(bins)s AS variant, %(bin)s::bigint + k %% %(bins)s AS here,
             %(bin)s::bigint + (k + 1) %% %(bins)s AS next,
             CASE WHEN %(opening)s OR p %% 4 < 2 THEN 'receive' WHEN p %% 4 = 2 THEN 'ship' ELSE 'transfer' END AS kind,
             %(since)s::timestamptz + (%(until)s::timestamptz - %(since)s::timestamptz)
                 * (((i - %(first)s) / 200)::double precision / ((%(last)s - %(first)s) / 200 + 1)) AS told
      FROM (SELECT i, (i - 1) / 200 AS p, (i * 7919 + 13) %% %(keys)s AS k
            FROM generate_series(%(first)s::bigint, %(last)s::bigint) i) numbered) shaped

-- :postings
INSERT INTO inventory_posting (id, first_movement_id, last_movement_id, recorded_at, occurred_at, line_count, kind,
    reference_type, reference_id, step, reason, digest)
SELECT posting, min(id), max(id), min(recorded), min(happened), count(*), min(kind),
    'bench', 'history-' || posting, '', '',
    sha256(convert_to(min(kind) || E'\n' || string_agg(concat_ws('|', variant, 0, quantity, source, 0, 'available', 0,
        destination, 0, 'available', 0, NULL::text, '', ''), E'\n' ORDER BY id), 'UTF8'))
FROM bench_line GROUP BY posting ORDER BY posting

-- :movements
INSERT INTO inventory_movement (id, posting_id, variant_id, lot_id, source_id, source_hu_id, source_owner_id,
    destination_id, destination_hu_id, destination_owner_id, occurred_at, recorded_at, quantity, kind,
    source_status, destination_status, currency, reason_code, late)
SELECT id, posting, variant, 0, source, 0, 0, destination, 0, 0, happened, recorded, quantity, kind,
    'available', 'available', '', '', happened < date_trunc('month', recorded, 'UTC') FROM bench_line ORDER BY id

-- :events
INSERT INTO eventstore_event (aggregate_type, aggregate_id, seq, event_type, occurred_at, recorded_at, payload)
SELECT 'Posting', p.id, 1, 'StockMoved', p.occurred_at, p.recorded_at, ledger.event_json(
    ROW(p.kind, p.reference_type, p.reference_id, p.step, p.reason, p.occurred_at)::ledger.header_v1,
    p.line_count, p.digest, NULL)
FROM inventory_posting p
WHERE p.id BETWEEN (SELECT min(posting) FROM bench_line) AND (SELECT max(posting) FROM bench_line) ORDER BY p.id

-- :backdating
INSERT INTO inventory_backdating (recorded_month, occurred_month)
SELECT DISTINCT date_trunc('month', recorded, 'UTC')::date, date_trunc('month', happened, 'UTC')::date
FROM bench_line WHERE happened < date_trunc('month', recorded, 'UTC')
EXCEPT SELECT recorded_month, occurred_month FROM inventory_backdating

-- :balances
INSERT INTO inventory_balance (variant_id, location_id, lot_id, status, owner_id, tracking, on_hand)
SELECT variant, location, 0, 'available', 0, 'none', sum(quantity)
FROM (SELECT variant_id AS variant, destination_id AS location, quantity FROM inventory_movement
      UNION ALL SELECT variant_id, source_id, -quantity FROM inventory_movement) side
WHERE location BETWEEN %(bin)s AND %(bin)s + %(bins)s - 1
GROUP BY 1, 2 ORDER BY 1, 2

-- :sequences
SELECT setval('inventory_movement_id_seq', (SELECT max(id) FROM inventory_movement)),
       setval(pg_get_serial_sequence('inventory_posting', 'id'), (SELECT max(id) FROM inventory_posting))

-- :partition
SELECT ledger.create_partition(%(start)s, %(end)s)
WHERE NOT EXISTS (SELECT FROM inventory_movementpartition WHERE range_start = %(start)s)
