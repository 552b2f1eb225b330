"""How data comes in: raw files, contracts, drift, quarantine, replay."""
