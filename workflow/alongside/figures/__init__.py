"""Figures: result tables in, matplotlib Figures out; one module a figure, each with its description in words."""
