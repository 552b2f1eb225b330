-- What crosses the border between the program and post_v1. A change of shape is a new version.

CREATE TYPE ledger.context_v1 AS (
    actor_id bigint, correlation_id uuid, causation_id uuid, permits text[]);
CREATE TYPE ledger.header_v1 AS (
    kind text, reference_type text, reference_id text, step text, reason text, occurred_at timestamptz);
CREATE TYPE ledger.line_v1 AS (
    posting integer, variant_id bigint, lot_id bigint, quantity numeric,
    source_id bigint, source_hu_id bigint, source_status text, source_owner_id bigint,
    destination_id bigint, destination_hu_id bigint, destination_status text, destination_owner_id bigint,
    unit_cost numeric, currency text, reason_code text);
-- Take `quantity` off reservation line `line_id`: consumed, or, with a place, carried along to it.
CREATE TYPE ledger.pin_v1 AS (
    posting integer, line_id bigint, quantity numeric, to_id bigint, to_status text, to_owner_id bigint);
-- Change of the reserved quantity of one balance row.
CREATE TYPE ledger.hold_v1 AS (
    variant_id bigint, location_id bigint, lot_id bigint, status text, owner_id bigint, quantity numeric);
-- below_zero: balances now negative by permission of their site; past: past instants made negative.
CREATE TYPE ledger.receipt_v1 AS (
    posting_id bigint, movement_ids bigint[], replayed boolean, recorded_at timestamptz, below_zero jsonb, past jsonb);

-- Every refusal: an SQLSTATE of our own class LS and figures as JSON.
CREATE FUNCTION ledger.refuse_v1(p_state text, p_message text, p_detail jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_message USING ERRCODE = p_state, DETAIL = p_detail;
END $$;
