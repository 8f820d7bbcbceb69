"""Personal fields are sealed before they are stored; who is forgotten loses the key, and every proof still holds."""
