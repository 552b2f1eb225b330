-- The tables behind one order of three lines, as bare as they can be and still say the same.
CREATE TABLE raw_order (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text NOT NULL UNIQUE,
    customer_id bigint NOT NULL, status text NOT NULL, total numeric(20, 4) NOT NULL,
    ordered_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 80);
CREATE TABLE raw_line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES raw_order,
    line_no int NOT NULL, variant_id bigint NOT NULL, quantity numeric(20, 6) NOT NULL, price numeric(20, 6) NOT NULL,
    amount numeric(20, 4) NOT NULL, shipped numeric(20, 6) NOT NULL DEFAULT 0, UNIQUE (order_id, line_no)) WITH (fillfactor = 80);
CREATE TABLE raw_reservation (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL,
    line_id bigint NOT NULL UNIQUE, variant_id bigint NOT NULL, held numeric(20, 6) NOT NULL,
    status text NOT NULL) WITH (fillfactor = 80);
CREATE TABLE raw_shipment (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text NOT NULL UNIQUE,
    order_id bigint NOT NULL, status text NOT NULL, shipped_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE raw_shipment_line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shipment_id bigint NOT NULL REFERENCES raw_shipment, variant_id bigint NOT NULL, quantity numeric(20, 6) NOT NULL);
CREATE INDEX ON raw_shipment_line (shipment_id);
CREATE TABLE raw_order_posting (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, reference text NOT NULL UNIQUE,
    recorded_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE raw_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, aggregate_type text NOT NULL,
    aggregate_id bigint NOT NULL, seq int NOT NULL, event_type text NOT NULL, payload jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(), UNIQUE (aggregate_type, aggregate_id, seq));
