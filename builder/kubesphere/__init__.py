"""The room that knows KubeSphere: what it asks of a controller, and what it hands to one."""
