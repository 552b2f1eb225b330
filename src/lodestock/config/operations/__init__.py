"""Looking after an installation: health, backup and restore, licences."""
