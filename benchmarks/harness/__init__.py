"""How we measure: servers, rounds, workers, results."""
