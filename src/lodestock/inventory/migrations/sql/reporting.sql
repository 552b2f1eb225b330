-- The ledger in the classic form, for anybody who reads SQL. Every movement is two rows, minus and
-- plus, virtual places included: over all of them the sum is zero.

CREATE SCHEMA IF NOT EXISTS reporting;

CREATE VIEW reporting.inventory_transactions AS
SELECT 2 * m.id + s.side AS id,
       m.variant_id AS product_variant_id,
       s.location_id,
       CASE m.kind WHEN 'receive' THEN 'receive' WHEN 'ship' THEN 'ship' WHEN 'return' THEN 'return'
                   WHEN 'putaway' THEN 'transfer' WHEN 'transfer' THEN 'transfer' WHEN 'pick' THEN 'transfer'
                   ELSE 'adjust' END AS transaction_type,
       s.quantity,
       p.reference_type::text AS reference_type,
       p.reference_id::text AS reference_id,
       m.recorded_at AS created_at,
       p.actor_id AS created_by
FROM inventory_movement m
JOIN inventory_posting p ON p.id = m.posting_id
CROSS JOIN LATERAL (VALUES (0, m.source_id, -m.quantity), (1, m.destination_id, m.quantity::numeric))
    AS s (side, location_id, quantity);

CREATE VIEW reporting.inventory_levels AS
SELECT variant_id AS product_variant_id, location_id,
       sum(on_hand) AS quantity_on_hand, sum(reserved) AS quantity_reserved,
       sum(on_hand - reserved) FILTER (WHERE status = 'available') AS quantity_available
FROM inventory_balance GROUP BY variant_id, location_id;
