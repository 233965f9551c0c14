"""What the criterion says at one theta, and what the algebra leaves behind for whoever asks more of the same place."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass
class Evaluation:
    """The criterion at theta. Everything about fixed effects is in the basis of the Summaries.

    make_expected: a function that gives the expected information, which few ask for. at: how far the algebra got.
    """

    theta: np.ndarray
    value: float
    gradient: np.ndarray | None = None
    hessian: np.ndarray | None = None
    beta: np.ndarray | None = None
    phi: np.ndarray | None = None
    p: np.ndarray | None = None
    sigma: np.ndarray | None = None
    make_expected: object = None
    at: object = None

    @cached_property
    def expected(self):
        """Expected information of theta (of -2 log-likelihood, so twice Fisher's), (R, R)."""
        return self.make_expected()


@dataclass
class Place:
    """What an evaluation leaves behind: W (P, m, m), its derivatives, the clusters' sweep, columns [L, rho]."""

    w: np.ndarray
    directions: object
    sweep: object
    columns: np.ndarray
    turned: np.ndarray  # [L, rho]'(d A)[L, rho], (R, K, K)
