"""From the plan to the rooms, through their own verbs, in the order in which it was lived."""
