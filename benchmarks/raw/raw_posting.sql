-- The least any program must do to post one movement: one row in, one balance changed, commit.
CREATE TABLE raw_movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    variant_id bigint NOT NULL,
    source_id bigint NOT NULL,
    destination_id bigint NOT NULL,
    quantity numeric(20, 6) NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE raw_balance (
    variant_id bigint PRIMARY KEY,
    on_hand numeric(20, 6) NOT NULL,
    reserved numeric(20, 6) NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
INSERT INTO raw_balance (variant_id, on_hand) SELECT i, 1000000000 FROM generate_series(1, 10000) AS i;
VACUUM ANALYZE raw_balance;
