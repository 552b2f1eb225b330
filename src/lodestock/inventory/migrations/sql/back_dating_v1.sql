-- A posting about the past: closed periods, months reached back to, and past instants below zero.

CREATE FUNCTION ledger.back_dated_v1(c ledger.context_v1, h ledger.header_v1[], l ledger.line_v1[],
                                     p_recorded timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_closed text;
    v_past jsonb;
BEGIN
    SELECT p.code INTO v_closed FROM unnest(h) i JOIN inventory_stockperiod p
        ON p.status = 'closed' AND i.occurred_at >= p.starts_at AND i.occurred_at < p.ends_at LIMIT 1;
    IF v_closed IS NOT NULL AND NOT 'closed_period' = ANY (c.permits) THEN
        RAISE EXCEPTION 'period closed' USING ERRCODE = 'LS006', DETAIL = jsonb_build_object('period', v_closed);
    END IF;

    INSERT INTO inventory_backdating (recorded_month, occurred_month)
    SELECT date_trunc('month', p_recorded, 'UTC')::date, month FROM (
        SELECT DISTINCT (date_trunc('month', occurred_at, 'UTC') AT TIME ZONE 'UTC')::date AS month FROM unnest(h)
        WHERE occurred_at < date_trunc('month', p_recorded, 'UTC')) reached
    WHERE NOT EXISTS (SELECT FROM inventory_backdating b WHERE b.occurred_month = month
        AND b.recorded_month = date_trunc('month', p_recorded, 'UTC')::date);

    v_past := ledger.past_below_zero_v1(h, l, p_recorded);
    IF v_past IS NOT NULL AND NOT 'past_below_zero' = ANY (c.permits) THEN
        RAISE EXCEPTION 'a past instant below zero' USING ERRCODE = 'LS005', DETAIL = v_past -> 0;
    END IF;
    RETURN v_past;
END $$;

-- Walks back from the balance of now through the later movements of each key that gave something
-- away: the quantity just before a movement is now's less everything from that movement on.
CREATE FUNCTION ledger.past_below_zero_v1(h ledger.header_v1[], l ledger.line_v1[], p_recorded timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    WITH given AS MATERIALIZED (
        SELECT i.variant_id, i.source_id, i.lot_id, i.source_status, i.source_owner_id,
               min(h[i.posting].occurred_at) AS since
        FROM unnest(l) i WHERE h[i.posting].occurred_at < p_recorded GROUP BY 1, 2, 3, 4, 5),
    key AS MATERIALIZED (
        SELECT b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id, b.on_hand, g.since
        FROM given g JOIN inventory_balance b ON (b.variant_id, b.location_id, b.lot_id, b.status, b.owner_id)
            = (g.variant_id, g.source_id, g.lot_id, g.source_status, g.source_owner_id)
        WHERE NOT b.allow_negative),
    later AS (
        SELECT k.variant_id, k.location_id, k.lot_id, k.status, k.owner_id, k.on_hand, m.occurred_at,
               sum(CASE WHEN (m.destination_id, m.destination_status, m.destination_owner_id)
                           = (k.location_id, k.status, k.owner_id) THEN m.quantity ELSE 0 END
                 - CASE WHEN (m.source_id, m.source_status, m.source_owner_id)
                           = (k.location_id, k.status, k.owner_id) THEN m.quantity ELSE 0 END) AS change
        FROM key k JOIN inventory_movement m ON m.variant_id = k.variant_id AND m.lot_id = k.lot_id
            AND m.occurred_at > k.since AND m.recorded_at > k.since AND m.recorded_at <= p_recorded
            AND k.location_id IN (m.source_id, m.destination_id)
        GROUP BY 1, 2, 3, 4, 5, 6, 7),
    before AS (
        SELECT variant_id, location_id, lot_id, occurred_at, on_hand - sum(change) OVER (
            PARTITION BY variant_id, location_id, lot_id, status, owner_id ORDER BY occurred_at DESC) AS on_hand
        FROM later)
    SELECT jsonb_agg(jsonb_build_object('variant_id', variant_id, 'location_id', location_id, 'lot_id', lot_id,
        'on_hand', on_hand::text, 'before', occurred_at) ORDER BY on_hand)
    FROM (SELECT DISTINCT ON (variant_id, location_id, lot_id) * FROM before WHERE on_hand < 0
          ORDER BY variant_id, location_id, lot_id, on_hand) lowest);
END $$;
