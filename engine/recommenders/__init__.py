"""One category of advice, one package; `engine.catalog` lists them, and they do not know each other."""
