"""The level at which an adjusted p confirms a claim; apart, because the report applies it and may not import models."""

CONFIRMED = 0.05
