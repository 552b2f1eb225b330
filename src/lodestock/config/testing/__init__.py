"""How pytest meets the program: which server, which settings, which fixtures."""
