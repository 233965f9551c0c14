"""Reports: public tables and figures in, documents out. Nothing here has ever seen a row about a person."""
