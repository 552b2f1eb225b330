"""One table holds every GTIN, so that a number is on one variant or one pack, never on two."""

import django.db.models.deletion
from django.db import migrations, models

CLAIMS = """
CREATE FUNCTION catalog_claim_variant_gtin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM catalog_gtinclaim WHERE gtin = OLD.gtin AND variant_id = OLD.id AND unit_id IS NULL;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.gtin IS NOT NULL THEN
        INSERT INTO catalog_gtinclaim (gtin, variant_id) VALUES (NEW.gtin, NEW.id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_claim_pack_gtin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM catalog_gtinclaim WHERE gtin = OLD.gtin AND unit_id = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.gtin IS NOT NULL THEN
        INSERT INTO catalog_gtinclaim (gtin, variant_id, unit_id) VALUES (NEW.gtin, NEW.variant_id, NEW.id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER claim_new_gtin AFTER INSERT ON catalog_variant FOR EACH ROW
    WHEN (NEW.gtin IS NOT NULL) EXECUTE FUNCTION catalog_claim_variant_gtin();
CREATE TRIGGER claim_other_gtin AFTER UPDATE OF gtin ON catalog_variant FOR EACH ROW
    WHEN (NEW.gtin IS DISTINCT FROM OLD.gtin) EXECUTE FUNCTION catalog_claim_variant_gtin();
CREATE TRIGGER give_up_gtin AFTER DELETE ON catalog_variant FOR EACH ROW
    WHEN (OLD.gtin IS NOT NULL) EXECUTE FUNCTION catalog_claim_variant_gtin();

CREATE TRIGGER claim_new_gtin AFTER INSERT ON catalog_variantuom FOR EACH ROW
    WHEN (NEW.gtin IS NOT NULL) EXECUTE FUNCTION catalog_claim_pack_gtin();
CREATE TRIGGER claim_other_gtin AFTER UPDATE OF gtin ON catalog_variantuom FOR EACH ROW
    WHEN (NEW.gtin IS DISTINCT FROM OLD.gtin) EXECUTE FUNCTION catalog_claim_pack_gtin();
CREATE TRIGGER give_up_gtin AFTER DELETE ON catalog_variantuom FOR EACH ROW
    WHEN (OLD.gtin IS NOT NULL) EXECUTE FUNCTION catalog_claim_pack_gtin();
"""
UNDO = """
DROP TRIGGER claim_new_gtin ON catalog_variant; DROP TRIGGER claim_other_gtin ON catalog_variant;
DROP TRIGGER give_up_gtin ON catalog_variant;
DROP TRIGGER claim_new_gtin ON catalog_variantuom; DROP TRIGGER claim_other_gtin ON catalog_variantuom;
DROP TRIGGER give_up_gtin ON catalog_variantuom;
DROP FUNCTION catalog_claim_variant_gtin(), catalog_claim_pack_gtin();
"""
# Numbers given before. One that two things have already (a race that the check of the services
# lost) goes to the variant; the pack keeps its label and finds it taken when it is next stated.
BEFORE = """
INSERT INTO catalog_gtinclaim (gtin, variant_id) SELECT gtin, id FROM catalog_variant WHERE gtin IS NOT NULL;
INSERT INTO catalog_gtinclaim (gtin, variant_id, unit_id)
SELECT gtin, variant_id, id FROM catalog_variantuom WHERE gtin IS NOT NULL ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_subtree")]

    operations = [
        migrations.CreateModel(
            name="GtinClaim",
            fields=[
                (
                    "gtin",
                    models.CharField(
                        max_length=14, primary_key=True, serialize=False, verbose_name="GTIN"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.variantuom",
                        verbose_name="pack",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.variant",
                    ),
                ),
            ],
            options={"verbose_name": "GTIN claim", "ordering": ["gtin"]},
        ),
        migrations.RunSQL(CLAIMS, UNDO),
        migrations.RunSQL(BEFORE, ""),
    ]
